/*
 * dashboard: the poll loop.
 *
 * While frames flow it sleeps on its frame timer, sees to keys and signals,
 * and then takes in everything at once: waking for every batch would cost
 * the engine more than writing it. Only when a pump has brought nothing does
 * it wait for the stream itself.
 */
#include "dashboard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "paint.h"
#include "select.h"
#include "show.h"

#define FRAME_NS   33000000ULL  /* between two drawings: 30 a second */
#define TICK_NS    500000000ULL /* for clocks and ages */
#define MESSAGE_NS 4000000000ULL
#define SEEK_NS    5000000000LL
#define PUMP_MAX   65536 /* frames taken in at once */
#define MS         1000000ULL

static const int caught[] = {
    SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP, SIGQUIT};

struct dashboard {
	struct model *model;
	struct stream *stream;
	struct show show;
	struct canvas canvas;
	struct header_replay replay;
	struct command_memory memory;

	int signals; /* a signalfd */
	sigset_t old_mask;
	int leave; /* signal to leave with, 0: none */
	bool quit;

	char message[192];
	uint64_t message_until; /* ns, 0: there is none */
	uint32_t ack;           /* last one seen */

	bool resized, dirty;
	bool flowing;   /* the last pump brought something */
	bool picture;   /* frozen: there is one to keep */
	uint64_t drawn; /* ns of the last drawing */
	uint64_t now;   /* ns, read once a turn */
};

static uint64_t
clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}

static void __attribute__((format(printf, 2, 3)))
say(struct dashboard *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->message, sizeof d->message, fmt, ap);
	va_end(ap);
	d->message_until = d->now + MESSAGE_NS;
	d->dirty = true;
}

static int
signals_open(struct dashboard *d)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i++)
		sigaddset(&set, caught[i]);
	if (sigprocmask(SIG_BLOCK, &set, &d->old_mask) != 0)
		return -errno;
	d->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return d->signals >= 0 ? 0 : -errno;
}

/* Those that came too late to be read have had their effect: we leave. */
static void
signals_close(struct dashboard *d)
{
	struct signalfd_siginfo info;

	while (read(d->signals, &info, sizeof info) > 0)
		;
	close(d->signals);
	sigprocmask(SIG_SETMASK, &d->old_mask, NULL);
}

/* ^Z: the terminal goes back, we stop as asked, and take it again. */
static void
stop_here(struct dashboard *d)
{
	struct sigaction old, sa = {.sa_handler = SIG_DFL};
	sigset_t set;

	paint_suspend();
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	sigaction(SIGTSTP, &sa, &old);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGTSTP, &old, NULL);
	paint_resume();
	d->resized = true;
}

static void
handle_signals(struct dashboard *d)
{
	struct signalfd_siginfo info;

	while (read(d->signals, &info, sizeof info) == sizeof info) {
		switch (info.ssi_signo) {
		case SIGWINCH:
			d->resized = true;
			break;
		case SIGTSTP:
			stop_here(d);
			break;
		case SIGCONT:
			paint_redraw();
			d->resized = true;
			break;
		default:
			d->leave = (int)info.ssi_signo;
			d->quit = true;
		}
	}
	d->dirty = true;
}

static void
open_view(struct dashboard *d, const struct view *v)
{
	struct screen *s = &d->show.screen;

	if (s->view == v) {
		if (s->back != NULL && v != &view_workers) {
			s->view = s->back;
			s->back = NULL;
		}
	} else {
		s->back = s->view;
		s->view = v;
	}
	s->top = 0;
}

static const struct view *
view_for(enum action action)
{
	static const struct view *const views[] = {&view_workers, &view_threads,
	    &view_log, &view_locks, &view_info, &view_help, &view_detail};

	for (size_t i = 0; i < sizeof views / sizeof views[0]; i++)
		if (views[i]->action == action)
			return views[i];
	return NULL;
}

static void
next_view(struct dashboard *d)
{
	enum action next = d->show.screen.view->action + 1;

	if (next > ACTION_LOCKS)
		next = ACTION_WORKERS;
	open_view(d, view_for(next));
}

/* Esc: out of a view, or else away with the filter. */
static void
go_back(struct dashboard *d)
{
	struct screen *s = &d->show.screen;

	if (s->back != NULL && s->view != &view_workers) {
		s->view = s->back == &view_detail ? &view_workers : s->back;
		s->back = NULL;
		s->top = 0;
	} else if (s->filter[0] != '\0')
		s->filter[0] = '\0';
	else if (s->view != &view_workers)
		s->view = &view_workers;
}

/* Questions are for those who can be obeyed. */
static bool
can_ask(struct dashboard *d)
{
	if (stream_steers(d->stream))
		return true;
	say(d, "%s",
	    stream_is_recording(d->stream)
		? "a recording cannot be steered"
		: "this stream only comes in: it cannot be steered");
	return false;
}

static void
ask(struct dashboard *d, enum action action)
{
	struct prompt *p = &d->show.prompt;

	if (action == ACTION_FILTER) {
		prompt_filter(p, &d->show.screen);
		return;
	}
	if (!can_ask(d))
		return;
	if (action == ACTION_PICK_LOCK)
		prompt_lock(p, d->model);
	else if (action == ACTION_KILL) {
		if (!prompt_kill(p,
			model_proc_by_pid(
			    d->model, d->show.screen.selection.pid)))
			say(d, "select a worker that lives, then kill it");
	} else if (d->model->ended)
		command_send(&d->memory, d->stream, COMMAND_RESTART, 0,
		    "another run", d->message, sizeof d->message);
	else
		prompt_restart(p);
}

static void
seek(struct dashboard *d, int64_t by)
{
	stream_seek(d->stream, d->model, by);
	d->flowing = true;
	d->picture = false;
}

static void
freeze(struct dashboard *d)
{
	d->show.frozen = !d->show.frozen;
	d->picture = false;
}

static unsigned
global_act(struct dashboard *d, enum action action)
{
	const struct view *v = view_for(action);

	if (v != NULL) {
		open_view(d, v);
		return DO_REDRAW;
	}
	switch (action) {
	case ACTION_QUIT:
		return DO_QUIT;
	case ACTION_BACK:
		go_back(d);
		break;
	case ACTION_FOCUS:
		next_view(d);
		break;
	case ACTION_FREEZE:
		freeze(d);
		break;
	case ACTION_REDRAW:
		paint_redraw();
		break;
	case ACTION_SEEK_BACK:
	case ACTION_SEEK_ON:
		seek(d, action == ACTION_SEEK_ON ? SEEK_NS : -SEEK_NS);
		break;
	case ACTION_FILTER:
	case ACTION_PICK_LOCK:
	case ACTION_KILL:
	case ACTION_RESTART:
		ask(d, action);
		break;
	default:
		if (!command_act(&d->memory, d->stream, d->model, action,
			d->message, sizeof d->message))
			return DO_NOTHING;
	}
	if (d->message[0] != '\0' && d->message_until == 0)
		d->message_until = d->now + MESSAGE_NS;
	return DO_REDRAW;
}

static unsigned
act(struct dashboard *d, enum action action)
{
	struct screen *s = &d->show.screen;
	unsigned does = DO_NOT_MINE;

	if (s->view->act != NULL)
		does = s->view->act(s, d->model, action);
	return does == DO_NOT_MINE ? global_act(d, action) : does;
}

static void
answered(struct dashboard *d)
{
	struct prompt *p = &d->show.prompt;
	char what[96];

	switch (p->kind) {
	case PROMPT_KILL:
		snprintf(what, sizeof what, "the death of pid %d", (int)p->pid);
		command_send(&d->memory, d->stream, COMMAND_KILL, p->pid, what,
		    d->message, sizeof d->message);
		break;
	case PROMPT_RESTART:
		command_send(&d->memory, d->stream, COMMAND_RESTART, 0,
		    "another run", d->message, sizeof d->message);
		break;
	case PROMPT_LOCK:
		snprintf(what, sizeof what, "lock %s",
		    model_lock_name(d->model, p->choice));
		command_send(&d->memory, d->stream, COMMAND_LOCK, p->choice,
		    what, d->message, sizeof d->message);
		break;
	default:
		return;
	}
	d->message_until = d->now + MESSAGE_NS;
}

static unsigned
prompt_press(struct dashboard *d, int code)
{
	switch (prompt_key(&d->show.prompt, &d->show.screen, d->model, code)) {
	case PROMPT_YES:
		answered(d);
		d->show.prompt.kind = PROMPT_NONE;
		break;
	case PROMPT_NO:
		d->show.prompt.kind = PROMPT_NONE;
		break;
	case PROMPT_QUIT:
		return DO_QUIT;
	case PROMPT_REDRAW:
		paint_redraw();
		break;
	case PROMPT_OPEN:
		break;
	}
	return DO_REDRAW;
}

static void
press(struct dashboard *d, int code)
{
	unsigned does;

	d->message[0] = '\0';
	d->message_until = 0;
	if (d->show.prompt.kind != PROMPT_NONE)
		does = prompt_press(d, code);
	else
		does = act(d, keys_action(code, d->show.screen.recording));
	d->quit |= (does & DO_QUIT) != 0;
	d->dirty = true;
}

static void
handle_keys(struct dashboard *d)
{
	int code;

	while (!d->quit && (code = paint_key()) != PAINT_NONE)
		press(d, code);
	if (paint_hung_up()) {
		d->leave = SIGHUP;
		d->quit = true;
	}
}

/* A command that the engine refused, said once. */
static void
look_for_refusal(struct dashboard *d)
{
	const struct frame_control *c = &d->model->control;

	if (c->ack == d->ack)
		return;
	d->ack = c->ack;
	if (c->result < 0)
		say(d, "refused: %s", strerror(-c->result));
}

static void
take_in(struct dashboard *d)
{
	uint64_t version = d->model->version;

	d->flowing = stream_pump(d->stream, d->model, PUMP_MAX, false);
	look_for_refusal(d);
	if (d->model->version != version && !d->show.frozen)
		d->dirty = true;
	if (stream_ended(d->stream) && !d->show.ended) {
		d->show.ended = true;
		d->dirty = true;
		if (!d->model->ended && !d->show.screen.recording)
			say(d, "the stream has ended");
	}
	if (!stream_ended(d->stream))
		d->show.ended = false;
}

static void
take_size(struct dashboard *d)
{
	int rows, cols;

	d->resized = false;
	paint_size(&rows, &cols);
	if (rows == d->canvas.rows && cols == d->canvas.cols)
		return;
	canvas_resize(&d->canvas, rows, cols);
	d->picture = false;
}

static void
read_replay(struct dashboard *d)
{
	d->replay.at = stream_at(d->stream);
	d->replay.length = stream_length(d->stream);
	d->replay.pace = stream_pace(d->stream, &d->replay.paused);
	d->replay.ended = stream_ended(d->stream);
}

static void
draw(struct dashboard *d)
{
	struct show *s = &d->show;

	if (d->resized)
		take_size(d);
	if (s->screen.recording)
		read_replay(d);
	s->screen.now = stream_now(d->stream, d->model);
	s->message = d->message_until > d->now ? d->message : NULL;
	s->trouble = stream_trouble(d->stream);
	if (s->frozen && d->picture)
		show_draw_frozen(s, d->model, &d->canvas);
	else
		show_draw(s, d->model, &d->canvas);
	d->picture = true;
	paint_show(&d->canvas);
	d->drawn = d->now;
	d->dirty = false;
}

/* True while clocks on the screen move although no frame comes. */
static bool
ticking(const struct dashboard *d)
{
	return d->model->live && !d->model->ended && !d->show.frozen &&
	    !stream_ended(d->stream);
}

static uint64_t
wake_at(const struct dashboard *d)
{
	uint64_t at = UINT64_MAX;

	if (d->dirty || d->flowing)
		return d->drawn + FRAME_NS;
	if (ticking(d))
		at = d->drawn + TICK_NS;
	if (d->message_until != 0 && d->message_until < at)
		at = d->message_until;
	return at;
}

static void
turn(struct dashboard *d)
{
	struct pollfd fds[6] = {
	    {.fd = paint_fd(), .events = POLLIN},
	    {.fd = d->signals, .events = POLLIN},
	};
	nfds_t n = 2;
	int timeout = -1, wanted = -1;
	uint64_t at = wake_at(d);
	bool idle = !d->dirty && !d->flowing;

	if (idle && !stream_ended(d->stream))
		n += (nfds_t)stream_pollfds(d->stream, fds + 2, &wanted);
	d->now = clock_ns();
	if (at != UINT64_MAX)
		timeout = at > d->now ? (int)((at - d->now + MS - 1) / MS) : 0;
	if (wanted >= 0 && (timeout < 0 || wanted < timeout))
		timeout = wanted;
	if (poll(fds, n, timeout) < 0 && errno != EINTR)
		d->quit = true;

	d->now = clock_ns();
	if (fds[1].revents != 0)
		handle_signals(d);
	if (fds[0].revents != 0)
		handle_keys(d);
	if (idle || d->now >= d->drawn + FRAME_NS)
		take_in(d);
	if (d->message_until != 0 && d->now >= d->message_until) {
		d->message_until = 0;
		d->dirty = true;
	}
	if (ticking(d) && d->now >= d->drawn + TICK_NS)
		d->dirty = true;
	if (d->dirty && !d->quit && d->now >= d->drawn + FRAME_NS)
		draw(d);
}

static bool
colours_wanted(enum dashboard_color color)
{
	const char *no = getenv("NO_COLOR");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	return no == NULL || no[0] == '\0';
}

int
dashboard_run(struct model *model, struct stream *stream,
    const struct dashboard_options *options)
{
	struct dashboard *d = calloc(1, sizeof *d);
	int status = -1;

	if (d == NULL)
		return -1;
	d->model = model;
	d->stream = stream;
	d->show.screen.view = &view_workers;
	d->show.screen.steers = stream_steers(stream);
	d->show.screen.recording = stream_is_recording(stream);
	d->show.replay = d->show.screen.recording ? &d->replay : NULL;
	d->resized = true;
	if (signals_open(d) != 0)
		goto no_signals;
	if (paint_open(colours_wanted(options->color)) != 0)
		goto no_terminal;
	d->canvas.ascii = options->ascii || !paint_utf8();
	d->dirty = d->flowing = true;
	d->ack = model->control.ack;
	take_in(d);
	while (!d->quit)
		turn(d);
	status = d->leave != 0 ? 128 + d->leave : 0;
	paint_close();
no_terminal:
	signals_close(d);
no_signals:
	canvas_free(&d->canvas);
	free(d->show.screen.list);
	free(d);
	return status;
}
