/* report_text: what an exploration found, as text. */
#include "explore/explore_main.h"

#include <inttypes.h>
#include <string.h>

#include "explore/explore_schedule.h"
#include "lockstep/util.h"

#define CELL  22 /* columns for a thread in the table of a schedule */
#define WIDTH 76 /* columns of a line that goes on on the next one */

static const char *
print_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void
print_program(const struct explore_told *t, FILE *out)
{
	const struct steps_program *p = t->program;

	for (unsigned i = 0; i < p->nthreads; i++) {
		int used = fprintf(out, "  %c  ", (char)('a' + i));

		for (unsigned k = 0; k < p->length[i]; k++) {
			char step[40];

			step_format(step, sizeof step, p, &p->step[i][k]);
			if (used + (int)strlen(step) + 2 > WIDTH)
				used = fprintf(out, ",\n     %s", step) - 2;
			else
				used += fprintf(
				    out, "%s%s", k > 0 ? ", " : "", step);
		}
		fputc('\n', out);
	}
}

void
explore_form_format(char *buf, size_t size, const struct explore_options *o)
{
	const struct explore_small *s = &o->small;

	snprintf(buf, size, "%u thread%s, %u %s%s each, %s %s", s->threads,
	    print_plural(s->threads), s->adds, o->demo->part,
	    print_plural(s->adds), o->demo->adds_up ? "lock" : "fix",
	    o->demo->adds_up ? s->lock : s->fix);
}

static void
print_head(const struct explore_told *t, FILE *out)
{
	char form[96];

	explore_form_format(form, sizeof form, t->options);
	fprintf(out, "explore %s: %s\nsteps:\n", t->options->demo->name, form);
	print_program(t, out);
	fputc('\n', out);
}

static double
print_percent(uint64_t n, uint64_t of)
{
	return of > 0 ? 100.0 * (double)n / (double)of : 0;
}

static void
print_count(uint64_t n, FILE *out)
{
	if (n == UINT64_MAX)
		fputs("1.8e19 or more", out);
	else
		fprintf(out, "%" PRIu64, n);
}

static void
print_put_extent(const struct explore_told *t, FILE *out)
{
	const struct explore_options *o = t->options;
	const struct explore_report *r = t->report;

	if (o->reduce) {
		fprintf(out, "%" PRIu64 " class%s", r->schedules,
		    r->schedules == 1 ? "" : "es");
		if (r->of > 0) {
			fputs(" of ", out);
			print_count(r->of, out);
			fprintf(out, " schedule%s", print_plural(r->of));
		}
		fputs(": one schedule run of those that differ only in the "
		      "order of independent steps",
		    out);
	} else {
		fprintf(out, "%" PRIu64 " of ", r->schedules);
		print_count(r->of, out);
		fprintf(out, " schedule%s", print_plural(r->of));
		if (o->max_switches != EXPLORE_ANY)
			fprintf(out, " with at most %" PRIu32 " switch%s",
			    o->max_switches, o->max_switches == 1 ? "" : "es");
		fputs(", fewest switches first", out);
	}
	if (r->stopped)
		fputs("; stopped before the end", out);
	else if (!r->complete)
		fprintf(out, "; stopped at --limit %" PRIu64, o->limit);
}

void
explore_extent_format(char *buf, size_t size, const struct explore_told *t)
{
	FILE *out;

	buf[0] = '\0';
	if ((out = fmemopen(buf, size, "w")) == NULL)
		return;
	print_put_extent(t, out);
	fclose(out);
	buf[size - 1] = '\0';
}

static void
print_extent(const struct explore_told *t, FILE *out)
{
	print_put_extent(t, out);
	fputs("\n\n", out);
}

/* "2       0": what it came to, and what was lost if there can be. */
static void
print_value(
    const struct explore_told *t, const struct explore_outcome *o, FILE *out)
{
	const struct explore_demo *d = t->options->demo;

	if (o->deadlock)
		fprintf(out, "  %-*s", d->adds_up ? 15 : 8, "deadlock");
	else if (d->adds_up)
		fprintf(out, "  %7" PRId64 " %7" PRId64, o->value, o->lost);
	else if (d->value != NULL)
		fprintf(out, "  %8" PRId64, o->value);
	else
		fprintf(out, "  %-8s", "ended");
}

static void
print_outcome(
    const struct explore_told *t, const struct explore_outcome *o, FILE *out)
{
	char schedule[STEPS_TEXT];

	interleaving_format(schedule, &o->smallest);
	print_value(t, o, out);
	fprintf(out, "  %10" PRIu64 "  %6.2f %%  %8u  %s\n", o->schedules,
	    print_percent(o->schedules, t->report->schedules), o->switches,
	    schedule);
	if (o->deadlock)
		fprintf(out, "      %s\n", o->words);
}

static void
print_outcomes(const struct explore_told *t, FILE *out)
{
	const struct explore_report *r = t->report;
	const struct explore_demo *d = t->options->demo;

	if (d->adds_up)
		fprintf(out, "  %7s %7s", d->value, "lost");
	else
		fprintf(out, "  %8s", d->value != NULL ? d->value : "");
	fprintf(out, "  %10s  %8s  %8s  %s\n",
	    t->options->reduce ? "classes" : "schedules", "share", "switches",
	    "the smallest of them");
	for (unsigned i = 0; i < r->noutcomes; i++)
		print_outcome(t, &r->outcome[i], out);
	if (r->further > 0)
		fprintf(out, "  and %" PRIu64 " that ended in other ways\n",
		    r->further);
	fputc('\n', out);
}

/* "18 of 20 schedules lose an update" */
static void
print_share(const struct explore_told *t, uint64_t n, const char *does,
    const char *do_, FILE *out)
{
	uint64_t of = t->report->schedules;
	const char *noun = t->options->reduce ? "class" : "schedule";
	const char *nouns = t->options->reduce ? "classes" : "schedules";

	if (n == 0)
		fprintf(out, "no %s %s\n", noun, does);
	else
		fprintf(out, "%" PRIu64 " of %" PRIu64 " %s %s\n", n, of,
		    of == 1 ? noun : nouns, n == 1 ? does : do_);
}

/* What the words above are true of. */
static void
print_scope(const struct explore_told *t, FILE *out)
{
	const struct explore_options *o = t->options;

	if (!t->report->complete)
		fputs("of those that were run; what the others do is not "
		      "known\n",
		    out);
	else if (o->max_switches != EXPLORE_ANY)
		fprintf(out,
		    "of all with at most %" PRIu32 " switch%s; what "
		    "more of them do is not known\n",
		    o->max_switches, o->max_switches == 1 ? "" : "es");
	else
		fputs("of all there are, with these threads and steps: nothing "
		      "else can "
		      "happen\n",
		    out);
}

static void
print_verdict(const struct explore_told *t, FILE *out)
{
	const struct explore_report *r = t->report;

	if (t->options->demo->adds_up)
		print_share(
		    t, r->losing, "loses an update", "lose an update", out);
	print_share(
	    t, r->deadlocks, "ends in a deadlock", "end in a deadlock", out);
	if (r->losing + r->deadlocks > 0 && r->schedules > 1)
		fputs("not a probability: a real run takes some schedules far "
		      "more often\n",
		    out);
	if (t->options->reduce)
		fputs("these are shares of classes, not of schedules: a class "
		      "may stand for many or for few\n",
		    out);
	print_scope(t, out);
}

/* ---- a schedule as a table, a column per thread ---- */

void
explore_cell_format(char *buf, size_t size, const struct steps_program *p,
    const struct step *s, const struct step_threads_trace *trace)
{
	char step[40];

	step_format(step, sizeof step, p, s);
	if (s->op == STEP_LOAD)
		snprintf(buf, size, "%s: %" PRId64, step, trace->value);
	else if (s->op == STEP_STORE && trace->lost != 0)
		snprintf(buf, size, "%s: %" PRId64 " (%+" PRId64 ")", step,
		    trace->value, -trace->lost);
	else if (s->op == STEP_STORE || s->op == STEP_FETCH_ADD)
		snprintf(buf, size, "%s: %" PRId64, step, trace->value);
	else if (s->op == STEP_ADD)
		snprintf(buf, size, "%s = %" PRId64, step, trace->value);
	else
		snprintf(buf, size, "%s", step);
}

static void
print_table(const struct explore_told *t, FILE *out)
{
	const struct interleaving *s = t->schedule;
	struct steps_state at = {0};

	fprintf(out, "\n  step  ");
	for (unsigned i = 0; i < t->program->nthreads; i++)
		fprintf(out, "%c%*s", 'a' + (int)i,
		    i + 1 < t->program->nthreads ? CELL : 0, "");
	fputc('\n', out);
	for (unsigned i = 0; i < s->length; i++) {
		unsigned who = s->thread[i];
		char cell[96];

		explore_cell_format(cell, sizeof cell, t->program,
		    steps_next(t->program, &at, who), &t->trace[i]);
		at.at[who]++;
		fprintf(out, "  %4u  %*s%s\n", i + 1, (int)who * (CELL + 1), "",
		    cell);
	}
	fputc('\n', out);
}

/* Whose amounts were wiped out by whom. */
static void
print_blame(const struct explore_told *t, FILE *out)
{
	bool any = false;

	for (unsigned i = 0; i < t->schedule->length; i++) {
		char words[256];

		explore_blame_format(
		    words, sizeof words, t->schedule, t->blame, i);
		if (words[0] == '\0')
			continue;
		fprintf(out, "step %u: %s\n", i + 1, words);
		any = true;
	}
	if (any)
		fputc('\n', out);
}

/* The first opens the dashboard at its gates. */
static void
print_command(const struct explore_told *t, FILE *out)
{
	char string[EXPLORE_STRING];

	explore_string_format(string, t->options, t->schedule);
	fprintf(out,
	    "to step through it: lockstep --step --schedule %s\n"
	    "to run it again:    lockstep explore %s --schedule %s\n",
	    string, t->options->demo->name, string);
}

static void
print_schedule(const struct explore_told *t, FILE *out)
{
	const struct explore_outcome *o = t->outcome;
	char schedule[STEPS_TEXT];

	interleaving_format(schedule, t->schedule);
	fprintf(out,
	    "%s%s: %s, %u switch%s: ", t->options->schedule != NULL ? "" : "\n",
	    t->options->schedule != NULL ? "schedule"
		: t->options->reduce     ? "a failing schedule"
					 : "the smallest that fails",
	    schedule, o->switches, o->switches == 1 ? "" : "es");
	if (o->deadlock)
		fprintf(out, "deadlock: %s\n", o->words);
	else if (t->options->demo->adds_up)
		fprintf(out, "expected %" PRId64 ", was %" PRId64 "\n",
		    o->value + o->lost, o->value);
	else
		fputs("everybody ended\n", out);
	print_table(t, out);
	print_blame(t, out);
	print_command(t, out);
}

void
explore_print(const struct explore_told *t, FILE *out)
{
	const struct explore_report *r = t->report;

	print_head(t, out);
	if (t->options->schedule == NULL) {
		print_extent(t, out);
		print_outcomes(t, out);
		print_verdict(t, out);
	}
	if (t->schedule != NULL)
		print_schedule(t, out);
	if (t->options->schedule == NULL && r->ns > 0)
		fprintf(out,
		    "%" PRIu64 " schedule%s in %.3f s: %.0f a second\n",
		    r->schedules, print_plural(r->schedules),
		    (double)r->ns / NSEC_PER_SEC,
		    (double)r->schedules * NSEC_PER_SEC / (double)r->ns);
}
