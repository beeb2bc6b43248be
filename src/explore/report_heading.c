/* report_heading: what is explored, and within which bounds. */
#include "explore/report_heading.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "lockstep/frame.h"
#include "wire/wait_graph.h"

#define LINE 500

static const char heading_step[] =
    "a step is an operation that other threads can see, or the ADD between a "
    "LOAD and its STORE; waiting is not a step";
static const char heading_lesson[] =
    "A schedule is one order in which the threads take their steps. Every "
    "schedule is executed with real threads, and its outcome is counted. Once "
    "all have run, an outcome that is not listed cannot happen within the "
    "bounds. The counts are not probabilities: a free run does not choose its "
    "schedule at random.";

struct heading {
	struct report *report;
	const struct explore_options *options;
	const struct steps_program *program;
};

static void
heading_text(
    struct heading *h, enum frame_text kind, uint32_t index, const char *text)
{
	report_text(h->report, kind, index, getpid(), text);
}

static const char *
heading_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void
heading_hello(struct heading *h)
{
	const struct explore_demo *d = h->options->demo;
	const struct explore_small *s = &h->options->small;
	struct frame f = {.type = FRAME_HELLO,
	    .hello = {.magic = FRAME_MAGIC,
		.wire = FRAME_VERSION,
		.processes = 1,
		.threads = (uint16_t)s->threads,
		.run = 1}};
	char form[LINE];

	snprintf(f.hello.demo, sizeof f.hello.demo, "explore %s", d->name);
	snprintf(form, sizeof form, "%u thread%s, %u %s%s each, %s %s",
	    s->threads, heading_plural(s->threads), s->adds, d->part,
	    heading_plural(s->adds), d->adds_up ? "lock" : "fix",
	    d->adds_up ? s->lock : s->fix);
	f.pid = getpid();
	report_push(h->report, &f);
	heading_text(h, TEXT_TITLE, 0, d->title);
	heading_text(h, TEXT_LESSON, 0, d->lesson);
	heading_text(h, TEXT_LESSON, 1, heading_lesson);
	heading_text(h, TEXT_EXPLORE, 0, form);
	heading_text(h, TEXT_EXPLORE, 1, heading_step);
	if (d->value != NULL)
		heading_text(h, TEXT_EXPLORE, 3, d->value);
}

static void
heading_bounds(struct heading *h)
{
	const struct explore_options *o = h->options;
	char words[LINE] = "only the given schedule", switches[40] = "";

	if (o->max_switches != EXPLORE_ANY)
		snprintf(switches, sizeof switches, "%u switch%s and ",
		    o->max_switches, o->max_switches == 1 ? "" : "es");
	if (o->schedule == NULL)
		snprintf(words, sizeof words,
		    "at most %s%" PRIu64 " schedule%s; %s", switches, o->limit,
		    heading_plural(o->limit),
		    o->reduce ? "one schedule stands for its class: all that "
				"differ only in the order of independent steps"
			      : "fewest switches first");
	heading_text(h, TEXT_EXPLORE, 2, words);
}

/* For programs that read frames: see struct frame_explore. */
static void
heading_options(struct heading *h)
{
	const struct explore_options *o = h->options;
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
	heading_text(h, TEXT_EXPLORE, 4, line);
}

/* What each thread does: in a line, and step by step. */
static void
heading_programs(struct heading *h)
{
	const struct steps_program *p = h->program;

	for (unsigned i = 0; i < p->nthreads; i++) {
		char line[LINE] = "";
		struct wait_text text = {.buf = line, .size = sizeof line};

		for (unsigned k = 0; k < p->length[i]; k++) {
			char step[STEP_TEXT];

			step_format(step, sizeof step, p, &p->step[i][k]);
			wait_add(&text, "%s%s", k > 0 ? ", " : "", step);
			heading_text(h, TEXT_STEP, i << 8 | k, step);
		}
		heading_text(h, TEXT_PARAM, i, line);
	}
}

void
report_heading(struct report *r, const struct explore_options *o,
    const struct steps_program *p)
{
	struct heading h = {r, o, p};

	heading_hello(&h);
	heading_bounds(&h);
	heading_options(&h);
	heading_programs(&h);
}
