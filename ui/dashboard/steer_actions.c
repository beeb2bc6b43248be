/* steer_actions: keys that steer a run or a recording, without a question. */
#include <inttypes.h>
#include <stdio.h>

#include "dashboard/dashboard_priv.h"
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
steer_current(const struct command_memory *memory, enum frame_command op,
    int64_t in_force)
{
	uint64_t at = memory->asked[op].at;

	if (at != 0 && now_ns() - at < MEMORY_NS)
		return memory->asked[op].value;
	return in_force;
}

static void
steer_ask_lock(struct dashboard *d)
{
	const struct frame_control *c = &d->model->control;
	int64_t kind = steer_current(&d->memory, COMMAND_LOCK, c->lock);
	int64_t other = c->lock_other != 0 ? c->lock_other : 1;
	char what[64];

	kind = kind != 0 ? 0 : other;
	snprintf(what, sizeof what, "lock %s",
	    model_lock_name(d->model, (unsigned)kind));
	dashboard_send(d, COMMAND_LOCK, kind, what);
}

static void
steer_ask_window(struct dashboard *d, bool up)
{
	int64_t now = steer_current(
	    &d->memory, COMMAND_WINDOW, (int64_t)d->model->control.window);
	uint64_t to = command_step((uint64_t)now, up, WINDOW_LOW, WINDOW_TOP);
	char what[64], buf[FORMAT_LEN];

	snprintf(what, sizeof what, "window %s", format_span(buf, to));
	dashboard_send(d, COMMAND_WINDOW, (int64_t)to, what);
}

static void
steer_ask_speed(struct dashboard *d, bool up)
{
	int64_t now =
	    steer_current(&d->memory, COMMAND_SPEED, d->model->control.speed);
	uint64_t to = command_step((uint64_t)now, up, SPEED_LOW, SPEED_TOP);
	char what[64], buf[FORMAT_LEN];

	if (to < SPEED_LOW)
		to = SPEED_LOW;
	snprintf(
	    what, sizeof what, "speed %s", format_speed(buf, (uint32_t)to));
	dashboard_send(d, COMMAND_SPEED, (int64_t)to, what);
}

static void
steer_ask_count(struct dashboard *d, enum frame_command op, int by)
{
	bool workers = op == COMMAND_WORKERS;
	int64_t now = steer_current(&d->memory, op,
	    workers ? d->model->control.processes : d->model->control.threads);
	int64_t to = now + by;
	char what[64];

	if (to < 1) {
		dashboard_say(
		    d, "one %s must stay", workers ? "worker" : "thread");
		return;
	}
	snprintf(what, sizeof what, "%" PRId64 " %s", to,
	    workers ? "workers" : "threads each");
	dashboard_send(d, op, to, what);
}

static void
steer_ask_blind(struct dashboard *d)
{
	int64_t blind = steer_current(&d->memory, COMMAND_BLIND,
	    (d->model->lab.flags & SCHEDULE_BLIND) != 0);

	dashboard_send(d, COMMAND_BLIND, !blind,
	    blind ? "adds are watched again" : "adds are not watched");
}

static void
steer_ask_pause(struct dashboard *d)
{
	int64_t paused =
	    steer_current(&d->memory, COMMAND_PAUSE, d->model->control.paused);

	dashboard_send(d, COMMAND_PAUSE, !paused,
	    paused ? "the workers go on" : "the workers pause");
}

static void
steer_replay_pause(struct stream *stream)
{
	bool paused;
	double pace = stream_pace(stream, &paused);

	stream_set_pace(stream, pace, !paused);
}

static void
steer_replay_pace(struct stream *stream, bool up)
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
dashboard_steer(struct dashboard *d, enum action action)
{
	if (keys_binding(action)->group == KEYS_STEER) {
		const char *refusal =
		    command_refusal(d->stream, d->model, false);

		if (refusal != NULL) {
			dashboard_say(d, "%s", refusal);
			return true;
		}
		if (keys_binding(action)->crew && d->model->control.program) {
			dashboard_say(d,
			    "refused: a program starts its own processes and "
			    "threads");
			return true;
		}
	}
	switch (action) {
	case ACTION_PAUSE:
		steer_ask_pause(d);
		break;
	case ACTION_BLIND:
		steer_ask_blind(d);
		break;
	case ACTION_LOCK:
		steer_ask_lock(d);
		break;
	case ACTION_WINDOW_LESS:
	case ACTION_WINDOW_MORE:
		steer_ask_window(d, action == ACTION_WINDOW_MORE);
		break;
	case ACTION_SPEED_LESS:
	case ACTION_SPEED_MORE:
		steer_ask_speed(d, action == ACTION_SPEED_MORE);
		break;
	case ACTION_WORKERS_MORE:
	case ACTION_WORKERS_LESS:
		steer_ask_count(
		    d, COMMAND_WORKERS, action == ACTION_WORKERS_MORE ? 1 : -1);
		break;
	case ACTION_THREADS_MORE:
	case ACTION_THREADS_LESS:
		steer_ask_count(
		    d, COMMAND_THREADS, action == ACTION_THREADS_MORE ? 1 : -1);
		break;
	case ACTION_REPLAY_PAUSE:
		steer_replay_pause(d->stream);
		break;
	case ACTION_PACE_LESS:
	case ACTION_PACE_MORE:
		steer_replay_pace(d->stream, action == ACTION_PACE_MORE);
		break;
	default:
		return false;
	}
	return true;
}
