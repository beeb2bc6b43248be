/* view_race_matrix: who overwrote whom and how often, as far as observed. */
#include "views/view_race.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "style/format.h"

#define NUMBER   7 /* width of a number */
#define NAME_MIN 10
#define NAME_MAX 18
#define MOST     64 /* threads with their own row or column */

struct side {
	int32_t tid;
	uint64_t times;
};

struct sides {
	struct side at[RACES_PAIRS];
	unsigned n;     /* all threads */
	unsigned shown; /* with their own row or column; the others share one */
};

static void
race_matrix_count(struct sides *s, int32_t tid, uint64_t times)
{
	unsigned i = 0;

	while (i < s->n && s->at[i].tid != tid)
		i++;
	if (i == s->n)
		s->at[s->n++] = (struct side){.tid = tid};
	s->at[i].times += times;
}

static int
race_matrix_busiest_first(const void *a, const void *b)
{
	const struct side *x = a, *y = b;

	if (x->times != y->times)
		return x->times < y->times ? 1 : -1;
	return (x->tid > y->tid) - (x->tid < y->tid);
}

static int
race_matrix_by_tid(const void *a, const void *b)
{
	const struct side *x = a, *y = b;

	return (x->tid > y->tid) - (x->tid < y->tid);
}

/* The busiest ones that fit; if not all fit, one row is for the rest. */
static void
race_matrix_choose(struct sides *s, int room)
{
	unsigned most = room < 1 ? 1 : room < MOST ? (unsigned)room : MOST;

	qsort(s->at, s->n, sizeof *s->at, race_matrix_busiest_first);
	s->shown = s->n <= most ? s->n : most - 1;
	qsort(s->at, s->shown, sizeof *s->at, race_matrix_by_tid);
}

/* Its index; `shown` if it is one of the others. */
static unsigned
race_matrix_place(const struct sides *s, int32_t tid)
{
	unsigned i = 0;

	while (i < s->shown && s->at[i].tid != tid)
		i++;
	return i;
}

static uint64_t
race_matrix_cell(const struct model *m, const struct sides *culprits,
    const struct sides *victims, unsigned row, unsigned col)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < RACES_PAIRS; i++) {
		const struct lost_updates_pair *p = &m->races.pair[i];

		if (p->culprit != 0 &&
		    race_matrix_place(culprits, p->culprit) == row &&
		    race_matrix_place(victims, p->victim) == col)
			sum += p->times;
	}
	return sum;
}

static void
race_matrix_number(struct pen *p, enum look look, uint64_t n)
{
	char buf[FORMAT_LEN];

	pen_field(p, n > 0 ? look : LOOK_DIM,
	    n > 0 ? format_short(buf, (double)n) : ".", -NUMBER);
}

static void
race_matrix_draw_heading(
    const struct model *m, const struct sides *victims, int name, struct pen *p)
{
	char buf[RACE_NAME];

	pen_field(p, LOOK_DIM, " over:", name);
	for (unsigned i = 0; i < victims->shown; i++) {
		const char *full = race_name(m, victims->at[i].tid, buf);
		const char *end = strrchr(full, '-');

		if (victims->at[i].tid == 0)
			full = "?";

		/* Names differ at the end: "pool-1.2". */
		if (canvas_width(full) >= NUMBER && end != NULL)
			full = end + 1;
		if (canvas_width(full) < NUMBER)
			pen_field(p, LOOK_TITLE, full, -NUMBER);
		else {
			pen_char(p, LOOK_PLAIN, ' ');
			pen_tail(p, LOOK_TITLE, full, NUMBER - 1);
		}
	}
	if (victims->shown < victims->n)
		pen_field(p, LOOK_DIM, "others", -NUMBER);
	pen_field(p, LOOK_DIM, "all", -NUMBER);
}

static void
race_matrix_draw_row(const struct model *m, const struct sides *culprits,
    const struct sides *victims, unsigned row, int name, struct pen *p)
{
	char buf[RACE_NAME];
	uint64_t all = 0;
	unsigned cols = victims->shown + (victims->shown < victims->n);

	pen_char(p, LOOK_PLAIN, ' ');
	if (row < culprits->shown)
		pen_field(p, LOOK_TITLE,
		    race_name(m, culprits->at[row].tid, buf), name - 1);
	else {
		snprintf(buf, sizeof buf, "%u others",
		    culprits->n - culprits->shown);
		pen_field(p, LOOK_DIM, buf, name - 1);
	}
	for (unsigned i = 0; i < cols; i++) {
		uint64_t n = race_matrix_cell(m, culprits, victims, row, i);

		race_matrix_number(p, LOOK_PLAIN, n);
		all += n;
	}
	race_matrix_number(p, LOOK_STRONG, all);
}

static void
race_matrix_draw_totals(const struct model *m, const struct sides *culprits,
    const struct sides *victims, int name, struct pen *p)
{
	unsigned cols = victims->shown + (victims->shown < victims->n);
	unsigned rows = culprits->shown + (culprits->shown < culprits->n);
	uint64_t all = 0;

	pen_field(p, LOOK_DIM, " all", name);
	for (unsigned i = 0; i < cols; i++) {
		uint64_t sum = 0;

		for (unsigned row = 0; row < rows; row++)
			sum += race_matrix_cell(m, culprits, victims, row, i);
		race_matrix_number(p, LOOK_STRONG, sum);
		all += sum;
	}
	race_matrix_number(p, LOOK_STRONG, all);
	if (m->races.unpaired > 0)
		pen_print(p, LOOK_DIM,
		    "  and %llu more that there was no "
		    "room",
		    (unsigned long long)m->races.unpaired);
}

void
race_matrix_draw(const struct model *m, struct area a)
{
	struct sides culprits = {.n = 0}, victims = {.n = 0};
	int name = a.cols < 60 ? NAME_MIN : NAME_MAX;
	struct pen p = pen_at(a, 0);
	int row = 0;

	for (unsigned i = 0; i < RACES_PAIRS; i++) {
		const struct lost_updates_pair *pair = &m->races.pair[i];

		if (pair->culprit == 0)
			continue;
		race_matrix_count(&culprits, pair->culprit, pair->times);
		race_matrix_count(&victims, pair->victim, pair->times);
	}
	if (culprits.n == 0) {
		pen_text(&p, LOOK_DIM,
		    " no thread has overwritten another's add yet");
		return;
	}
	race_matrix_choose(&culprits, a.rows - 2);
	race_matrix_choose(&victims, (a.cols - name - NUMBER) / NUMBER);
	race_matrix_draw_heading(m, &victims, name, &p);
	for (unsigned i = 0; i < culprits.shown + (culprits.shown < culprits.n);
	     i++) {
		p = pen_at(a, ++row);
		race_matrix_draw_row(m, &culprits, &victims, i, name, &p);
	}
	p = pen_at(a, ++row);
	race_matrix_draw_totals(m, &culprits, &victims, name, &p);
}
