/* view_locks: the lock in force, and every kind that there is. */
#include "view.h"

#include <inttypes.h>

#include "draw.h"
#include "format.h"

static unsigned
kinds(const struct model *m)
{
	unsigned n = MODEL_MAX_LOCKS;

	while (n > 0 && m->lock_name[n - 1][0] == '\0')
		n--;
	return n;
}

static void
settle(struct screen *s, const struct model *m)
{
	view_scroll_settle(s, kinds(m) * 2 + 6);
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

static void
draw_now(const struct model *m, struct area a, int row)
{
	const struct frame_lock *l = &m->lock;
	char buf[FORMAT_LEN];
	struct pen p = pen_at(a, row);

	pen_text(&p, LOOK_TITLE, " in force ");
	pen_text(&p, l->kind != 0 ? LOOK_GOOD : LOOK_ALARM,
	    model_lock_name(m, l->kind));
	if (l->wanted != l->kind)
		pen_print(&p, LOOK_WARN, "  switching to %s",
		    model_lock_name(m, l->wanted));
	p = pen_at(a, row + 1);
	draw_holder(m, &p);
	pen_print(&p, LOOK_PLAIN, "   %" PRIu32 " waiting", l->waiters);
	p = pen_at(a, row + 2);
	pen_print(&p, LOOK_PLAIN, " acquired %s",
	    format_number(buf, (int64_t)l->acquired));
	pen_print(&p, LOOK_PLAIN, "   contended %s",
	    format_number(buf, (int64_t)l->contended));
	if (l->acquired > 0)
		pen_print(&p, LOOK_DIM, " (%.1f %%)",
		    100.0 * (double)l->contended / (double)l->acquired);
	pen_print(&p, LOOK_PLAIN, "   switches %s",
	    format_number(buf, (int64_t)l->switches));
	p = pen_at(a, row + 4);
	pen_text(&p, LOOK_TITLE, " kinds");
	pen_text(&p, LOOK_DIM, "   ");
	pen_text(&p, LOOK_KEY, "L");
	pen_text(&p, LOOK_DIM, " chooses, ");
	pen_text(&p, LOOK_KEY, "l");
	pen_text(&p, LOOK_DIM, " turns on and off");
}

static void
draw(const struct screen *s, const struct model *m, struct area a)
{
	int row = -(int)s->top;

	draw_now(m, a, row);
	row += 5;
	for (unsigned i = 0; i < kinds(m); i++) {
		struct pen p = pen_at(a, row++);
		bool here = i == m->lock.kind;

		pen_char(&p, LOOK_PLAIN, ' ');
		if (here)
			pen_glyph(&p, LOOK_GOOD, GLYPH_SELECTED);
		else
			pen_char(&p, LOOK_PLAIN, ' ');
		pen_field(&p, here ? LOOK_GOOD : LOOK_STRONG,
		    model_lock_name(m, i), 12);
		struct area text =
		    area_part(a, 0, p.x - a.x, a.rows, a.cols - (p.x - a.x));
		int rows =
		    draw_wrapped(text, row - 1, LOOK_PLAIN, m->lock_lesson[i]);
		row += rows > 1 ? rows - 1 : 0;
	}
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
