/* view_locks: the lock in force, and every kind that there is. */
#include "view.h"

#include <inttypes.h>
#include <stdio.h>

#include "draw.h"
#include "format.h"
#include "kinds.h"
#include "made.h"

#define NAME_COLS 12
#define WIDE      72 /* columns: numbers besides names and lessons */

static void
draw_holder(const struct model *m, struct pen *p)
{
	const struct model_proc *proc;
	const struct model_thread *t;
	char buf[FORMAT_LEN];

	pen_text(p, LOOK_DIM, " holder ");
	if (m->lock.holder == 0) {
		pen_text(p, LOOK_PLAIN, "nobody");
		return;
	}
	t = model_thread_by_tid(m, m->lock.holder, &proc);
	if (t != NULL)
		pen_print(p, LOOK_STRONG, "%s/%s", proc->name, t->name);
	else
		pen_print(p, LOOK_STRONG, "tid %d", (int)m->lock.holder);
	if (m->lock.held_us > 0)
		pen_print(p, LOOK_DIM, " for %s",
		    format_age(buf, m->lock.held_us * 1000ULL));
}

static int
draw_counts_of_run(const struct model *m, struct area a, int row)
{
	const struct frame_lock *l = &m->lock;
	char text[256], acquired[FORMAT_LEN], contended[FORMAT_LEN],
	    switches[FORMAT_LEN];

	snprintf(text, sizeof text,
	    "in this run: acquired %s times; contended %s times: found it "
	    "taken and had to wait, or to try again; switched %s times",
	    format_number(acquired, (int64_t)l->acquired),
	    format_number(contended, (int64_t)l->contended),
	    format_number(switches, (int64_t)l->switches));
	return draw_indented(a, row, 1, LOOK_PLAIN, text);
}

static int
draw_now(const struct model *m, struct area a, int row)
{
	const struct frame_lock *l = &m->lock;
	struct pen p = pen_at(a, row++);

	pen_text(&p, LOOK_TITLE, " lock around the sum");
	pen_text(&p, LOOK_DIM, "   in force ");
	pen_text(&p, l->kind != 0 ? LOOK_GOOD : LOOK_ALARM,
	    model_lock_name(m, l->kind));
	if (l->wanted != l->kind)
		pen_print(&p, LOOK_WARN, "  switching to %s",
		    model_lock_name(m, l->wanted));
	p = pen_at(a, row++);
	draw_holder(m, &p);
	pen_print(&p, LOOK_PLAIN, "   %" PRIu32 " waiting", l->waiters);
	row += draw_counts_of_run(m, a, row) + 1;
	p = pen_at(a, row++);
	pen_text(&p, LOOK_TITLE, " kinds");
	pen_text(&p, LOOK_DIM, "   ");
	pen_text(&p, LOOK_KEY, "L");
	pen_text(&p, LOOK_DIM, " chooses, ");
	pen_text(&p, LOOK_KEY, "l");
	pen_text(&p, LOOK_DIM, " turns on and off");
	if (a.cols < WIDE)
		return row;
	p = pen_at(a, row++);
	pen_field(&p, LOOK_DIM, "", NAME_COLS);
	draw_kind_titles(&p, true);
	return row;
}

static int
draw_kind(const struct model *m, struct area a, int row, unsigned kind)
{
	bool here = kind == m->lock.kind;
	struct pen p = pen_at(a, row);

	pen_char(&p, LOOK_PLAIN, ' ');
	if (here)
		pen_glyph(&p, LOOK_GOOD, GLYPH_SELECTED);
	else
		pen_char(&p, LOOK_PLAIN, ' ');
	pen_field(&p, here ? LOOK_GOOD : LOOK_STRONG, model_lock_name(m, kind),
	    NAME_COLS - 2);
	if (a.cols >= WIDE)
		draw_kind_numbers(m, kind, &p, true);
	return row +
	    draw_indented(a, row,
		NAME_COLS + (a.cols >= WIDE ? KIND_COLS + CONTENDED_COLS : 0),
		LOOK_PLAIN, m->lock_lesson[kind]);
}

static unsigned
mutexes(const struct model *m)
{
	unsigned n = 0;

	for (unsigned i = 1; i < MODEL_OBJECTS; i++)
		n += m->mutex[i].known;
	return n;
}

/* Columns of a table of mutexes, 0: left out. */
struct columns {
	int name, holder, waiting, taken, contended, longest;
};

static struct columns
columns_for(int cols)
{
	struct columns c = {.name = 12, .holder = 18, .waiting = 8};

	if (cols >= 60) {
		c.name = 14;
		c.holder = 24;
		c.taken = 10;
		c.contended = 11;
	}
	if (cols >= 78)
		c.longest = 10;
	return c;
}

static void
number_field(struct pen *p, enum look look, uint64_t n, int cols)
{
	char buf[FORMAT_LEN];

	if (cols > 0)
		pen_field(p, look, format_short(buf, (double)n), -cols);
}

static void
draw_mutex(const struct model *m, unsigned i, struct columns c, struct pen *p)
{
	const struct frame_mutex *x = &m->mutex[i].now;
	char name[MODEL_NAME], buf[96], age[FORMAT_LEN];

	pen_char(p, LOOK_PLAIN, ' ');
	pen_field(p, LOOK_STRONG, model_mutex_name(m, i, name), c.name - 2);
	pen_char(p, LOOK_PLAIN, ' ');
	pen_field(p, x->holder != 0 ? LOOK_WARN : LOOK_DIM,
	    made_holder(m, x, buf), c.holder);
	number_field(
	    p, x->waiters > 0 ? LOOK_WARN : LOOK_DIM, x->waiters, c.waiting);
	number_field(p, LOOK_PLAIN, x->acquired, c.taken);
	number_field(p, LOOK_PLAIN, x->contended, c.contended);
	if (c.longest > 0)
		pen_field(p, LOOK_PLAIN,
		    format_age(age,
			x->longest_us < UINT64_MAX / 1000 ? x->longest_us * 1000
							  : UINT64_MAX),
		    -c.longest);
}

/* The program's own locks come first: they are what it is about. */
static int
draw_mutexes(const struct model *m, struct area a, int row)
{
	struct columns c = columns_for(a.cols);
	struct pen p = pen_at(a, row++);

	pen_text(&p, LOOK_TITLE, " locks of the program");
	p = pen_at(a, row++);
	pen_char(&p, LOOK_DIM, ' ');
	pen_field(&p, LOOK_DIM, "lock", c.name - 1);
	pen_field(&p, LOOK_DIM, "held by", c.holder);
	pen_field(&p, LOOK_DIM, "waiting", -c.waiting);
	pen_field(&p, LOOK_DIM, "taken", -c.taken);
	pen_field(&p, LOOK_DIM, "contended", -c.contended);
	pen_field(&p, LOOK_DIM, "longest", -c.longest);
	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		if (!m->mutex[i].known)
			continue;
		p = pen_at(a, row++);
		draw_mutex(m, i, c, &p);
	}
	return row + 1;
}

static int
draw_from(const struct model *m, struct area a, int row)
{
	if (mutexes(m) > 0)
		row = draw_mutexes(m, a, row);
	row = draw_now(m, a, row);
	for (unsigned i = 0; i < model_kinds(m); i++)
		row = draw_kind(m, a, row, i);
	return row;
}

static void
settle(struct screen *s, const struct model *m)
{
	struct area none = {.cols = s->cols};

	view_scroll_settle(s, (unsigned)draw_from(m, none, 0));
}

static void
draw(const struct screen *s, const struct model *m, struct area a)
{
	draw_from(m, a, -(int)s->top);
	view_draw_more(s, a);
}

static unsigned
act(struct screen *s, const struct model *m, enum action action)
{
	(void)m;
	return view_scroll(s, action);
}

const struct view view_locks = {
    .name = "locks",
    .action = ACTION_LOCKS,
    .settle = settle,
    .draw = draw,
    .act = act,
};
