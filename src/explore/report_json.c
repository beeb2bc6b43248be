/* report_json: what an exploration found, as one JSON object. */
#include "explore/explore_main.h"

#include <inttypes.h>

#include "explore/explore_schedule.h"
#include "lockstep/util.h"

/* Every string here is ours: letters, digits, and nothing to be escaped. */

/* What can be pasted, and its letters alone. */
static void
json_put_schedule(
    const struct explore_told *t, const struct interleaving *s, FILE *out)
{
	char string[EXPLORE_STRING], letters[STEPS_TEXT];

	explore_string_format(string, t->options, s);
	interleaving_format(letters, s);
	fprintf(out,
	    "\"schedule\": \"%s\", \"letters\": \"%s\", \"switches\": %u",
	    string, letters, interleaving_switches(s));
}

static void
json_put_program(const struct steps_program *p, FILE *out)
{
	fputs("  \"program\": {", out);
	for (unsigned i = 0; i < p->nthreads; i++) {
		fprintf(
		    out, "%s\n    \"%c\": [", i > 0 ? "," : "", 'a' + (int)i);
		for (unsigned k = 0; k < p->length[i]; k++) {
			char step[40];

			step_format(step, sizeof step, p, &p->step[i][k]);
			fprintf(out, "%s\"%s\"", k > 0 ? ", " : "", step);
		}
		fputc(']', out);
	}
	fputs("\n  },\n", out);
}

static void
json_put_options(const struct explore_options *o, FILE *out)
{
	fprintf(out,
	    "  \"demo\": \"%s\",\n  \"threads\": %u,\n  \"adds\": %u,\n",
	    o->demo->name, o->small.threads, o->small.adds);
	if (o->demo->adds_up)
		fprintf(out, "  \"steps_per_add\": %u,\n  \"lock\": \"%s\",\n",
		    o->small.steps, o->small.lock);
	else
		fprintf(out, "  \"fix\": \"%s\",\n", o->small.fix);
}

static void
json_put_bounds(const struct explore_options *o, FILE *out)
{
	fprintf(out, "  \"reduce\": %s,\n", o->reduce ? "true" : "false");
	if (o->max_switches != EXPLORE_ANY)
		fprintf(
		    out, "  \"max_switches\": %" PRIu32 ",\n", o->max_switches);
	else
		fputs("  \"max_switches\": null,\n", out);
	fprintf(out, "  \"limit\": %" PRIu64 ",\n", o->limit);
}

static void
json_put_counts(const struct explore_told *t, FILE *out)
{
	const struct explore_report *r = t->report;

	fprintf(out, "  \"schedules\": %" PRIu64 ",\n", r->schedules);
	if (r->of > 0 && r->of < UINT64_MAX)
		fprintf(out, "  \"of\": %" PRIu64 ",\n", r->of);
	else
		fputs("  \"of\": null,\n", out);
	fprintf(out,
	    "  \"complete\": %s,\n  \"losing\": %" PRIu64
	    ",\n  \"share_losing\": %.6f,\n  \"deadlocked\": %" PRIu64
	    ",\n  \"other_outcomes\": %" PRIu64 ",\n",
	    r->complete ? "true" : "false", r->losing,
	    r->schedules > 0 ? (double)r->losing / (double)r->schedules : 0,
	    r->deadlocks, r->further);
}

/* "value": 1, "lost": 1: of a demo that comes to something. */
static void
json_put_value(
    const struct explore_told *t, const struct explore_outcome *o, FILE *out)
{
	if (t->options->demo->value != NULL)
		fprintf(out, "\"value\": %" PRId64, o->value);
	else
		fputs("\"value\": null", out);
	fprintf(out, ", \"lost\": %" PRId64 ", ", o->lost);
}

static void
json_put_outcomes(const struct explore_told *t, bool deadlocks, FILE *out)
{
	const struct explore_report *r = t->report;
	const char *between = "\n";

	fprintf(out, "  \"%s\": [", deadlocks ? "deadlocks" : "outcomes");
	for (unsigned i = 0; i < r->noutcomes; i++) {
		const struct explore_outcome *o = &r->outcome[i];

		if (o->deadlock != deadlocks)
			continue;
		fprintf(out, "%s    {", between);
		if (deadlocks)
			fprintf(out, "\"words\": \"%s\", ", o->words);
		else
			json_put_value(t, o, out);
		fprintf(out, "\"schedules\": %" PRIu64 ", ", o->schedules);
		json_put_schedule(t, &o->smallest, out);
		fputs("}", out);
		between = ",\n";
	}
	fputs("\n  ],\n", out);
}

/* Whose amounts a store has wiped out; below 0: brought back. */
static void
json_put_blame(const struct explore_told *t, unsigned step, FILE *out)
{
	const char *between = ", \"wiped\": {";
	char words[256];

	for (unsigned i = 0; i < t->program->nthreads; i++) {
		if (t->blame[step].wiped[i] == 0)
			continue;
		fprintf(out, "%s\"%c\": %" PRId64, between, (char)('a' + i),
		    t->blame[step].wiped[i]);
		between = ", ";
	}
	explore_blame_format(words, sizeof words, t->schedule, t->blame, step);
	if (words[0] != '\0')
		fprintf(out, "}, \"words\": \"%s\"", words);
}

static void
json_put_steps(const struct explore_told *t, FILE *out)
{
	struct steps_state at = {0};

	fputs("    \"steps\": [", out);
	for (unsigned i = 0; i < t->schedule->length; i++) {
		unsigned who = t->schedule->thread[i];
		char step[40];

		step_format(step, sizeof step, t->program,
		    steps_next(t->program, &at, who));
		at.at[who]++;
		fprintf(out,
		    "%s\n      {\"thread\": \"%c\", \"step\": \"%s\", "
		    "\"value\": %" PRId64 ", \"lost\": %" PRId64,
		    i > 0 ? "," : "", 'a' + (int)who, step, t->trace[i].value,
		    t->trace[i].lost);
		json_put_blame(t, i, out);
		fputs("}", out);
	}
	fputs("\n    ]\n", out);
}

/* The one that was asked for, or the smallest that fails. */
static void
json_put_one(const struct explore_told *t, FILE *out)
{
	const struct explore_outcome *o = t->outcome;

	fprintf(out,
	    "  \"%s\": ", t->options->schedule != NULL ? "run" : "failing");
	if (o == NULL) {
		fputs("null", out);
		return;
	}
	fputs("{\n    ", out);
	json_put_schedule(t, t->schedule, out);
	fputs(",\n    ", out);
	json_put_value(t, o, out);
	if (o->deadlock)
		fprintf(out, "\"deadlock\": \"%s\",\n", o->words);
	else
		fprintf(out, "\"expected\": %" PRId64 ", \"deadlock\": null,\n",
		    o->value + o->lost);
	json_put_steps(t, out);
	fputs("  }", out);
}

/* One run is the same each time, to the last byte: no times in it. */
void
explore_json(const struct explore_told *t, FILE *out)
{
	const struct explore_report *r = t->report;

	fputs("{\n", out);
	json_put_options(t->options, out);
	json_put_program(t->program, out);
	if (t->options->schedule == NULL) {
		json_put_bounds(t->options, out);
		json_put_counts(t, out);
		json_put_outcomes(t, false, out);
		json_put_outcomes(t, true, out);
	}
	fprintf(
	    out, "  \"identity\": %s,\n", r->breaches == 0 ? "true" : "false");
	json_put_one(t, out);
	if (t->options->schedule == NULL)
		fprintf(out, ",\n  \"seconds\": %.6f",
		    (double)r->ns / NSEC_PER_SEC);
	fputs("\n}\n", out);
}
