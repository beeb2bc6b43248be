/* report_frames: an exploration as frames. */
#include "explore/report_frames.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/util_priv.h"
#include "explore/explore_schedule.h"
#include "lockstep/frame.h"
#include "lockstep/util.h"
#include "wire/status.h"

#define LOOK_NS (33 * NSEC_PER_MSEC) /* between two looks */
#define LAST_NS (2 * NSEC_PER_SEC)   /* for the last word */
#define STEP_IS                                                                \
	"a step is what other threads can see, or the ADD between a LOAD and " \
	"its STORE; waiting is none"
#define EVERY                                                              \
	"Every order in which these threads can take their steps is a "    \
	"schedule. Each is run with real threads, and what it came to is " \
	"counted: an outcome that is not there cannot happen within the "  \
	"bounds, once all were run."

struct explore_tell {
	const struct explore_told *told;
	struct report report;
	struct step_threads *crew;
	int signals; /* a signalfd */
	struct frame_reader reader;
	bool stop;
	uint64_t start, looked; /* ns */
	struct frame explore;   /* as last sent; so are those that follow */
	struct frame outcome[FRAME_MAX_OUTCOMES];
	struct interleaving schedule[FRAME_MAX_OUTCOMES];
	struct step_threads_trace trace[STEPS_MAX];
	struct explore_blame blame[STEPS_MAX];
};

/* ---- listening ---- */

static void
frames_obey(const struct frame *f, void *arg)
{
	struct explore_tell *t = arg;

	if (f->type == FRAME_COMMAND && f->command.op == COMMAND_STOP)
		t->stop = true;
}

/* It ends when its reader does. */
static void
frames_listen_to(struct explore_tell *t, int control)
{
	struct pollfd p[2] = {{.fd = control, .events = POLLIN},
	    {.fd = t->signals, .events = POLLIN}};
	unsigned char buf[FRAME_BATCH * FRAME_SIZE];
	ssize_t n;

	if (poll(p, 2, 0) <= 0)
		return;
	if (p[1].revents != 0)
		t->stop = true;
	if (p[0].revents == 0)
		return;
	n = read(control, buf, sizeof buf);
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		t->stop = true;
	if (n > 0)
		frame_read(&t->reader, buf, (size_t)n, frames_obey, t);
}

/* ---- telling ---- */

static void
frames_say_hello(struct explore_tell *t)
{
	const struct explore_options *o = t->told->options;
	struct frame f = {.type = FRAME_HELLO,
	    .hello = {.magic = FRAME_MAGIC,
		.wire = FRAME_VERSION,
		.processes = 1,
		.threads = (uint16_t)o->small.threads,
		.run = 1}};
	char words[EXPLORE_LINE];

	snprintf(
	    f.hello.demo, sizeof f.hello.demo, "explore %s", o->demo->name);
	f.pid = getpid();
	report_push(&t->report, &f);
	explore_form_format(words, sizeof words, o);
	report_text(&t->report, TEXT_TITLE, 0, f.pid, o->demo->title);
	report_text(&t->report, TEXT_LESSON, 0, f.pid, o->demo->lesson);
	report_text(&t->report, TEXT_LESSON, 1, f.pid, EVERY);
	report_text(&t->report, TEXT_EXPLORE, 0, f.pid, words);
	report_text(&t->report, TEXT_EXPLORE, 1, f.pid, STEP_IS);
	if (o->demo->value != NULL)
		report_text(&t->report, TEXT_EXPLORE, 3, f.pid, o->demo->value);
}

/* What each thread does, and within which bounds. */
static void
frames_say_bounds(struct explore_tell *t)
{
	const struct explore_options *o = t->told->options;
	char words[EXPLORE_LINE];
	const char *order = o->reduce
	    ? "of schedules that differ only in the order of independent "
	      "steps one is run, which stands for its class"
	    : "fewest switches first";

	if (o->schedule != NULL)
		snprintf(
		    words, sizeof words, "only the schedule that was given");
	else if (o->max_switches != EXPLORE_ANY)
		snprintf(words, sizeof words,
		    "at most %u switch%s and %llu schedule%s; %s",
		    o->max_switches, o->max_switches == 1 ? "" : "es",
		    (unsigned long long)o->limit, o->limit == 1 ? "" : "s",
		    order);
	else
		snprintf(words, sizeof words, "at most %llu schedule%s; %s",
		    (unsigned long long)o->limit, o->limit == 1 ? "" : "s",
		    order);
	report_text(&t->report, TEXT_EXPLORE, 2, getpid(), words);
}

static void
frames_say_programs(struct explore_tell *t)
{
	const struct steps_program *p = t->told->program;

	for (unsigned i = 0; i < p->nthreads; i++) {
		char words[EXPLORE_LINE] = "";
		size_t used = 0;

		for (unsigned k = 0; k < p->length[i] && used < sizeof words;
		     k++) {
			char step[40];

			step_format(step, sizeof step, p, &p->step[i][k]);
			int n = snprintf(words + used, sizeof words - used,
			    "%s%s", k > 0 ? ", " : "", step);
			used += n > 0 ? (size_t)n : 0;
		}
		report_text(&t->report, TEXT_PARAM, i, getpid(), words);
	}
}

static void
frames_tell_cells(struct explore_tell *t, const struct explore_outcome *o)
{
	const struct steps_program *p = t->told->program;
	const struct interleaving *s = &o->smallest;
	struct steps_state at = {0};

	for (unsigned i = 0; i < s->length; i++) {
		unsigned who = s->thread[i];
		char cell[96], line[100];

		explore_cell_format(cell, sizeof cell, p,
		    steps_next(p, &at, who), &t->trace[i]);
		at.at[who]++;
		snprintf(line, sizeof line, "%c %s", (char)('a' + who), cell);
		report_text(
		    &t->report, TEXT_CELL, o->number << 8 | i, getpid(), line);
	}
}

/* Its smallest schedule, run once more. */
static void
frames_tell_schedule(struct explore_tell *t, const struct explore_outcome *o)
{
	struct step_threads_result result;
	char string[EXPLORE_STRING], cause[EXPLORE_WORDS];

	step_threads_run(t->crew, &o->smallest, 1, &result, t->trace);
	explore_blame(t->told->program, &o->smallest, t->blame);
	explore_string_format(string, t->told->options, &o->smallest);
	if (o->deadlock)
		snprintf(cause, sizeof cause, "%s", o->words);
	else
		explore_blame_all(cause, sizeof cause, &o->smallest, t->blame);
	report_text(&t->report, TEXT_OUTCOME, o->number, getpid(), string);
	report_text(&t->report, TEXT_CAUSE, o->number, getpid(), cause);
	frames_tell_cells(t, o);
	t->schedule[o->number] = o->smallest;
}

static void
frames_tell_outcome(struct explore_tell *t, const struct explore_outcome *o)
{
	unsigned flags = (o->deadlock ? OUTCOME_DEADLOCK : 0) |
	    (!o->deadlock && o->lost != 0 ? OUTCOME_LOSES : 0);
	struct frame f = {.type = FRAME_OUTCOME,
	    .pid = getpid(),
	    .outcome = {.index = (uint16_t)o->number,
		.flags = (uint8_t)flags,
		.switches = o->switches,
		.value = o->value,
		.lost = o->lost,
		.expected = o->value + o->lost,
		.count = o->schedules}};
	const struct interleaving *had = &t->schedule[o->number];

	if (had->length != o->smallest.length ||
	    memcmp(had->thread, o->smallest.thread, had->length) != 0 ||
	    t->outcome[o->number].type == 0)
		frames_tell_schedule(t, o);
	report_offer(&t->report, &f, &t->outcome[o->number]);
}

static void
frames_tell(struct explore_tell *t, const struct explore_report *r,
    enum frame_explore_state state)
{
	const struct explore_options *o = t->told->options;
	struct frame f = {.type = FRAME_EXPLORE,
	    .pid = getpid(),
	    .explore = {.state = (uint8_t)state,
		.reduced = o->reduce,
		.outcomes = (uint16_t)r->noutcomes,
		.threads = o->small.threads,
		.done = r->schedules,
		.total = r->of > 0 ? r->of : UINT64_MAX,
		.losing = r->losing,
		.deadlocks = r->deadlocks}};

	report_begin(&t->report);
	report_offer(&t->report, &f, &t->explore);
	for (unsigned i = 0; i < r->noutcomes; i++)
		if (r->outcome[i].number < FRAME_MAX_OUTCOMES)
			frames_tell_outcome(t, &r->outcome[i]);
	report_flush(&t->report);
	report_begin(&t->report);
}

bool
explore_tell_look(const struct explore_report *r, void *arg)
{
	struct explore_tell *t = arg;
	uint64_t now = now_ns();

	if (now - t->looked < LOOK_NS)
		return true;
	t->looked = now;
	frames_listen_to(t, t->told->options->control);
	frames_tell(t, r, EXPLORE_RUNNING);
	return !t->stop && !t->report.broken;
}

/* ---- the last word ---- */

static void
say_report(struct explore_tell *t, const struct explore_told *told)
{
	char *text = NULL, *rest, *line;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return;
	explore_print(told, out);
	fclose(out);
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL)
		if (rest != NULL || line[0] != '\0')
			report_text(&t->report, TEXT_OUTPUT, 0, getpid(), line);
	free(text);
}

/* All that is left goes out, unless nobody reads. */
static void
frames_drain(struct explore_tell *t)
{
	uint64_t deadline = now_ns() + LAST_NS;
	struct pollfd p = {.fd = t->told->options->status, .events = POLLOUT};

	report_begin(&t->report);
	while (t->report.npending > 0 && !t->report.broken &&
	    now_ns() < deadline) {
		poll(&p, 1, 100);
		report_begin(&t->report);
	}
}

bool
explore_tell_end(struct explore_tell *t, const struct explore_told *told)
{
	const struct explore_report *r = told->report;
	struct frame bye = {.type = FRAME_BYE,
	    .pid = getpid(),
	    .bye = {.elapsed = now_ns() - t->start, .tasks = r->schedules}};

	frames_drain(
	    t); /* states are not queued: there must be room for them */
	frames_tell(t, r,
	    r->stopped        ? EXPLORE_STOPPED
		: r->complete ? EXPLORE_COMPLETE
			      : EXPLORE_LIMITED);
	say_report(t, told);
	bye.bye.dropped = t->report.dropped;
	bye.bye.outcome = r->breaches > 0 ? OUTCOME_FAILED
	    : r->stopped                  ? OUTCOME_STOPPED
					  : OUTCOME_DONE;
	report_push(&t->report, &bye);
	frames_drain(t);
	return !report_failed(&t->report);
}

/* ---- setting up ---- */

struct explore_tell *
explore_tell_new(const struct explore_told *told, const char **call)
{
	struct explore_tell *t = calloc(1, sizeof *t);
	static const int endings[] = {SIGINT, SIGTERM, SIGHUP};
	sigset_t set;

	*call = "calloc";
	if (t == NULL)
		return NULL;
	*call = "signalfd";
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (!signal_is_ignored(endings[i]))
			sigaddset(&set, endings[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	t->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (t->signals < 0) {
		free(t);
		return NULL;
	}
	t->told = told;
	t->start = now_ns();
	report_init(&t->report, told->options->status, false);
	frames_say_hello(t);
	frames_say_bounds(t);
	frames_say_programs(t);
	frames_tell(t, told->report, EXPLORE_RUNNING);
	return t;
}

void
explore_tell_crew(struct explore_tell *t, struct step_threads *crew)
{
	t->crew = crew;
}

void
explore_tell_free(struct explore_tell *t)
{
	if (t == NULL)
		return;
	report_free(&t->report);
	close(t->signals);
	free(t);
}
