/* steer_actions: keys that steer a run or a recording, without a question. */
#include <inttypes.h>
#include <stdio.h>

#include "dashboard/commands.h"
#include "lockstep/util.h"
#include "style/format.h"

#define MEMORY_NS  400000000ULL
#define WINDOW_LOW 100ULL
#define WINDOW_TOP 5000000000ULL
#define SPEED_LOW  100
#define SPEED_TOP  100000
#define PACE_LOW   100
#define PACE_TOP   100000

/* What is in force, or what has just been asked for. */
static int64_t
current(const struct command_memory *memory, enum frame_command op,
    int64_t in_force)
{
	uint64_t at = memory->asked[op].at;

	if (at != 0 && now_ns() - at < MEMORY_NS)
		return memory->asked[op].value;
	return in_force;
}

struct asking {
	struct command_memory *memory;
	struct stream *stream;
	const struct model *model;
	char *say;
	size_t size;
};

static void
send(const struct asking *a, enum frame_command op, int64_t arg,
    const char *what)
{
	command_send(
	    a->memory, a->stream, a->model, op, arg, what, a->say, a->size);
}

static void
ask_lock(const struct asking *a)
{
	const struct frame_control *c = &a->model->control;
	int64_t kind = current(a->memory, COMMAND_LOCK, c->lock);
	int64_t other = c->lock_other != 0 ? c->lock_other : 1;
	char what[64];

	kind = kind != 0 ? 0 : other;
	snprintf(what, sizeof what, "lock %s",
	    model_lock_name(a->model, (unsigned)kind));
	send(a, COMMAND_LOCK, kind, what);
}

static void
ask_window(const struct asking *a, bool up)
{
	int64_t now = current(
	    a->memory, COMMAND_WINDOW, (int64_t)a->model->control.window);
	uint64_t to = command_step((uint64_t)now, up, WINDOW_LOW, WINDOW_TOP);
	char what[64], buf[FORMAT_LEN];

	snprintf(what, sizeof what, "window %s", format_span(buf, to));
	send(a, COMMAND_WINDOW, (int64_t)to, what);
}

static void
ask_speed(const struct asking *a, bool up)
{
	int64_t now =
	    current(a->memory, COMMAND_SPEED, a->model->control.speed);
	uint64_t to = command_step((uint64_t)now, up, SPEED_LOW, SPEED_TOP);
	char what[64], buf[FORMAT_LEN];

	if (to < SPEED_LOW)
		to = SPEED_LOW;
	snprintf(
	    what, sizeof what, "speed %s", format_speed(buf, (uint32_t)to));
	send(a, COMMAND_SPEED, (int64_t)to, what);
}

static void
ask_count(const struct asking *a, enum frame_command op, int by)
{
	bool workers = op == COMMAND_WORKERS;
	int64_t now = current(a->memory, op,
	    workers ? a->model->control.processes : a->model->control.threads);
	int64_t to = now + by;
	char what[64];

	if (to < 1) {
		snprintf(a->say, a->size, "one %s must stay",
		    workers ? "worker" : "thread");
		return;
	}
	snprintf(what, sizeof what, "%" PRId64 " %s", to,
	    workers ? "workers" : "threads each");
	send(a, op, to, what);
}

static void
ask_blind(const struct asking *a)
{
	int64_t blind = current(
	    a->memory, COMMAND_BLIND, (a->model->lab.flags & LAB_BLIND) != 0);

	send(a, COMMAND_BLIND, !blind,
	    blind ? "adds are watched again" : "adds are not watched");
}

static void
ask_pause(const struct asking *a)
{
	int64_t paused =
	    current(a->memory, COMMAND_PAUSE, a->model->control.paused);

	send(a, COMMAND_PAUSE, !paused,
	    paused ? "the workers go on" : "the workers pause");
}

static void
replay_pause(struct stream *stream)
{
	bool paused;
	double pace = stream_pace(stream, &paused);

	stream_set_pace(stream, pace, !paused);
}

static void
replay_pace(struct stream *stream, bool up)
{
	bool paused;
	double pace = stream_pace(stream, &paused);
	uint64_t to =
	    command_step((uint64_t)(pace * 1000 + 0.5), up, PACE_LOW, PACE_TOP);

	if (to < PACE_LOW)
		to = PACE_LOW;
	stream_set_pace(stream, (double)to / 1000, paused);
}

bool
command_act(struct command_memory *memory, struct stream *stream,
    const struct model *model, enum action action, char *say, size_t size)
{
	const struct asking a = {.memory = memory,
	    .stream = stream,
	    .model = model,
	    .say = say,
	    .size = size};

	if (keys_binding(action)->group == KEYS_STEER) {
		const char *refusal = command_refusal(stream, model, false);

		if (refusal != NULL) {
			snprintf(say, size, "%s", refusal);
			return true;
		}
		if (keys_binding(action)->crew && model->control.program) {
			snprintf(say, size,
			    "refused: a program starts its own processes and "
			    "threads");
			return true;
		}
	}
	switch (action) {
	case ACTION_PAUSE:
		ask_pause(&a);
		break;
	case ACTION_BLIND:
		ask_blind(&a);
		break;
	case ACTION_LOCK:
		ask_lock(&a);
		break;
	case ACTION_WINDOW_LESS:
	case ACTION_WINDOW_MORE:
		ask_window(&a, action == ACTION_WINDOW_MORE);
		break;
	case ACTION_SPEED_LESS:
	case ACTION_SPEED_MORE:
		ask_speed(&a, action == ACTION_SPEED_MORE);
		break;
	case ACTION_WORKERS_MORE:
	case ACTION_WORKERS_LESS:
		ask_count(&a, COMMAND_WORKERS,
		    action == ACTION_WORKERS_MORE ? 1 : -1);
		break;
	case ACTION_THREADS_MORE:
	case ACTION_THREADS_LESS:
		ask_count(&a, COMMAND_THREADS,
		    action == ACTION_THREADS_MORE ? 1 : -1);
		break;
	case ACTION_REPLAY_PAUSE:
		replay_pause(stream);
		break;
	case ACTION_PACE_LESS:
	case ACTION_PACE_MORE:
		replay_pace(stream, action == ACTION_PACE_MORE);
		break;
	default:
		return false;
	}
	return true;
}
