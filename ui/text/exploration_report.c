/* exploration_report: the report of a search, of one schedule or of all. */
#include "text/exploration_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "style/format.h"
#include "text/exploration_text.h"
#include "wire/letter.h"

#define CELL  22 /* columns for a thread in the table of a schedule */
#define WIDTH 76 /* columns of a line, before it is continued */

static unsigned
report_threads(const struct model *m)
{
	return m->explore.threads < MODEL_MAX_LINES ? m->explore.threads
						    : MODEL_MAX_LINES;
}

static void
report_program(const struct model *m, unsigned thread, FILE *out)
{
	int used = fprintf(out, "  %s  ", LETTER(thread + 1));

	for (unsigned k = 0; k < MODEL_CELLS; k++) {
		const char *step = m->explore_step[thread][k];

		if (step[0] == '\0')
			break;
		if (used + (int)strlen(step) + 2 > WIDTH)
			used = fprintf(out, ",\n     %s", step) - 2;
		else
			used += fprintf(out, "%s%s", k > 0 ? ", " : "", step);
	}
	fputc('\n', out);
}

static void
report_head(const struct model *m, FILE *out)
{
	fprintf(out, "%s: %s\nsteps:\n", m->hello.demo,
	    m->explore_text[EXPLORE_FORM]);
	for (unsigned i = 0; i < report_threads(m); i++)
		report_program(m, i, out);
	fputc('\n', out);
}

/* "20 of 20 schedules; bounds: ..." */
static void
report_extent(const struct model *m, FILE *out)
{
	const struct frame_explore *e = &m->explore;
	bool counted = e->total != UINT64_MAX;
	char a[FORMAT_LEN], b[FORMAT_LEN];
	const char *done = format_count(a, e->done);
	const char *total =
	    counted ? format_count(b, e->total) : "1.8e19 or more";

	if (e->reduced && !counted)
		fprintf(out, "%s classes", done);
	else
		fprintf(out, "%s %sof %s schedule%s", done,
		    e->reduced ? "classes " : "", total, format_s(e->total));
	fprintf(out, "; bounds: %s%s\n\n", m->explore_text[EXPLORE_BOUNDS],
	    e->state == EXPLORE_STOPPED ? "; stopped before the end" : "");
}

/* ---- outcomes ---- */

static void
report_outcome(const struct model *m, const struct model_outcome *o, FILE *out)
{
	bool hung = (o->now.flags & OUTCOME_DEADLOCK) != 0;
	bool sum = explore_adds_up(m);

	if (hung)
		fprintf(out, "  %-*s", sum ? 15 : 8, "deadlock");
	else if (sum)
		fprintf(
		    out, "  %7" PRId64 " %7" PRId64, o->now.value, o->now.lost);
	else if (m->explore_text[EXPLORE_VALUE][0] != '\0')
		fprintf(out, "  %8" PRId64, o->now.value);
	else
		fprintf(out, "  %-8s", "ended");
	fprintf(out, "  %10" PRIu64 "  %6.2f %%  %8" PRIu32 "  %s\n",
	    o->now.count, explore_percent(o->now.count, m->explore.done),
	    o->now.switches, explore_letters(o));
	if (hung)
		fprintf(out, "      %s\n", o->cause);
}

static void
report_outcomes(const struct model *m, FILE *out)
{
	uint16_t order[FRAME_MAX_OUTCOMES];
	unsigned n = explore_order(m, order);

	if (explore_adds_up(m))
		fprintf(out, "  %7s %7s", "sum", "lost");
	else
		fprintf(out, "  %8s", m->explore_text[EXPLORE_VALUE]);
	fprintf(out, "  %10s  %8s  %8s  %s\n",
	    m->explore.reduced ? "classes" : "schedules", "share", "switches",
	    "the smallest of them");
	for (unsigned i = 0; i < n; i++)
		report_outcome(m, &m->outcome[order[i]], out);
	if (explore_further(m) > 0)
		fprintf(out, "  and %" PRIu64 " with further outcomes\n",
		    explore_further(m));
	fputc('\n', out);
}

static void
report_verdict(const struct model *m, FILE *out)
{
	char text[EXPLORE_SENTENCE];

	if (explore_adds_up(m)) {
		explore_lose_format(m, text);
		fprintf(out, "%s\n", text);
	}
	explore_hang_format(m, text);
	fprintf(out, "%s\n", text);
	explore_scope_format(m, text);
	fprintf(out, "%s\n", text);
}

/* ---- a schedule as a table, a column per thread ---- */

static void
report_table(const struct model *m, const struct model_outcome *o, FILE *out)
{
	unsigned n = report_threads(m);

	fputs("\n  step  ", out);
	for (unsigned i = 0; i < n; i++)
		fprintf(out, "%s%*s", LETTER(i + 1), i + 1 < n ? CELL : 0, "");
	fputc('\n', out);
	for (unsigned i = 0; i < o->ncells; i++) {
		const char *cell = o->cell[i];
		int column = cell[0] - 'a';

		if (column >= 0 && column < (int)n && cell[1] == ' ')
			fprintf(out, "  %4u  %*s%s\n", i + 1,
			    column * (CELL + 1), "", cell + 2);
	}
	fputc('\n', out);
}

static void
report_effects(const struct model *m, const struct model_outcome *o, FILE *out)
{
	bool any = false;

	for (unsigned i = 0; i < o->ncells; i++) {
		struct explore_effect e = explore_effect(m, i);

		if (e.words[0] == '\0')
			continue;
		fprintf(out, "step %u: %s\n", i + 1, e.words);
		any = true;
	}
	if (any)
		fputc('\n', out);
}

static void
report_schedule(const struct model *m, const struct model_outcome *o, FILE *out)
{
	bool one = explore_is_one(m);
	char end[EXPLORE_SENTENCE], demo[EXPLORE_OPTION];

	explore_end_format(m, o, end);
	fprintf(out, "%s%s: %s, %" PRIu32 " switch%s: %s%s%s\n",
	    one ? "" : "\n",
	    one                      ? "schedule"
		: m->explore.reduced ? "a failing schedule"
				     : "the smallest that fails",
	    explore_letters(o), o->now.switches, format_es(o->now.switches),
	    end, (o->now.flags & OUTCOME_DEADLOCK) != 0 ? ": " : "",
	    (o->now.flags & OUTCOME_DEADLOCK) != 0 ? o->cause : "");
	report_table(m, o, out);
	report_effects(m, o, out);
	if (explore_pastes(o) && explore_option(m, "demo", demo))
		fprintf(out,
		    "to step through it: lockstep --step --schedule %s\n"
		    "to run it again:    lockstep explore %s --schedule %s\n",
		    o->schedule, demo, o->schedule);
}

static void
report_write(const struct model *m, FILE *out)
{
	char n[FORMAT_LEN];

	report_head(m, out);
	if (!explore_is_one(m)) {
		report_extent(m, out);
		report_outcomes(m, out);
		report_verdict(m, out);
	}
	if (explore_shown(m) != NULL)
		report_schedule(m, explore_shown(m), out);
	if (!explore_is_one(m) && explore_rate(m) > 0)
		fprintf(out, "%s schedule%s in %.3f s: %.0f per second\n",
		    format_count(n, m->explore.done), format_s(m->explore.done),
		    (double)explore_took(m) / 1e9, explore_rate(m));
}

void
exploration_report_each(
    const struct model *m, void (*line)(const char *, void *arg), void *arg)
{
	char *text = NULL, *rest, *one;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return;
	report_write(m, out);
	fclose(out);
	rest = text;
	while ((one = strsep(&rest, "\n")) != NULL)
		if (rest != NULL || one[0] != '\0')
			line(one, arg);
	free(text);
}
