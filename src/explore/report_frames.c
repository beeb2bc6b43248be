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
#include "explore/report_heading.h"
#include "lockstep/frame.h"
#include "lockstep/util.h"
#include "wire/status.h"

#define LOOK_NS (33 * NSEC_PER_MSEC) /* between two looks */
#define LAST_NS (2 * NSEC_PER_SEC)   /* at the end, for a reader to read on */
#define UNREAD  4096                 /* frames: no schedules beyond */
#define LINE    500

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

static void
frames_text(struct report_frames *t, enum frame_text kind, uint32_t index,
    const char *text)
{
	report_text(&t->report, kind, index, getpid(), text);
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
	report_heading(&t->report, o, p);
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
