/* commands: what is asked of the engine, and what it has answered. */
#include "dashboard/commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dashboard/dashboard_priv.h"
#include "lockstep/util.h"
#include "text/stepping.h"

uint64_t
command_step(uint64_t value, bool up, uint64_t low, uint64_t high)
{
	static const unsigned mantissas[] = {1, 2, 5};
	uint64_t below = 0;

	for (uint64_t unit = low; unit <= high; unit *= 10) {
		for (int i = 0; i < 3; i++) {
			uint64_t step = unit * mantissas[i];

			if (step > high)
				break;
			if (up && step > value)
				return step;
			if (!up && step >= value)
				return below;
			below = step;
		}
	}
	return up ? high : below;
}

const char *
command_refusal(
    const struct stream *stream, const struct model *model, bool restart)
{
	if (stream_recording(stream) != NULL)
		return "a recording cannot be steered";
	if (stream_ended(stream))
		return "the engine has exited";
	if (!stream_steers(stream))
		return "read-only stream: no engine to control";
	if (model->ended && !restart)
		return "the run is over: r runs again";
	return NULL;
}

/* What comes of it is on the screen, and a message would hide the keys. */
static bool
command_shows_itself(enum frame_command op)
{
	return op == COMMAND_STEPPED || op == COMMAND_STEP ||
	    op == COMMAND_UNDO;
}

void
dashboard_send(
    struct dashboard *d, enum frame_command op, int64_t arg, const char *what)
{
	struct command_memory *memory = &d->memory;
	const char *refusal = command_refusal(
	    d->stream, d->model, op == COMMAND_RESTART || op == COMMAND_UNDO);
	int error;

	if (op == COMMAND_RESTART)
		d->undone = 0; /* it is another run, and another guess */
	if (refusal != NULL) {
		dashboard_say(d, "%s", refusal);
		return;
	}
	error = stream_command(d->stream, op, arg);
	if (error != 0) {
		dashboard_say(d, "%s: %s", what, strerror(-error));
		return;
	}
	memory->asked[op].value = arg;
	memory->asked[op].at = memory->waiting_ns = now_ns();
	memory->sent++;
	memory->op = op;
	snprintf(memory->what, sizeof memory->what, "%s", what);
	if (!command_shows_itself(op))
		dashboard_say(d, "asked: %s", what);
}

/* Why the engine would not, in words. */
static const char *
command_why_not(enum frame_command op, int error, const struct model *m,
    char buf[MODEL_LINE])
{
	bool stepped = stepping_gated(m);

	if (op == COMMAND_UNDO && error == ENOTSUP) {
		stepping_spoilt(m, buf, MODEL_LINE);
		return buf[0] != '\0' ? buf : "it cannot be repeated";
	}
	if (op == COMMAND_STEP && (error == EAGAIN || error == EBUSY))
		return "it cannot go now";
	if (op == COMMAND_STEP && (error == ESRCH || error == ENOENT))
		return "it does not stand at its gate";
	if (op == COMMAND_STEPPED && error == ENOTSUP)
		return "this demo has no gates to stop at";
	if (error == EBUSY && stepped)
		return "not while it is stepped: c continues";
	return strerror(error);
}

bool
command_answered(struct command_memory *memory, const struct model *m,
    char *say, size_t size)
{
	const struct frame_control *control = &m->control;
	char buf[MODEL_LINE];

	if (memory->what[0] == '\0' || control->ack != memory->sent)
		return false;
	if (memory->op == COMMAND_PAUSE && control->result == -EBUSY &&
	    stepping_gated(m))
		snprintf(say, size, "stepped: n steps, c continues");
	else if (control->result < 0)
		snprintf(say, size, "refused: %s (%s)", memory->what,
		    command_why_not(memory->op, -control->result, m, buf));
	else
		snprintf(say, size, "%s",
		    command_shows_itself(memory->op) ? "" : memory->what);
	memory->what[0] = '\0';
	return true;
}

uint64_t
command_waiting(const struct command_memory *memory, uint64_t now)
{
	if (memory->what[0] == '\0' || now < memory->waiting_ns)
		return 0;
	return now - memory->waiting_ns;
}
