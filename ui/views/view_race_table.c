/* view_race_table: a lost update, or the operations on the sum so far. */
#include "views/view_race.h"

#include <stdio.h>
#include <string.h>

#include "style/format.h"
#include "text/stepping.h"
#include "widgets/step_table.h"

#define MARGIN     10
#define STEPS_MOST 256 /* the last steps of a stepped run */
#define ROWS_MOST  (STEPS_MOST + 64)
#define TEXT       40
#define HEADING    (RACE_NAME + LETTER_TEXT)

/* Fills in a table. */
struct filling {
	const struct model *m;
	struct step_table_row row[ROWS_MOST];
	char text[ROWS_MOST][TEXT], margin[ROWS_MOST][FORMAT_LEN];
	unsigned rows;

	int32_t tid[ROWS_MOST]; /* of the columns */
	char name[ROWS_MOST][HEADING];
	const char *heading[ROWS_MOST];
	unsigned columns;
	bool letters;   /* before the names, if stepped */
	uint64_t start; /* ns of the first step */
	const struct frame *last;
};

/* "a pool-1.0" if stepped: schedules use letters. */
static const char *
race_table_heading(const struct filling *f, int32_t tid, char buf[HEADING])
{
	const struct model_proc *p;
	const struct model_thread *t =
	    f->letters ? model_thread_by_tid(f->m, tid, &p) : NULL;
	char space[LETTER_TEXT], name[RACE_NAME];
	const char *letter =
	    letter_format(t != NULL ? model_step(t)->letter : 0, space);

	snprintf(buf, HEADING, "%s%s%s", letter, letter[0] != '\0' ? " " : "",
	    race_name(f->m, tid, name));
	return buf;
}

static unsigned
race_table_column_of(struct filling *f, int32_t tid)
{
	unsigned i = 0;

	while (i < f->columns && f->tid[i] != tid)
		i++;
	if (i == f->columns && i < ROWS_MOST) {
		f->tid[i] = tid;
		f->heading[i] = race_table_heading(f, tid, f->name[i]);
		f->columns++;
	}
	return i;
}

/* Adds a row and returns where to write its text. */
static char *
race_table_add_row(struct filling *f, int32_t tid, enum look look)
{
	unsigned i = f->rows++;

	f->row[i] = (struct step_table_row){.margin = f->margin[i],
	    .column = race_table_column_of(f, tid),
	    .text = f->text[i],
	    .look = look};
	return f->text[i];
}

/* "+20 ms": since the first one */
static void
race_table_set_time(struct filling *f, uint64_t ns)
{
	char *margin = f->margin[f->rows - 1], buf[FORMAT_LEN];

	margin[0] = '\0';
	if (ns == 0)
		return;
	if (f->start == 0)
		f->start = ns;
	snprintf(margin, FORMAT_LEN, "+%.30s",
	    format_span(buf, ns > f->start ? ns - f->start : 0));
}

static void
view_race_table_draw(const struct filling *f, unsigned top, struct area a)
{
	struct steptable t = {.heading = f->heading,
	    .columns = f->columns,
	    .margin = MARGIN,
	    .row = f->row,
	    .rows = f->rows};

	step_table_draw(&t, top, a);
}

unsigned
race_table_rows(const struct lost_updates_record *r)
{
	struct lost_updates_row rows[RACES_ROWS];

	return lost_updates_rows(r, rows);
}

void
race_table_draw(const struct model *m, const struct lost_updates_record *r,
    unsigned top, struct area a)
{
	struct filling f = {.m = m};
	struct lost_updates_row rows[RACES_ROWS];
	unsigned n = lost_updates_rows(r, rows);
	char value[FORMAT_LEN], before[FORMAT_LEN];

	for (unsigned i = 0; i < n && f.rows < ROWS_MOST; i++) {
		const struct lost_updates_add *x = rows[i].add;
		bool culprit = x == &r->culprit;
		char *text = race_table_add_row(&f, x->tid,
		    rows[i].fatal ? LOOK_ALARM
			: culprit ? LOOK_STRONG
				  : LOOK_PLAIN);

		if (rows[i].fatal)
			snprintf(text, TEXT, "STORE %s over %s",
			    format_number(value, x->value),
			    format_number(before, x->before));
		else
			snprintf(text, TEXT, "%s %s",
			    rows[i].store ? "STORE" : "LOAD",
			    format_number(
				value, rows[i].store ? x->value : x->seen));
		f.row[f.rows - 1].marked = rows[i].fatal;
		race_table_set_time(&f, rows[i].ns);
	}
	view_race_table_draw(&f, top, a);
}

/* ---- a stepped run ---- */

bool
race_steps(const struct model *m)
{
	return stepping_gated(m);
}

static bool
race_table_of_lock(const struct frame *f)
{
	return f->trace.op == TRACE_LOCK || f->trace.op == TRACE_UNLOCK;
}

static bool
race_table_is_step(const struct frame *f)
{
	return f->trace.op == TRACE_LOAD || f->trace.op == TRACE_STORE ||
	    f->trace.op == TRACE_LOST || race_table_of_lock(f);
}

/*
 * The last steps at the sum and at its lock, in order; leaves out all others.
 */
static unsigned
race_table_collect(const struct model *m, const struct frame *at[STEPS_MOST])
{
	const struct frame *f;
	unsigned n = 0;

	for (unsigned i = 0;
	     n < STEPS_MOST && (f = model_trace_event(m, i)) != NULL; i++) {
		unsigned k = n;

		if (!race_table_is_step(f))
			continue;
		/* Newest first; the steps of one thread come in order. */
		for (; k > 0 && at[k - 1]->ns < f->ns; k--)
			at[k] = at[k - 1];
		at[k] = f;
		n++;
	}
	return n;
}

static void
race_table_add_event(struct filling *fill, const struct frame *f)
{
	const struct frame_trace *t = &f->trace;
	char a[FORMAT_LEN], b[FORMAT_LEN];

	if (t->op == TRACE_LOST) {
		if (fill->last == NULL || fill->last->tid != f->tid ||
		    fill->last->trace.op != TRACE_STORE)
			return;

		struct step_table_row *r = &fill->row[fill->rows - 1];

		r->look = LOOK_ALARM;
		r->marked = true;
		snprintf(fill->text[fill->rows - 1], TEXT, "STORE %s over %s",
		    format_number(a, fill->last->trace.value),
		    format_number(
			b, (int64_t)((uint64_t)t->seen + (uint64_t)t->value)));
		return;
	}
	fill->last = f;
	if (race_table_of_lock(f)) {
		snprintf(race_table_add_row(fill, f->tid, LOOK_DIM), TEXT,
		    "%s sum", t->op == TRACE_LOCK ? "LOCK" : "UNLOCK");
		return;
	}
	snprintf(race_table_add_row(fill, f->tid, LOOK_PLAIN), TEXT, "%s %s",
	    t->op == TRACE_LOAD ? "LOAD" : "STORE",
	    format_number(a, t->op == TRACE_LOAD ? t->seen : t->value));
}

/* Who is at its gate, and what it will do. */
static void
race_table_add_next(struct filling *fill, const struct model *m)
{
	for (unsigned s = 0; s < m->nslots; s++) {
		const struct model_proc *p = m->slot[s];

		for (unsigned i = 0; p != NULL && i < p->nthreads; i++) {
			const struct model_thread *t = &p->threads[i];
			char what[STEPPING_LEN];

			if (model_step(t)->point == POINT_NONE ||
			    !stepping_lives(p, t) || fill->rows == ROWS_MOST)
				continue;
			stepping_operation(m, p, t, what);
			snprintf(race_table_add_row(fill, t->tid,
				     stepping_may_go(t) ? LOOK_KEY : LOOK_DIM),
			    TEXT, "%.36s%s", what,
			    stepping_may_go(t) ? "?" : "");
			snprintf(fill->margin[fill->rows - 1], FORMAT_LEN,
			    stepping_may_go(t) ? "next" : "waits");
		}
	}
}

bool
race_steps_locked(const struct model *m)
{
	const struct frame *f;

	for (unsigned i = 0; (f = model_trace_event(m, i)) != NULL; i++)
		if (race_table_of_lock(f))
			return true;
	return false;
}

static void
race_table_fill_steps(struct filling *fill, const struct model *m)
{
	const struct frame *at[STEPS_MOST];
	unsigned n = race_table_collect(m, at);

	while (n-- > 0)
		race_table_add_event(fill, at[n]);
	race_table_add_next(fill, m);
}

unsigned
race_steps_rows(const struct model *m)
{
	struct filling fill = {.m = m, .letters = true};

	race_table_fill_steps(&fill, m);
	return fill.rows;
}

void
race_steps_draw(const struct model *m, unsigned top, struct area a)
{
	struct filling fill = {.m = m, .letters = true};

	race_table_fill_steps(&fill, m);
	view_race_table_draw(&fill, top, a);
}
