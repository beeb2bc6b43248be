/* report_frames: an exploration as frames. */
#include "explore/report_frames.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/util_priv.h"
#include "explore/blame.h"
#include "explore/explore_schedule.h"
#include "lockstep/frame.h"
#include "lockstep/util.h"
#include "wire/status.h"
#include "wire/wait_graph.h"

#define LOOK_NS (33 * NSEC_PER_MSEC) /* between two looks */
#define LAST_NS (2 * NSEC_PER_SEC)   /* at the end, for a reader to read on */
#define UNREAD  4096                 /* frames: no schedules beyond */
#define LINE    500

static const char frames_step_is[] =
    "a step is an operation that other threads can see, or the ADD between a "
    "LOAD and its STORE; waiting is not a step";
static const char frames_every[] =
    "A schedule is one order in which the threads take their steps. Every "
    "schedule is executed with real threads, and its outcome is counted. Once "
    "all have run, an outcome that is not listed cannot happen within the "
    "bounds. The counts are not probabilities: a free run does not choose its "
    "schedule at random.";

struct report_frames {
	const struct explore_options *options;
	const struct steps_program *program;
	struct report report;
	struct step_threads *crew;
	int signals; /* a signalfd */
	struct frame_reader reader;
	bool stop, ending;
	uint64_t start, looked; /* ns */

	/* As last sent. */
	struct frame explore;
	struct frame outcome[EXPLORE_OUTCOMES];
	struct interleaving schedule[EXPLORE_OUTCOMES];

	/* Of the schedule that was executed last. */
	struct step_threads_trace trace[STEPS_MAX];
	struct explore_blame blame[STEPS_MAX];
};

_Static_assert(EXPLORE_OUTCOMES <= FRAME_MAX_OUTCOMES, "each has its frame");

/* ---- listening ---- */

static void
frames_obey(const struct frame *f, void *arg)
{
	struct report_frames *t = arg;

	if (f->type == FRAME_COMMAND && f->command.op == COMMAND_STOP)
		t->stop = true;
}

/* The end of its input is the end of the dashboard. */
static void
frames_listen(struct report_frames *t)
{
	struct pollfd p[2] = {{.fd = t->options->control, .events = POLLIN},
	    {.fd = t->signals, .events = POLLIN}};
	unsigned char buf[FRAME_BATCH * FRAME_SIZE];
	ssize_t n;

	if (poll(p, 2, 0) <= 0)
		return;
	if (p[1].revents != 0)
		t->stop = true;
	if (p[0].revents == 0)
		return;
	n = read(t->options->control, buf, sizeof buf);
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		t->stop = true;
	if (n > 0)
		frame_read(&t->reader, buf, (size_t)n, frames_obey, t);
}

/* ---- what is explored ---- */

static void
frames_text(struct report_frames *t, enum frame_text kind, uint32_t index,
    const char *text)
{
	report_text(&t->report, kind, index, getpid(), text);
}

static const char *
frames_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void
frames_send_hello(struct report_frames *t)
{
	const struct explore_demo *d = t->options->demo;
	const struct explore_small *s = &t->options->small;
	struct frame f = {.type = FRAME_HELLO,
	    .hello = {.magic = FRAME_MAGIC,
		.wire = FRAME_VERSION,
		.processes = 1,
		.threads = (uint16_t)s->threads,
		.run = 1}};
	char form[LINE];

	snprintf(f.hello.demo, sizeof f.hello.demo, "explore %s", d->name);
	snprintf(form, sizeof form, "%u thread%s, %u %s%s each, %s %s",
	    s->threads, frames_plural(s->threads), s->adds, d->part,
	    frames_plural(s->adds), d->adds_up ? "lock" : "fix",
	    d->adds_up ? s->lock : s->fix);
	f.pid = getpid();
	report_push(&t->report, &f);
	frames_text(t, TEXT_TITLE, 0, d->title);
	frames_text(t, TEXT_LESSON, 0, d->lesson);
	frames_text(t, TEXT_LESSON, 1, frames_every);
	frames_text(t, TEXT_EXPLORE, 0, form);
	frames_text(t, TEXT_EXPLORE, 1, frames_step_is);
	if (d->value != NULL)
		frames_text(t, TEXT_EXPLORE, 3, d->value);
}

static void
frames_send_bounds(struct report_frames *t)
{
	const struct explore_options *o = t->options;
	char words[LINE] = "only the given schedule", switches[40] = "";

	if (o->max_switches != EXPLORE_ANY)
		snprintf(switches, sizeof switches, "%u switch%s and ",
		    o->max_switches, o->max_switches == 1 ? "" : "es");
	if (o->schedule == NULL)
		snprintf(words, sizeof words,
		    "at most %s%" PRIu64 " schedule%s; %s", switches, o->limit,
		    frames_plural(o->limit),
		    o->reduce ? "one schedule stands for its class: all that "
				"differ only in the order of independent steps"
			      : "fewest switches first");
	frames_text(t, TEXT_EXPLORE, 2, words);
}

/* For programs that read frames: see struct frame_explore. */
static void
frames_send_options(struct report_frames *t)
{
	const struct explore_options *o = t->options;
	const struct explore_small *s = &o->small;
	char form[120], bounds[120] = "", switches[16] = "null";

	if (o->demo->adds_up)
		snprintf(form, sizeof form, "steps_per_add=%u,lock=%s",
		    s->steps, s->lock);
	else
		snprintf(form, sizeof form, "fix=%s", s->fix);
	if (o->max_switches != EXPLORE_ANY)
		snprintf(switches, sizeof switches, "%u", o->max_switches);
	if (o->schedule == NULL)
		snprintf(bounds, sizeof bounds,
		    ",reduce=%s,max_switches=%s,limit=%" PRIu64,
		    o->reduce ? "true" : "false", switches, o->limit);

	char line[LINE];

	snprintf(line, sizeof line, "demo=%s,threads=%u,adds=%u,%s%s",
	    o->demo->name, s->threads, s->adds, form, bounds);
	frames_text(t, TEXT_EXPLORE, 4, line);
}

/* What each thread does: in a line, and step by step. */
static void
frames_send_programs(struct report_frames *t)
{
	const struct steps_program *p = t->program;

	for (unsigned i = 0; i < p->nthreads; i++) {
		char line[LINE] = "";
		struct wait_text text = {.buf = line, .size = sizeof line};

		for (unsigned k = 0; k < p->length[i]; k++) {
			char step[STEP_TEXT];

			step_format(step, sizeof step, p, &p->step[i][k]);
			wait_add(&text, "%s%s", k > 0 ? ", " : "", step);
			frames_text(t, TEXT_STEP, i << 8 | k, step);
		}
		frames_text(t, TEXT_PARAM, i, line);
	}
}

/* ---- outcomes ---- */

/* Execute it once more, for its trace. */
static void
frames_trace(struct report_frames *t, const struct interleaving *s)
{
	struct step_threads_result result;

	step_threads_run(t->crew, s, 1, &result, t->trace);
	explore_blame(t->program, s, t->blame);
}

/* "LOAD sum: 0": a step and its result. */
static void
frames_format_cell(char *buf, size_t size, const struct steps_program *p,
    const struct step *s, const struct step_threads_trace *trace)
{
	char step[STEP_TEXT], lost[32] = "";

	step_format(step, sizeof step, p, s);
	if (s->op == STEP_STORE && trace->lost != 0)
		snprintf(lost, sizeof lost, " (%+" PRId64 ")", -trace->lost);
	if (s->op == STEP_ADD)
		snprintf(buf, size, "%s = %" PRId64, step, trace->value);
	else if (s->op == STEP_LOAD || s->op == STEP_STORE ||
	    s->op == STEP_FETCH_ADD)
		snprintf(
		    buf, size, "%s: %" PRId64 "%s", step, trace->value, lost);
	else
		snprintf(buf, size, "%s", step);
}

static void
frames_send_cells(struct report_frames *t, const struct explore_outcome *o)
{
	const struct interleaving *s = &o->smallest;
	struct steps_state at = {0};

	for (unsigned i = 0; i < s->length; i++) {
		unsigned thread = s->thread[i];
		char cell[96], line[112];

		frames_format_cell(cell, sizeof cell, t->program,
		    steps_next(t->program, &at, thread), &t->trace[i]);
		at.at[thread]++;
		snprintf(line, sizeof line, "%s %s", LETTER(thread + 1U), cell);
		frames_text(t, TEXT_CELL, o->number << 8 | i, line);
	}
}

static void
frames_send_schedule(struct report_frames *t, const struct explore_outcome *o)
{
	char string[EXPLORE_STRING], cause[EXPLORE_WORDS];

	frames_trace(t, &o->smallest);
	explore_string_format(string, t->options, &o->smallest);
	if (o->deadlock)
		snprintf(cause, sizeof cause, "%s", o->words);
	else
		explore_blame_all(cause, sizeof cause, &o->smallest, t->blame);
	frames_text(t, TEXT_OUTCOME, o->number, string);
	frames_text(t, TEXT_CAUSE, o->number, cause);
	frames_send_cells(t, o);
	t->schedule[o->number] = o->smallest;
}

/* At the end nothing may be left out: it goes in turn. */
static void
frames_send_state(struct report_frames *t, struct frame *f, struct frame *sent)
{
	f->pid = getpid();
	if (!t->ending) {
		report_offer(&t->report, f, sent);
	} else if (memcmp(f, sent, sizeof *f) != 0) {
		*sent = *f;
		report_push(&t->report, f);
	}
}

static void
frames_send_outcome(struct report_frames *t, const struct explore_outcome *o)
{
	unsigned flags = (o->deadlock ? OUTCOME_DEADLOCK : 0) |
	    (!o->deadlock && o->lost != 0 ? OUTCOME_LOSES : 0);
	struct frame f = {.type = FRAME_OUTCOME,
	    .outcome = {.index = (uint16_t)o->number,
		.flags = (uint8_t)flags,
		.switches = o->switches,
		.value = o->value,
		.lost = o->lost,
		.expected = o->value + o->lost,
		.count = o->schedules}};
	const struct interleaving *sent = &t->schedule[o->number];

	if (sent->length != o->smallest.length ||
	    memcmp(sent->thread, o->smallest.thread, sent->length) != 0 ||
	    t->outcome[o->number].type == 0)
		frames_send_schedule(t, o);
	frames_send_state(t, &f, &t->outcome[o->number]);
}

/* Until all is written, or the reader has read nothing for LAST_NS. */
static void
frames_drain(struct report_frames *t)
{
	struct pollfd p = {.fd = t->options->status, .events = POLLOUT};
	uint64_t deadline = now_ns() + LAST_NS;
	size_t left = t->report.npending;

	report_begin(&t->report);
	while (t->report.npending > 0 && !t->report.broken &&
	    now_ns() < deadline) {
		poll(&p, 1, 100);
		report_begin(&t->report);
		if (t->report.npending < left)
			deadline = now_ns() + LAST_NS;
		left = t->report.npending;
	}
}

static void
frames_send_outcomes(struct report_frames *t, const struct explore_report *r)
{
	for (unsigned i = 0; i < r->noutcomes; i++) {
		if (t->report.npending > UNREAD && !t->ending)
			return;
		if (t->report.npending > UNREAD)
			frames_drain(t);
		frames_send_outcome(t, &r->outcome[i]);
	}
}

static void
frames_send(struct report_frames *t, const struct explore_report *r,
    enum frame_explore_state state)
{
	struct frame f = {.type = FRAME_EXPLORE,
	    .explore = {.state = (uint8_t)state,
		.reduced = t->options->reduce,
		.outcomes = (uint16_t)r->noutcomes,
		.threads = t->options->small.threads,
		.done = r->schedules,
		.total = r->of > 0 ? r->of : UINT64_MAX,
		.losing = r->losing,
		.deadlocks = r->deadlocks}};

	report_begin(&t->report);
	frames_send_state(t, &f, &t->explore);
	frames_send_outcomes(t, r);
	report_flush(&t->report);
	report_begin(&t->report);
}

bool
report_frames_look(const struct explore_report *r, void *arg)
{
	struct report_frames *t = arg;
	uint64_t now = now_ns();

	if (now - t->looked < LOOK_NS)
		return true;
	t->looked = now;
	frames_listen(t);
	frames_send(t, r, EXPLORE_RUNNING);
	return !t->stop && !t->report.broken;
}

/* ---- the end ---- */

/* The schedule that the report shows, step by step. */
static void
frames_send_effects(struct report_frames *t, const struct explore_outcome *o)
{
	frames_trace(t, &o->smallest);
	for (unsigned i = 0; i < o->smallest.length; i++) {
		char lost[200], words[256], line[LINE];

		explore_blame_list(lost, sizeof lost, &t->blame[i]);
		explore_blame_format(
		    words, sizeof words, o->smallest.thread[i], &t->blame[i]);
		snprintf(line, sizeof line, "%" PRId64 " %" PRId64 " %s %s",
		    t->trace[i].value, t->trace[i].lost, lost, words);
		frames_text(t, TEXT_EFFECT, o->number << 8 | i, line);
	}
}

bool
report_frames_end(struct report_frames *t, const struct explore_report *r)
{
	int shown = t->options->schedule != NULL ? 0 : r->failing;
	struct frame bye = {.type = FRAME_BYE,
	    .pid = getpid(),
	    .bye = {.elapsed = r->ns > 0 ? r->ns : now_ns() - t->start,
		.tasks = r->schedules,
		.outcome = r->breaches > 0 ? OUTCOME_FAILED
		    : r->stopped           ? OUTCOME_STOPPED
					   : OUTCOME_DONE}};

	t->ending = true;
	frames_send(t, r,
	    r->stopped        ? EXPLORE_STOPPED
		: r->complete ? EXPLORE_COMPLETE
			      : EXPLORE_LIMITED);
	if (shown >= 0)
		frames_send_effects(t, &r->outcome[shown]);
	bye.bye.dropped = t->report.dropped;
	report_push(&t->report, &bye);
	frames_drain(t);
	return !report_failed(&t->report);
}

/* ---- setting up ---- */

static int
frames_catch_signals(void)
{
	static const int endings[] = {SIGINT, SIGTERM, SIGHUP};
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (!signal_is_ignored(endings[i]))
			sigaddset(&set, endings[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

struct report_frames *
report_frames_new(const struct explore_options *o,
    const struct steps_program *p, const struct explore_report *r,
    const char **call)
{
	struct report_frames *t = calloc(1, sizeof *t);

	*call = "calloc";
	if (t == NULL)
		return NULL;
	*call = "signalfd";
	t->signals = frames_catch_signals();
	if (t->signals < 0) {
		free(t);
		return NULL;
	}
	t->options = o;
	t->program = p;
	t->start = now_ns();
	report_init(&t->report, o->status, false);
	frames_send_hello(t);
	frames_send_bounds(t);
	frames_send_options(t);
	frames_send_programs(t);
	frames_send(t, r, EXPLORE_RUNNING);
	return t;
}

void
report_frames_crew(struct report_frames *t, struct step_threads *crew)
{
	t->crew = crew;
}

void
report_frames_free(struct report_frames *t)
{
	if (t == NULL)
		return;
	report_free(&t->report);
	close(t->signals);
	free(t);
}
