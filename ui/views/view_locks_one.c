/*
 * view_locks_one: one lock: who waits in which order, how long threads hold it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/model_waits.h"
#include "style/format.h"
#include "views/view_locks_priv.h"
#include "widgets/lock_latency.h"
#include "widgets/object_rows.h"
#include "widgets/widgets.h"
#include "wire/state.h"

#define WAITERS   256 /* sorted at most */
#define PANES     76  /* columns for all three side by side */
#define TALL      30  /* rows of the view for higher bars */
#define LINE_COLS 52  /* widest line of waiters */

struct line {
	struct waiter at[WAITERS];
	unsigned n, more;
};

static int
locks_one_by_coming(const void *va, const void *vb)
{
	const struct model_thread *a = ((const struct waiter *)va)->thread;
	const struct model_thread *b = ((const struct waiter *)vb)->thread;

	if (a->since != b->since)
		return a->since < b->since ? -1 : 1;
	if (a->now.slot != b->now.slot)
		return (int)a->now.slot - (int)b->now.slot;
	return (int)a->now.index - (int)b->now.index;
}

static void
locks_one_collect(const struct model *m, unsigned lock, struct line *l)
{
	l->n = l->more = 0;
	for (unsigned i = 0; i < m->nslots; i++) {
		const struct model_proc *p = m->slot[i];

		for (unsigned j = 0; p != NULL && j < p->nthreads; j++) {
			const struct model_thread *t = &p->threads[j];

			if (t->tid == 0 ||
			    !state_waits_for(t->now.state, OBJECT_LOCK) ||
			    t->now.object != lock)
				continue;
			if (l->n == WAITERS)
				l->more++;
			else
				l->at[l->n++] = (struct waiter){p, t};
		}
	}
	qsort(l->at, l->n, sizeof l->at[0], locks_one_by_coming);
}

static void
locks_one_draw_waiter(const struct screen *s, const struct model *m,
    unsigned nth, struct waiter who, struct pen *p)
{
	char name[WAITER_NAME], buf[FORMAT_LEN];
	uint64_t since = who.thread->since;
	const char *age = format_age(buf, s->now > since ? s->now - since : 0);

	waits_name(m, who, name);
	pen_print(p, LOOK_DIM, " %2u ", nth);
	int cols = pen_left(p) - canvas_width(age) - 1;
	if (canvas_width(name) > cols && who.thread->now.index != 0)
		snprintf(name, sizeof name, "%s", who.thread->name);
	pen_tail(p, LOOK_LOCK, name, cols);
	pen_print(p, LOOK_PLAIN, " %s", age);
	if (who.thread->now.timed)
		pen_text(p, LOOK_DIM, " timed");
}

/* As many as fit; returns the rows that it took. */
static int
locks_one_draw_waiters(const struct screen *s, const struct model *m,
    struct area a, int row, int rows, unsigned lock)
{
	struct line l;
	struct pen p = pen_at(a, row);
	int n;

	locks_one_collect(m, lock, &l);
	pen_print(&p, LOOK_DIM, " waiting ");
	pen_print(&p, l.n > 0 ? LOOK_WARN : LOOK_STRONG, "%u", l.n + l.more);
	if (l.n > 1)
		pen_text(&p, LOOK_DIM, " in order");
	for (n = 1; n < rows && (unsigned)n <= l.n; n++) {
		unsigned rest = l.n - (unsigned)n + 1 + l.more;

		p = pen_at(a, row + n);
		if (n == rows - 1 && rest > 1)
			pen_print(&p, LOOK_DIM, "    and %u more", rest);
		else
			locks_one_draw_waiter(
			    s, m, (unsigned)n, l.at[n - 1], &p);
	}
	return n;
}

static int
locks_one_draw_hist(const struct model *m, struct area a, int row, int bars,
    unsigned lock, bool hold)
{
	const struct model_times *t = &m->times[lock];
	bool semaphore = lock != LOCK_OF_SUM && m->mutex[lock].now.permits > 0;
	int rows = LOCK_TIMES_ROWS + bars;

	if (hold)
		lock_latency_draw(
		    a, row, rows, "holds", " sampled", LOOK_WINDOW, t->hold);
	else
		lock_latency_draw(
		    a, row, rows, "waits", "", LOOK_LOCK, t->wait);
	if (hold && semaphore && lock_latency_count(t->hold) == 0) {
		struct pen p = pen_at(a, row);

		pen_text(&p, LOOK_DIM, " holds: not timed");
	}
	return lock_latency_count(hold ? t->hold : t->wait) > 0 ? rows : 1;
}

static int
locks_one_larger(int a, int b)
{
	return a > b ? a : b;
}

static struct area
locks_one_columns(struct area a, int x, int cols)
{
	return area_part(a, 0, x, a.rows, cols);
}

static int
locks_one_draw_panes(const struct screen *s, const struct model *m,
    struct area a, int row, unsigned lock)
{
	int bars = s->rows >= TALL ? 8 : 4, rows = LOCK_TIMES_ROWS + bars;

	if (a.cols < PANES) {
		row += locks_one_draw_waiters(s, m, a, row, rows, lock);
		row += locks_one_draw_hist(m, a, row, bars, lock, false);
		return row + locks_one_draw_hist(m, a, row, bars, lock, true);
	}
	int hist = a.cols >= 150 ? 2 * TIMES_BUCKETS + 2 : LOCK_TIMES_COLS;
	int left =
	    a.cols - 2 * hist < LINE_COLS ? a.cols - 2 * hist : LINE_COLS;
	int took = locks_one_draw_waiters(
	    s, m, locks_one_columns(a, 0, left - 1), row, rows, lock);
	took = locks_one_larger(took,
	    locks_one_draw_hist(
		m, locks_one_columns(a, left, hist), row, bars, lock, false));
	return row +
	    locks_one_larger(took,
		locks_one_draw_hist(m, locks_one_columns(a, left + hist, hist),
		    row, bars, lock, true));
}

/* ---- in words ---- */

static void
locks_one_say_mutex(
    const struct model *m, unsigned lock, char *text, size_t size)
{
	const struct frame_mutex *x = &m->mutex[lock].now;
	char holder[96], taken[FORMAT_LEN], share[32], longest[FORMAT_LEN];
	uint64_t us = x->longest_us;
	int n = 0;

	if (x->permits > 1)
		n = snprintf(text, size, "%u permits; ", x->permits);
	snprintf(text + n, size - (size_t)n,
	    "held by %s; taken: %s; contended: %s; longest wait: %s",
	    object_rows_holder(m, x, holder), format_count(taken, x->acquired),
	    locks_share(share, x->contended, x->acquired),
	    us == 0 ? "none"
		    : format_age(longest,
			  us < UINT64_MAX / 1000 ? us * 1000 : UINT64_MAX));
}

static void
locks_one_say_sum(const struct model *m, char *text, size_t size)
{
	const struct frame_lock *l = &m->lock;
	char taken[FORMAT_LEN], contended[FORMAT_LEN], switches[FORMAT_LEN];

	snprintf(text, size,
	    "in this run: acquired %s time%s; contended %s time%s (found it "
	    "taken and had to wait or retry); switched %s time%s",
	    format_count(taken, l->acquired), format_s(l->acquired),
	    format_count(contended, l->contended), format_s(l->contended),
	    format_count(switches, l->switches), format_s(l->switches));
}

int
locks_draw_one(const struct screen *s, const struct model *m, struct area a,
    int row, unsigned lock)
{
	bool sum = lock == LOCK_OF_SUM;
	unsigned kind = m->lock.kind;
	uint32_t orphaned =
	    sum ? m->lock.orphaned : m->mutex[lock].now.orphaned;
	const char *flaw = locks_flaw(m, lock);
	char text[384], name[MODEL_NAME];
	struct pen p = pen_at(a, row++);

	pen_print(&p, LOOK_TITLE, " %s",
	    sum ? "lock around the sum" : locks_name(m, lock, name));
	pen_print(&p, LOOK_DIM, "   %s", sum ? "current kind " : "");
	pen_text(
	    &p, flaw != NULL ? LOOK_ALARM : LOOK_GOOD, locks_kind(m, lock));
	if (sum && m->lock.wanted != kind)
		pen_print(&p, LOOK_WARN, "  switching to %s",
		    model_lock_name(m, m->lock.wanted));
	if (flaw != NULL) {
		/*
		 * Without this lock, a program may guard the sum by one of its
		 * own.
		 */
		bool wrong = kind != 0 || m->sum.lost_updates > 0;

		snprintf(text, sizeof text, "%s%.350s",
		    kind != 0 ? "WRONG: " : "", flaw);
		row += draw_indented(
		    a, row, 1, wrong ? LOOK_BAD : LOOK_WARN, text);
	}
	if (sum)
		locks_one_say_sum(m, text, sizeof text);
	else
		locks_one_say_mutex(m, lock, text, sizeof text);
	row += draw_indented(a, row, 1, LOOK_PLAIN, text);
	if (orphaned > 0) {
		snprintf(text, sizeof text,
		    "orphaned %" PRIu32
		    " time%s: its holder died, and the lock was released",
		    orphaned, orphaned == 1 ? "" : "s");
		row += draw_indented(a, row, 1, LOOK_BAD, text);
	}
	return locks_one_draw_panes(s, m, a, row, lock) + 1;
}
