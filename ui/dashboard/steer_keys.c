/*
 * steer_keys: keys that steer a run. dashboard_press() runs them only if the
 * engine may obey.
 */
#include <inttypes.h>
#include <stdio.h>

#include "dashboard/dashboard_priv.h"
#include "dashboard/key_table.h"
#include "lockstep/util.h"
#include "style/format.h"
#include "text/stepping.h"

#define MEMORY_NS  400000000ULL
#define WINDOW_LOW 100ULL
#define WINDOW_TOP 5000000000ULL
#define SPEED_LOW  100
#define SPEED_TOP  100000

/* What is active, or what was requested just now. */
static int64_t
steer_current(const struct command_memory *memory, enum frame_command op,
    int64_t in_force)
{
	uint64_t at = memory->asked[op].at;

	if (at != 0 && now_ns() - at < MEMORY_NS)
		return memory->asked[op].value;
	return in_force;
}

static unsigned
steer_lock(struct dashboard *d, int code)
{
	const struct frame_control *c = &d->model->control;
	int64_t kind = steer_current(&d->memory, COMMAND_LOCK, c->lock);
	int64_t other = c->lock_other != 0 ? c->lock_other : 1;
	char what[64];

	(void)code;
	kind = kind != 0 ? 0 : other;
	snprintf(what, sizeof what, "lock %s",
	    model_lock_name(d->model, (unsigned)kind));
	dashboard_send(d, COMMAND_LOCK, kind, what);
	return DO_REDRAW;
}

static unsigned
steer_pick_lock(struct dashboard *d, int code)
{
	(void)code;
	prompt_lock(&d->show.prompt, d->model);
	return DO_REDRAW;
}

static unsigned
steer_window(struct dashboard *d, bool up)
{
	int64_t now = steer_current(
	    &d->memory, COMMAND_WINDOW, (int64_t)d->model->control.window);
	uint64_t to = command_step((uint64_t)now, up, WINDOW_LOW, WINDOW_TOP);
	char what[64], buf[FORMAT_LEN];

	snprintf(what, sizeof what, "window %s", format_span(buf, to));
	dashboard_send(d, COMMAND_WINDOW, (int64_t)to, what);
	return DO_REDRAW;
}

static unsigned
steer_speed(struct dashboard *d, bool up)
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
	return DO_REDRAW;
}

static unsigned
steer_count(struct dashboard *d, enum frame_command op, int by)
{
	bool workers = op == COMMAND_WORKERS;
	int64_t now = steer_current(&d->memory, op,
	    workers ? d->model->control.processes : d->model->control.threads);
	int64_t to = now + by;
	char what[64];

	if (to < 1) {
		dashboard_say(
		    d, "one %s must stay", workers ? "worker" : "thread");
		return DO_REDRAW;
	}
	snprintf(what, sizeof what, "%" PRId64 " %s", to,
	    workers ? "workers" : "threads each");
	dashboard_send(d, op, to, what);
	return DO_REDRAW;
}

static unsigned
steer_window_less(struct dashboard *d, int code)
{
	(void)code;
	return steer_window(d, false);
}

static unsigned
steer_window_more(struct dashboard *d, int code)
{
	(void)code;
	return steer_window(d, true);
}

static unsigned
steer_speed_less(struct dashboard *d, int code)
{
	(void)code;
	return steer_speed(d, false);
}

static unsigned
steer_speed_more(struct dashboard *d, int code)
{
	(void)code;
	return steer_speed(d, true);
}

static unsigned
steer_workers_more(struct dashboard *d, int code)
{
	(void)code;
	return steer_count(d, COMMAND_WORKERS, 1);
}

static unsigned
steer_workers_less(struct dashboard *d, int code)
{
	(void)code;
	return steer_count(d, COMMAND_WORKERS, -1);
}

static unsigned
steer_threads_more(struct dashboard *d, int code)
{
	(void)code;
	return steer_count(d, COMMAND_THREADS, 1);
}

static unsigned
steer_threads_less(struct dashboard *d, int code)
{
	(void)code;
	return steer_count(d, COMMAND_THREADS, -1);
}

static unsigned
steer_unobserved(struct dashboard *d, int code)
{
	int64_t blind = steer_current(&d->memory, COMMAND_BLIND,
	    (d->model->lab.flags & SCHEDULE_BLIND) != 0);

	(void)code;
	dashboard_send(d, COMMAND_BLIND, !blind,
	    blind ? "adds are observed again" : "adds are not observed");
	return DO_REDRAW;
}

static unsigned
steer_pause(struct dashboard *d, int code)
{
	int64_t paused =
	    steer_current(&d->memory, COMMAND_PAUSE, d->model->control.paused);

	(void)code;
	dashboard_send(d, COMMAND_PAUSE, !paused,
	    paused ? "the workers resume" : "the workers pause");
	return DO_REDRAW;
}

static unsigned
steer_stepped(struct dashboard *d, int code)
{
	(void)code;
	if (stepping_by_hand(d->model))
		dashboard_say(d, "stepped: n steps, c continues");
	else
		dashboard_send(d, COMMAND_STEPPED, 1, "step mode");
	return DO_REDRAW;
}

static bool
steer_not_stepped(struct keys_where w)
{
	return !w.stepped;
}

static unsigned
steer_kill(struct dashboard *d, int code)
{
	int32_t pid = d->show.screen.selection.pid;

	(void)code;
	if (!prompt_kill(&d->show.prompt, model_proc_by_pid(d->model, pid)))
		dashboard_say(d, "select a live worker, then kill it");
	return DO_REDRAW;
}

static unsigned
steer_restart(struct dashboard *d, int code)
{
	(void)code;
	if (d->model->ended)
		dashboard_send(d, COMMAND_RESTART, 0, "another run");
	else
		prompt_restart(&d->show.prompt);
	return DO_REDRAW;
}

static const struct keys_binding rows[] = {
    {.group = KEYS_STEER,
	.codes = {' '},
	.label = "space",
	.bar = "pause",
	.help = "pause the workers at their next gate, or resume them",
	.run = steer_pause},
    {.group = KEYS_STEER,
	.when = steer_not_stepped,
	.codes = {'s'},
	.label = "s",
	.bar = "step",
	.help = "step mode: stop every thread before its next operation",
	.run = steer_stepped},
    {.group = KEYS_STEER,
	.codes = {'l'},
	.label = "l",
	.bar = "lock",
	.help = "turn the lock around the sum on or off",
	.run = steer_lock},
    {.group = KEYS_STEER,
	.codes = {'L'},
	.label = "L",
	.bar = "kind",
	.help = "choose the kind of lock",
	.action = ACTION_PICK_LOCK,
	.run = steer_pick_lock},
    {.group = KEYS_STEER,
	.codes = {'k'},
	.label = "k",
	.bar = "kill",
	.help = "kill the selected worker (asks)",
	.run = steer_kill},
    {.group = KEYS_STEER,
	.codes = {'['},
	.label = "[",
	.help = "narrower window between load and store",
	.run = steer_window_less},
    {.group = KEYS_STEER,
	.codes = {']'},
	.label = "]",
	.bar = "window",
	.bar_label = "[ ]",
	.help = "wider window",
	.run = steer_window_more},
    {.group = KEYS_STEER,
	.codes = {'b'},
	.label = "b",
	.help = "unobserved: record no events between load and store (on, off)",
	.run = steer_unobserved},
    {.group = KEYS_STEER,
	.codes = {'<', ','},
	.label = "<",
	.help = "slower",
	.run = steer_speed_less},
    {.group = KEYS_STEER,
	.codes = {'>', '.'},
	.label = ">",
	.bar = "speed",
	.bar_label = "< >",
	.help = "faster",
	.run = steer_speed_more},
    {.group = KEYS_STEER,
	.crew = true,
	.codes = {'+', '='},
	.label = "+",
	.bar = "workers",
	.bar_label = "+ -",
	.help = "one worker more",
	.run = steer_workers_more},
    {.group = KEYS_STEER,
	.crew = true,
	.codes = {'-'},
	.label = "-",
	.help = "one worker fewer",
	.run = steer_workers_less},
    {.group = KEYS_STEER,
	.crew = true,
	.codes = {'}'},
	.label = "}",
	.bar = "threads",
	.bar_label = "} {",
	.help = "one thread more in each worker",
	.run = steer_threads_more},
    {.group = KEYS_STEER,
	.crew = true,
	.codes = {'{'},
	.label = "{",
	.help = "one thread fewer in each worker",
	.run = steer_threads_less},
    {.group = KEYS_STEER,
	.after = true,
	.codes = {'r'},
	.label = "r",
	.bar = "restart",
	.help = "run again from the start (asks while it runs)",
	.run = steer_restart},
};

const struct keys_rows steer_keys = {rows, sizeof rows / sizeof rows[0]};
