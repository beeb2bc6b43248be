/*
 * view_locks: every lock, and all about the selected one; who waits for whom;
 * and every kind of lock for the sum.
 *
 * On a small screen there is only the list, and Enter opens a lock.
 */
#include "views/view.h"

#include <stdio.h>
#include <string.h>

#include "model/model_waits.h"
#include "style/format.h"
#include "views/view_locks_priv.h"

#define LIST_ONLY 12 /* fewest rows for more than the list */
#define LIST_ROWS 3  /* fewest rows of the list */

/* ---- the list ---- */

static bool
locks_listed(const struct model *m, unsigned lock)
{
	return lock != LOCK_OF_SUM && m->mutex[lock].known;
}

/* The lock around the sum comes first, if anything was ever added. */
static unsigned
locks_collect(const struct model *m, uint8_t list[MODEL_OBJECTS])
{
	unsigned n = 0;

	for (unsigned i = 1; i < MODEL_OBJECTS; i++)
		if (locks_listed(m, i))
			list[n++] = (uint8_t)i;
	if (n > 0 && !model_adds(m))
		return n;
	memmove(list + 1, list, n);
	list[0] = LOCK_OF_SUM;
	return n + 1;
}

static unsigned
locks_place_of(const uint8_t *list, unsigned n, unsigned lock)
{
	unsigned at = 0;

	while (at < n && list[at] != lock)
		at++;
	return at;
}

/* Columns of the list, 0: left out. */
struct columns {
	int name, kind, holder, waiting, taken, contended, longest, orphaned;
};

static struct columns
locks_columns_for(int cols)
{
	struct columns c = {
	    .name = 10, .holder = 17, .waiting = 5, .contended = 7};

	if (cols >= 60) {
		c.name = 12;
		c.kind = 10;
		c.waiting = 8;
		c.contended = 10;
	}
	if (cols >= 78) {
		c.holder = 22;
		c.taken = 8;
		c.orphaned = 9;
	}
	if (cols >= 100) {
		c.name = 16;
		c.holder = 28;
		c.longest = 9;
	}
	return c;
}

/* One form for both kinds of frames. */
static struct frame_mutex
locks_facts(const struct model *m, unsigned lock)
{
	const struct frame_lock *l = &m->lock;

	if (lock != LOCK_OF_SUM)
		return m->mutex[lock].now;
	return (struct frame_mutex){
	    .waiters =
		(uint16_t)(l->waiters < UINT16_MAX ? l->waiters : UINT16_MAX),
	    .holder = l->holder,
	    .held_us = l->held_us,
	    .orphaned = l->orphaned,
	    .acquired = l->acquired,
	    .contended = l->contended};
}

/* "worker-2/pool-2.3 12 ms" */
static void
locks_draw_holder(
    const struct model *m, const struct frame_mutex *x, struct pen *p, int cols)
{
	struct waiter who;
	char name[WAITER_NAME], age[FORMAT_LEN + 1] = "", buf[FORMAT_LEN];

	if (x->holder == 0) {
		pen_field(p, LOOK_DIM, "none", cols);
		return;
	}
	who.thread = model_thread_by_tid(m, x->holder, &who.proc);
	if (who.thread != NULL)
		waits_name(m, who, name);
	else
		snprintf(name, sizeof name, "tid %d", (int)x->holder);
	if (x->held_us > 0)
		snprintf(age, sizeof age, " %s",
		    format_age(buf, x->held_us * 1000ULL));
	int end = p->x + cols;
	int room = cols - canvas_width(age) - 1;
	if (canvas_width(name) > room && who.thread != NULL &&
	    who.thread->now.index != 0)
		snprintf(name, sizeof name, "%s", who.thread->name);
	pen_tail(p, LOOK_WARN, name, room);
	pen_text(p, LOOK_PLAIN, age);
	pen_repeat(p, LOOK_PLAIN, ' ', end - p->x);
}

static void
locks_number_field(struct pen *p, enum look look, uint64_t n, int cols)
{
	char buf[FORMAT_LEN];

	if (cols > 0)
		pen_field(p, look, format_short(buf, (double)n), -cols);
}

static void
locks_draw_lock(const struct screen *s, const struct model *m, unsigned lock,
    struct columns c, struct pen *p)
{
	struct frame_mutex x = locks_facts(m, lock);
	char buf[FORMAT_LEN], name[MODEL_NAME];
	uint64_t us = x.longest_us;
	bool flawed = locks_flaw(m, lock) != NULL;

	p->selected = lock == s->lock;
	pen_marker(p, LOOK_STRONG, p->selected);
	pen_field(p, LOOK_STRONG, locks_name(m, lock, name), c.name - 2);
	pen_char(p, LOOK_PLAIN, ' ');
	pen_field(
	    p, flawed ? LOOK_ALARM : LOOK_PLAIN, locks_kind(m, lock), c.kind);
	locks_draw_holder(m, &x, p, c.holder);
	locks_number_field(
	    p, x.waiters > 0 ? LOOK_WARN : LOOK_DIM, x.waiters, c.waiting);
	locks_number_field(p, LOOK_PLAIN, x.acquired, c.taken);
	pen_field(p, LOOK_PLAIN, locks_share(buf, x.contended, x.acquired),
	    -c.contended);
	if (c.longest > 0)
		pen_field(p, LOOK_PLAIN,
		    us == 0
			? "-"
			: format_age(buf,
			      us < UINT64_MAX / 1000 ? us * 1000 : UINT64_MAX),
		    -c.longest);
	locks_number_field(
	    p, x.orphaned > 0 ? LOOK_BAD : LOOK_DIM, x.orphaned, c.orphaned);
	pen_fill(p);
}

/* How many rows of the list are shown, and from which on. */
static unsigned
locks_most_listed(const struct screen *s, unsigned n)
{
	if (s->rows < LIST_ONLY)
		return n;
	return s->rows / 3 > LIST_ROWS ? (unsigned)s->rows / 3 : LIST_ROWS;
}

static unsigned
locks_first_listed(unsigned at, unsigned most)
{
	return at < most ? 0 : at - most + 1;
}

static int
locks_draw_list(
    const struct screen *s, const struct model *m, struct area a, int row)
{
	uint8_t list[MODEL_OBJECTS];
	unsigned n = locks_collect(m, list),
		 at = locks_place_of(list, n, s->lock);
	unsigned most = locks_most_listed(s, n),
		 first = locks_first_listed(at, most);
	struct columns c = locks_columns_for(canvas_table(a.canvas, a.cols));
	struct pen p = pen_at(a, row++);

	pen_char(&p, LOOK_DIM, ' ');
	pen_field(&p, LOOK_DIM, "lock", c.name - 1);
	pen_field(&p, LOOK_DIM, "kind", c.kind);
	pen_field(&p, LOOK_DIM, "held by", c.holder);
	pen_field(&p, LOOK_DIM, c.waiting < 8 ? "wait" : "waiting", -c.waiting);
	pen_field(&p, LOOK_DIM, "taken", -c.taken);
	pen_field(&p, LOOK_DIM, c.contended < 10 ? "cont." : "contended",
	    -c.contended);
	pen_field(&p, LOOK_DIM, "longest", -c.longest);
	pen_field(&p, LOOK_DIM, "orphaned", -c.orphaned);
	for (unsigned i = first; i < n && i < first + most; i++) {
		p = pen_at(a, row++);
		locks_draw_lock(s, m, list[i], c, &p);
	}
	if (n > most) {
		p = pen_at(a, row++);
		pen_print(&p, LOOK_DIM, "  %u of %u: Up, Down", most, n);
	}
	return row;
}

/* ---- the whole view ---- */

static bool
locks_list_only(const struct screen *s)
{
	return s->rows < LIST_ONLY && !s->lock_open;
}

static int
locks_draw_from(
    const struct screen *s, const struct model *m, struct area a, int row)
{
	row = locks_draw_cycles(s, m, a, row, s->rows < LIST_ONLY);
	if (!s->lock_open)
		row = locks_draw_list(s, m, a, row);
	if (!locks_list_only(s))
		row = locks_draw_one(
		    s, m, a, s->lock_open ? row : row + 1, s->lock);
	if (!s->lock_open) {
		row = locks_draw_chains(s, m, a, row);
		row = locks_draw_orders(m, a, row);
	}
	if (!s->lock_open || s->lock == LOCK_OF_SUM)
		row = locks_draw_kinds(m, a, row);
	return row;
}

/*
 * The first lock in use, until the user chooses one. Returns its place in the
 * list.
 */
static unsigned
locks_settle_choice(
    struct screen *s, const uint8_t *list, unsigned n, bool unused)
{
	if (!s->lock_chosen || locks_place_of(list, n, s->lock) == n) {
		s->lock = list[list[0] == LOCK_OF_SUM && unused && n > 1];
		s->lock_chosen = false;
	}
	return locks_place_of(list, n, s->lock);
}

static void
view_locks_settle(struct screen *s, const struct model *m)
{
	struct area none = {.cols = s->cols};
	uint8_t list[MODEL_OBJECTS];
	unsigned n = locks_collect(m, list);

	locks_settle_choice(s, list, n, m->lock.acquired == 0);
	view_scroll_settle(s, (unsigned)locks_draw_from(s, m, none, 0));
}

static void
view_locks_draw(const struct screen *s, const struct model *m, struct area a)
{
	locks_draw_from(s, m, a, -(int)s->top);
	view_draw_more(s, a);
}

/* On a small screen the chosen one may be out of sight. */
static void
locks_scroll_to(
    struct screen *s, const struct model *m, unsigned at, unsigned most)
{
	struct area none = {.cols = s->cols};
	int row = locks_draw_cycles(s, m, none, 0, s->rows < LIST_ONLY) + 1 +
	    (int)(at - locks_first_listed(at, most));
	/* The last row says how much more there is. */
	int last = s->rows > 2 ? s->rows - 2 : 0;

	if ((int)s->top > row)
		s->top = (unsigned)row;
	if ((int)s->top + last < row)
		s->top = (unsigned)(row - last);
}

/* Up and Down choose a lock if there are several; else they scroll. */
static unsigned
view_locks_move(struct screen *s, const struct model *m, enum action action)
{
	uint8_t list[MODEL_OBJECTS];
	unsigned n = locks_collect(m, list);
	unsigned at = locks_settle_choice(s, list, n, m->lock.acquired == 0);

	if (s->lock_open || n < 2)
		return view_scroll(s, action);
	if (action == ACTION_DOWN && at + 1 < n)
		at++;
	else if (action == ACTION_UP && at > 0)
		at--;
	else
		return view_scroll(s, action);
	s->lock = list[at];
	s->lock_chosen = true;
	locks_scroll_to(s, m, at, locks_most_listed(s, n));
	return DO_REDRAW;
}

static unsigned
view_locks_act(struct screen *s, const struct model *m, enum action action)
{
	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		return view_locks_move(s, m, action);
	case ACTION_OPEN:
		s->lock_open = !s->lock_open;
		s->lock_chosen = true;
		s->top = 0;
		return DO_REDRAW;
	case ACTION_BACK:
		if (!s->lock_open)
			return DO_NOT_MINE;
		s->lock_open = false;
		s->top = 0;
		return DO_REDRAW;
	default:
		return view_scroll(s, action);
	}
}

const struct view view_locks = {
    .name = "locks",
    .settle = view_locks_settle,
    .draw = view_locks_draw,
    .act = view_locks_act,
};
