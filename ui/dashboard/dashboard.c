/*
 * dashboard: the poll loop.
 *
 * While frames arrive it sleeps until its frame timer, handles keys and
 * signals, and then takes in everything at once: waking for every batch would
 * cost the engine more than writing it. Only when a pump has brought nothing
 * does it wait for the stream itself.
 */
#include "dashboard/dashboard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard/dashboard_priv.h"
#include "dashboard/key_table.h"
#include "lockstep/util.h"
#include "stream/recording.h"
#include "term/signals.h"
#include "term/terminal.h"

#define FRAME_NS 33000000ULL  /* 30 frames a second */
#define TICK_NS  500000000ULL /* for clocks and ages */
#define PUMP_MAX 65536        /* frames taken in at once */
#define MS       1000000ULL
#define ANSWER   2000000000ULL /* ns within which a live engine answers */

/* Does what a key has asked for. */
static void
dashboard_handle_key(struct dashboard *d, int code)
{
	unsigned does = dashboard_press(d, code);

	d->quit |= (does & DO_QUIT) != 0;
	if (does & DO_THROUGH)
		dashboard_through(d);
	d->dirty = true;
}

static void
dashboard_handle_keys(struct dashboard *d)
{
	bool pasted;
	int code;

	while (!d->quit && (code = terminal_key(&pasted)) != TERMINAL_NONE) {
		if (pasted)
			dashboard_paste(d, code);
		else
			dashboard_handle_key(d, code);
	}
}

/* Reports the result of a command, once. */
static void
dashboard_look_for_answer(struct dashboard *d)
{
	const struct frame_control *c = &d->model->control;
	char say[128];

	if (c->ack == d->ack)
		return;
	d->ack = c->ack;
	if (command_answered(&d->memory, d->model, say, sizeof say)) {
		if (say[0] != '\0')
			dashboard_say(d, "%s", say);
	} else if (c->result < 0)
		dashboard_say(d, "refused: %s", strerror(-c->result));
}

/* A comparison is the point of its run: its view opens by itself, once. */
static void
dashboard_open_comparison(struct dashboard *d)
{
	struct screen *s = &d->show.screen;

	if (d->compared == d->model->runs || !model_measured(d->model))
		return;
	d->compared = d->model->runs;
	if (d->chosen || d->frozen != NULL || s->view != &view_workers)
		return;
	s->back = s->view;
	s->view = &view_compare;
	s->top = 0;
}

/* A new run needs a new guess, unless it is the same run after an undo. */
static void
dashboard_ask_guess(struct dashboard *d)
{
	struct prompt *p = &d->show.prompt;
	bool again = d->predicted != d->model->runs;

	if (d->show.screen.predict == NULL || !d->model->live)
		return;
	if (again && (d->undone == 0 || d->undone != d->predicted))
		d->predict = (struct predict){.state = PREDICT_HIDES};
	else if (again && d->undone != 0)
		again = false;
	d->predicted = d->model->runs;
	again |= d->model->ended && !d->asked_at_end;
	d->asked_at_end = d->model->ended;
	if (again && predict_hides(&d->predict) && p->kind == PROMPT_NONE) {
		prompt_guess(p);
		d->dirty = true;
	}
}

/* The only view of a search; other views lead back to it. */
static void
dashboard_open_search(struct dashboard *d)
{
	struct screen *s = &d->show.screen;

	if (!d->model->explores || s->view != &view_workers)
		return;
	s->view = &view_explore;
	s->back = NULL;
	d->dirty = true;
}

void
dashboard_take_in(struct dashboard *d)
{
	uint64_t version = d->model->version;

	d->flowing = stream_pump(d->stream, d->model, PUMP_MAX, false);
	dashboard_look_for_answer(d);
	dashboard_open_comparison(d);
	dashboard_ask_guess(d);
	dashboard_open_search(d);
	if (d->model->version != version && d->frozen == NULL)
		d->dirty = true;
	if (stream_ended(d->stream) && !d->ended) {
		d->ended = true;
		d->dirty = true;
		if (!d->model->ended && !d->show.screen.recording)
			dashboard_say(d, "the stream has ended");
	}
	if (!stream_ended(d->stream))
		d->ended = false;
}

static void
dashboard_take_size(struct dashboard *d)
{
	int rows, cols;

	d->resized = false;
	terminal_size(&rows, &cols);
	if (rows == d->canvas.rows && cols == d->canvas.cols)
		return;
	canvas_resize(&d->canvas, rows, cols);
}

static void
dashboard_read_replay(struct dashboard *d)
{
	const struct recording *r = stream_recording(d->stream);

	d->replay.at = recording_at(r);
	d->replay.length = recording_length(r);
	d->replay.pace = recording_pace(r, &d->replay.paused);
	d->replay.ended = stream_ended(d->stream);
}

/* Hides what reveals the sum, until it has been guessed. */
static void
dashboard_draw_model(struct dashboard *d)
{
	bool hides = predict_hides(d->show.screen.predict);
	struct model *masked = hides ? predict_mask(dashboard_shown(d)) : NULL;

	if (!hides || masked != NULL)
		screen_draw(
		    &d->show, hides ? masked : dashboard_shown(d), &d->canvas);
	else
		canvas_clear(&d->canvas);
	predict_free(masked);
}

void
dashboard_compose(struct dashboard *d)
{
	struct show *s = &d->show;

	if (s->screen.recording)
		dashboard_read_replay(d);
	s->frozen = d->frozen != NULL;
	if (!s->frozen)
		s->screen.now = stream_now(d->stream, d->model);
	if (!s->screen.recording && d->model->live && !d->ended)
		lints_look(d->model, s->screen.now);
	s->screen.silent = command_waiting(&d->memory, d->now);
	if (s->screen.silent < ANSWER || stream_ended(d->stream))
		s->screen.silent = 0;
	s->message = d->message_until > d->now ? d->message : NULL;
	s->trouble = stream_trouble(d->stream);
	dashboard_draw_model(d);
}

static void
dashboard_draw(struct dashboard *d)
{
	d->drawn = d->now;
	d->stalled = !terminal_ready();
	if (d->stalled)
		return;
	if (d->resized)
		dashboard_take_size(d);
	dashboard_compose(d);
	terminal_show(&d->canvas);
	d->dirty = false;
}

/* True while clocks on the screen move although no frame arrives. */
static bool
dashboard_ticking(const struct dashboard *d)
{
	return d->model->live && !d->model->ended && d->frozen == NULL &&
	    !stream_ended(d->stream);
}

static bool
dashboard_due(const struct dashboard *d)
{
	return d->dirty && !d->stalled && d->answer_by == 0;
}

static uint64_t
dashboard_wake_at(const struct dashboard *d)
{
	uint64_t at = UINT64_MAX;

	if (d->answer_by != 0)
		return d->answer_by;
	if (dashboard_due(d) || d->flowing)
		return d->drawn + FRAME_NS;
	if (dashboard_ticking(d))
		at = d->drawn + TICK_NS;
	if (d->message_until != 0 && d->message_until < at)
		at = d->message_until;
	return at;
}

/* The shorter of two poll timeouts; a negative one is infinite. */
static int
dashboard_sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static void
dashboard_turn(struct dashboard *d)
{
	struct pollfd fds[7] = {{.fd = signals_fd(), .events = POLLIN}};
	nfds_t n = 3;
	int timeout = -1, wanted = -1;
	uint64_t at = dashboard_wake_at(d);
	bool idle = !dashboard_due(d) && !d->flowing;

	terminal_pollfds(fds + 1);
	if (idle && !stream_ended(d->stream))
		n += (nfds_t)stream_pollfds(d->stream, fds + n, &wanted);
	d->now = now_ns();
	if (at != UINT64_MAX)
		timeout = at > d->now ? (int)((at - d->now + MS - 1) / MS) : 0;
	timeout = dashboard_sooner(
	    dashboard_sooner(timeout, wanted), terminal_patience());
	if (poll(fds, n, timeout) < 0 && errno != EINTR)
		d->quit = true;

	d->now = now_ns();
	if (fds[0].revents != 0)
		dashboard_signals(d);
	if (fds[1].revents != 0 || terminal_patience() == 0)
		dashboard_handle_keys(d);
	themes_look_for_answer(d);
	if (fds[2].revents != 0)
		d->stalled = !terminal_ready();
	if (terminal_hung_up())
		dashboard_leave(d, SIGHUP);
	if (idle || d->now >= d->drawn + FRAME_NS)
		dashboard_take_in(d);
	if (d->message_until != 0 && d->now >= d->message_until) {
		d->message_until = 0;
		d->dirty = true;
	}
	if (dashboard_ticking(d) && d->now >= d->drawn + TICK_NS)
		d->dirty = true;
	if (dashboard_due(d) && !d->quit && d->now >= d->drawn + FRAME_NS)
		dashboard_draw(d);
	else if (d->stalled && d->now >= d->drawn + FRAME_NS)
		d->drawn = d->now; /* try again at the next frame */
}

struct dashboard *
dashboard_new(struct model *model, struct stream *stream,
    const struct dashboard_options *options)
{
	struct dashboard *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
	d->options = options;
	d->model = model;
	d->stream = stream;
	d->show.screen.view = &view_workers;
	d->show.screen.keys = &dashboard_keys;
	d->show.screen.steers = stream_steers(stream);
	d->show.screen.recording = stream_recording(stream) != NULL;
	d->show.screen.predict = options->predict ? &d->predict : NULL;
	d->show.replay = d->show.screen.recording ? &d->replay : NULL;
	return d;
}

void
dashboard_free(struct dashboard *d)
{
	canvas_free(&d->canvas);
	model_free(d->frozen);
	free(d->show.screen.list);
	free(d);
}

int
dashboard_run(struct model *model, struct stream *stream,
    const struct dashboard_options *options, struct predict *guess,
    const char **call)
{
	struct dashboard *d = dashboard_new(model, stream, options);
	int status;

	*call = "calloc";
	if (d == NULL)
		return -ENOMEM;
	*call = "signalfd";
	status = signals_catch(true);
	if (status != 0)
		goto no_signals;
	*call = "terminal";
	status = terminal_open(themes_ask(options));
	if (status != 0)
		goto no_terminal;
	dashboard_resume(d);
	themes_begin(d);
	d->canvas.ascii = options->ascii || !terminal_utf8();
	d->flowing = true;
	d->ack = model->control.ack;
	dashboard_take_in(d);
	while (!d->quit)
		dashboard_turn(d);
	status = d->leave;
	*guess = d->predict;
	terminal_close();
no_terminal:
	signals_release();
no_signals:
	dashboard_free(d);
	return status;
}
