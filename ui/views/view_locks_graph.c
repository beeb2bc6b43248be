/* view_locks_graph: chains of waiting threads, and where they end. */
#include <stdio.h>
#include <string.h>

#include "model/model_waits.h"
#include "style/theme.h"
#include "text/stepping.h"
#include "text/waiting.h"
#include "views/view_locks_priv.h"
#include "widgets/widgets.h"
#include "wire/wait_graph.h"

#define CYCLES  8   /* shown at most */
#define WAITING 512 /* threads whose chains are examined */
#define CHAIN   12  /* threads named in a chain */
#define TEXT    1024
#define MANY    5 /* threads in a cycle: their number comes first */

static uint64_t
locks_graph_now_of(const struct screen *s, const struct model *m)
{
	return s->now > m->now ? s->now : m->now;
}

int
locks_draw_cycles(const struct screen *s, const struct model *m, struct area a,
    int row, bool brief)
{
	struct cycle c[CYCLES];
	unsigned n = waits_find(m, locks_graph_now_of(s, m), c, CYCLES);
	/* Three rows are enough for a large one. */
	size_t room = a.cols > 40 ? 3 * (size_t)a.cols - 40 : 80, len;
	char text[TEXT];

	/* The banner names it already, and the chains show that it is one. */
	if (stepping_is_stuck(m) && !s->lock_open)
		return row;
	if (room > sizeof text)
		room = sizeof text;
	for (unsigned i = 0; i < n; i++) {
		struct pen p = pen_at(a, row);

		if (!c[i].sure)
			continue;
		len = 0;
		if (c[i].n > MANY)
			len = (size_t)snprintf(
			    text, sizeof text, "%u threads: ", c[i].n);
		waits_say(m, &c[i], text + len, room - len);
		pen_char(&p, LOOK_PLAIN, ' ');
		pen_text(&p, LOOK_ALARM, "DEADLOCK");
		if (brief) {
			pen_char(&p, LOOK_PLAIN, ' ');
			pen_cut(&p, LOOK_STRONG, text, pen_left(&p));
			row++;
			continue;
		}
		row += draw_indented(a, row, 10, LOOK_STRONG, text);
	}
	return row;
}

/* ---- chains ---- */

struct waiting {
	struct waiter who;
	unsigned others; /* that wait for the same */
	bool waited_for; /* or counted among `others` */
};

static bool
locks_graph_same_wait(
    const struct model_thread *a, const struct model_thread *b)
{
	return a->now.state == b->now.state && a->now.owner == b->now.owner &&
	    a->now.object == b->now.object;
}

/* All that wait for another thread; marked if one of them waits for it. */
static unsigned
locks_graph_collect(const struct model *m, struct waiting *w, unsigned *left)
{
	struct waiter next;
	unsigned n = 0;

	*left = 0;
	for (unsigned i = 0; i < m->nslots; i++) {
		const struct model_proc *p = m->slot[i];

		for (unsigned j = 0; p != NULL && j < p->nthreads; j++) {
			const struct model_thread *t = &p->threads[j];

			if (t->tid == 0 || !waits_next(m, t, &next))
				continue;
			if (n == WAITING)
				++*left;
			else
				w[n++] = (struct waiting){.who = {p, t}};
		}
	}
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < n && !w[i].waited_for; j++)
			w[i].waited_for =
			    w[j].who.thread->now.owner == w[i].who.thread->tid;
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = i + 1; j < n && !w[i].waited_for; j++) {
			if (w[j].waited_for ||
			    !locks_graph_same_wait(
				w[i].who.thread, w[j].who.thread))
				continue;
			w[j].waited_for = true;
			w[i].others++;
		}
	}
	return n;
}

/* " -> B (thread-2"; the parenthesis stays open for more about thread-2. */
static void
locks_graph_add_step(struct wait_text *w, const struct model *m,
    struct waiter of, struct waiter next)
{
	char whom[WAITER_NAME], name[MODEL_NAME], what[WAITS_LEN];
	const struct model_thread *t = of.thread;

	waits_name(m, next, whom);
	if (state_waits_for(t->now.state, OBJECT_LOCK))
		wait_add(
		    w, " -> %s (%s", locks_name(m, t->now.object, name), whom);
	else if (state_waits_for(t->now.state, OBJECT_THREAD))
		wait_add(w, " -> end (%s", whom);
	else {
		waiting_for(m, of.proc, t, what);
		wait_add(w, " -> %s (%s", what, whom);
	}
}

/* What the last thread of a chain does. */
static void
locks_graph_add_end(
    struct wait_text *w, const struct model *m, struct waiter at)
{
	char what[WAITS_LEN];

	waiting_for(m, at.proc, at.thread, what);
	if (what[0] != '\0')
		wait_add(w, ": waits for %s)", what);
	else
		wait_add(w, ": %s)", theme_state(at.thread->now.state)->word);
}

/* From `at` on to the end, or into a cycle. */
static void
locks_graph_add_chain(
    struct wait_text *w, const struct model *m, uint64_t now, struct waiter at)
{
	struct waiter next;
	struct cycle c;

	for (unsigned n = 0; waits_next(m, at.thread, &next); n++) {
		locks_graph_add_step(w, m, at, next);
		if (waits_of(m, now, next, &c) && waits_has(&c, next.thread)) {
			wait_add(w, c.sure ? ": deadlocked)" : ": in a cycle)");
			return;
		}
		at = next;
		if (n == CHAIN) {
			wait_add(w, ") -> ...");
			return;
		}
		if (!waits_next(m, at.thread, &next))
			locks_graph_add_end(w, m, at);
		else
			wait_add(w, ")");
	}
}

static void
locks_graph_say_cycle(
    struct wait_text *w, const struct model *m, const struct cycle *c)
{
	char who[WAITER_NAME];

	waits_name(m, c->at[0], who);
	wait_add(w, "%s", who);
	for (unsigned i = 0; i < c->n && i <= CHAIN; i++) {
		locks_graph_add_step(w, m, c->at[i], c->at[(i + 1) % c->n]);
		wait_add(w, ")");
	}
	wait_add(w, c->n > CHAIN + 1 ? " -> ..." : "");
}

static int
locks_graph_draw_line(
    const struct wait_text *w, struct area a, int row, enum look look)
{
	return row + draw_indented(a, row, 2, look, w->buf);
}

int
locks_draw_chains(
    const struct screen *s, const struct model *m, struct area a, int row)
{
	struct waiting w[WAITING];
	struct cycle c[CYCLES];
	unsigned left = 0,
		 n = m->control.program ? locks_graph_collect(m, w, &left) : 0;
	unsigned cycles = waits_find(m, locks_graph_now_of(s, m), c, CYCLES);
	char who[WAITER_NAME], text[TEXT];
	struct pen p = pen_at(a, row);

	if (n == 0)
		return row;
	pen_text(&p, LOOK_TITLE, " who waits for whom");
	row++;
	for (unsigned i = 0; i < cycles; i++) {
		struct wait_text line = {.buf = text, .size = sizeof text};

		locks_graph_say_cycle(&line, m, &c[i]);
		wait_add(&line, c[i].sure ? "  DEADLOCK" : "  (a cycle?)");
		row = locks_graph_draw_line(
		    &line, a, row, c[i].sure ? LOOK_BAD : LOOK_WARN);
	}
	for (unsigned i = 0; i < n; i++) {
		struct wait_text line = {.buf = text, .size = sizeof text};

		if (w[i].waited_for)
			continue;
		waits_name(m, w[i].who, who);
		wait_add(&line, "%s", who);
		if (w[i].others > 0)
			wait_add(&line, " and %u more", w[i].others);
		locks_graph_add_chain(
		    &line, m, locks_graph_now_of(s, m), w[i].who);
		row = locks_graph_draw_line(&line, a, row, LOOK_PLAIN);
	}
	if (left > 0) {
		p = pen_at(a, row++);
		pen_print(&p, LOOK_DIM, "  ... and %u more wait", left);
	}
	return row + 1;
}

int
locks_draw_orders(const struct model *m, struct area a, int row)
{
	unsigned path[CYCLE_MAX], n;
	int first = row;
	char text[TEXT];
	struct pen p;

	for (unsigned i = 0; i < m->norders; i++) {
		if ((n = waits_order(m, i, path)) == 0)
			continue;
		waits_say_order(m, path, n, text, sizeof text);
		p = pen_at(a, row);
		pen_text(&p, LOOK_WARN, " order: ");
		row += draw_indented(a, row, 8, LOOK_PLAIN, text);
	}
	return row > first ? row + 1 : row;
}
