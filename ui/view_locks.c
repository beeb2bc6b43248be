/* view_locks: the lock in force, and every kind that there is. */
#include "view.h"

#include <inttypes.h>
#include <stdio.h>

#include "draw.h"
#include "format.h"

#define NAME_COLS 14

static unsigned
kinds(const struct model *m)
{
	unsigned n = MODEL_MAX_LOCKS;

	while (n > 0 && m->lock_name[n - 1][0] == '\0')
		n--;
	return n;
}

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
	    "in this run: acquired %s times, %s of them (%.1f %%) contended: "
	    "found it taken and had to wait; switched %s times",
	    format_number(acquired, (int64_t)l->acquired),
	    format_number(contended, (int64_t)l->contended),
	    l->acquired > 0 ? 100.0 * (double)l->contended / (double)l->acquired
			    : 0.0,
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
	return row +
	    draw_indented(a, row, NAME_COLS, LOOK_PLAIN, m->lock_lesson[kind]);
}

static int
draw_from(const struct model *m, struct area a, int row)
{
	row = draw_now(m, a, row);
	for (unsigned i = 0; i < kinds(m); i++)
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
