/* wait_graph: reduction, cycles, and sentences about threads that wait. */
#include "wire/wait_graph.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- text ---- */

void
wait_add(struct wait_text *t, const char *fmt, ...)
{
	va_list ap;

	if (t->size == 0)
		return;
	va_start(ap, fmt);
	int n = vsnprintf(t->buf + t->len, t->size - t->len, fmt, ap);
	va_end(ap);
	t->len += n < 0 ? 0 : (size_t)n;
	if (t->len < t->size)
		return;
	t->len = t->size - 1;
	if (t->size < 5)
		return;
	size_t end = t->size - 4; /* not inside of a character */
	while (end > 0 && ((unsigned char)t->buf[end] & 0xc0) == 0x80)
		end--;
	memcpy(t->buf + end, "...", 4);
}

void
wait_add_count(
    struct wait_text *t, uint64_t n, const char *one, const char *many)
{
	if (n >= 1000 && n < 1000000)
		wait_add(t, "%" PRIu64 " %03" PRIu64 " ", n / 1000, n % 1000);
	else
		wait_add(t, "%" PRIu64 " ", n);
	wait_add(t, "%s", n == 1 ? one : many);
}

/* ---- the graph ---- */

static bool
wait_is_helped(
    const struct wait_graph *g, const struct wait_node *node, uint32_t i)
{
	uint32_t by;

	for (unsigned k = 0; (by = g->next(g->arg, i, k)) != WAIT_NONE; k++)
		if (by == WAIT_UNKNOWN || node[by].role != WAIT_STUCK)
			return true;
	return false;
}

unsigned
wait_reduce(const struct wait_graph *g, struct wait_node *node, unsigned n,
    bool *anyone)
{
	unsigned stuck;
	bool changed;

	do {
		stuck = 0;
		changed = false;
		for (unsigned i = 0; i < n; i++) {
			if (node[i].role != WAIT_STUCK)
				continue;
			if (!(node[i].by_other ? *anyone
					       : wait_is_helped(g, node, i))) {
				stuck++;
				continue;
			}
			node[i].role = WAIT_ABLE;
			*anyone = changed = true;
		}
	} while (changed);
	return stuck;
}

static uint32_t
wait_next(const struct wait_graph *g, uint32_t node)
{
	uint32_t next =
	    node == WAIT_NONE ? WAIT_NONE : g->next(g->arg, node, 0);

	return next == WAIT_UNKNOWN ? WAIT_NONE : next;
}

unsigned
wait_cycle(
    const struct wait_graph *g, uint32_t from, uint32_t cycle[], unsigned max)
{
	uint32_t slow = from, quick = from, low;
	unsigned n = 0;

	do { /* where they meet is in the cycle */
		quick = wait_next(g, wait_next(g, quick));
		if (quick == WAIT_NONE)
			return 0;
		slow = wait_next(g, slow);
	} while (slow != quick);
	low = slow;
	while ((slow = wait_next(g, slow)) != quick && slow != WAIT_NONE)
		low = slow < low ? slow : low;
	slow = low;
	do {
		if (n == max || slow == WAIT_NONE) /* it moved, as we looked */
			return 0;
		cycle[n++] = slow;
		slow = wait_next(g, slow);
	} while (slow != low);
	return n;
}

/* ---- sentences ---- */

/* A format of the table of states, with its only "%s". */
static void
wait_add_named(struct wait_text *t, const char *format, const char *name)
{
	const char *at = strstr(format, "%s");

	wait_add(t, "%.*s%s%s", (int)(at - format), format, name, at + 2);
}

void
wait_add_link(struct wait_text *t, const struct wait_link *l)
{
	const struct state_info *s = state_info(l->state);

	if (s->blocked != NULL && l->object[0] != '\0')
		wait_add_named(t, s->blocked, l->object);
	else
		wait_add(t, "%s",
		    s->blocked_plain != NULL ? s->blocked_plain
					     : "waits for others");
	if (l->owner[0] != '\0')
		wait_add(t, ", held by %s", l->owner);
}

void
wait_add_clause(struct wait_text *t, const struct wait_link *l)
{
	wait_add(t, "%s%s ", t->len > 0 ? "; " : "", l->who);
	wait_add_link(t, l);
}

/* Does the sentence begin with this thread, so that its wait is known? */
static bool
wait_begins_with(const struct wait_text *t, const char *who)
{
	size_t len = strlen(who);

	return strncmp(t->buf, who, len) == 0 && t->buf[len] == ' ';
}

static void
wait_add_helper(struct wait_text *t, const struct wait_link *l,
    const struct wait_link *helper)
{
	const char *help = state_info(l->state)->help;

	if (helper == NULL) {
		wait_add(t, "no thread is left to %s", help);
	} else if (wait_begins_with(t, helper->who)) {
		wait_add(t, "only %s is left to %s", helper->who, help);
	} else {
		wait_add(t, "no thread is left to %s: %s ", help, helper->who);
		wait_add_link(t, helper);
	}
}

/* "3 items of queue 'few' were received and never marked done". */
static void
wait_add_held(
    struct wait_text *t, const struct wait_link *l, const struct wait_facts *f)
{
	if (state_info(l->state)->wants == WANTS_ROOM) {
		wait_add_count(t, f->held, "item of", "items of");
		wait_add(t, " %s %s", l->object, f->held == 1 ? "was" : "were");
	} else {
		wait_add(t, "%s is empty, and ", l->object);
		wait_add_count(t, f->held, "item that it got was",
		    "items that it got were");
	}
	wait_add(t, " never marked done (task_done)");
}

static void
wait_add_sentinels(
    struct wait_text *t, const struct wait_link *l, const struct wait_facts *f)
{
	wait_add(t, "%s is empty, ", l->object);
	if (f->unfinished == 0 && f->done > 0) {
		wait_add(t, "all ");
		wait_add_count(
		    t, f->done, "item is done, ", "items are done, ");
	}
	wait_add(t, "and only ");
	wait_add_count(t, f->sentinels, "sentinel was", "sentinels were");
	wait_add(t, " put for %u consumers", f->consumers);
}

/* A queue or a pipe that is empty or full. */
static void
wait_add_level(struct wait_text *t, const struct wait_link *l,
    const struct wait_facts *f, const struct wait_link *helper)
{
	const struct state_info *s = state_info(l->state);
	bool queue = s->object == OBJECT_QUEUE;

	if (s->wants == WANTS_ROOM) {
		wait_add(t, "%s is full (", l->object);
		wait_add_count(t, f->depth, queue ? "item" : "byte",
		    queue ? "items" : "bytes");
		wait_add(t, "), and ");
	} else
		wait_add(t, "%s is empty, %sand ", l->object,
		    queue && f->put == 0 ? "nothing was ever put, " : "");
	wait_add_helper(t, l, helper);
}

static void
wait_add_join(struct wait_text *t, const struct wait_link *l,
    const struct wait_facts *f, const struct wait_link *helper)
{
	if (f->depth > 0) {
		wait_add_count(t, f->depth, "item is", "items are");
		wait_add(t, " still queued, and no thread is left to get %s",
		    f->depth == 1 ? "it" : "them");
	} else if (f->holders != NULL) {
		wait_add(t, "%s and never marked %s done (task_done)",
		    f->holders, f->unfinished == 1 ? "it" : "them");
	} else {
		wait_add_count(t, f->unfinished, "item is", "items are");
		wait_add(t, " not marked done, and ");
		wait_add_helper(t, l, helper);
	}
}

void
wait_add_end(struct wait_text *t, const struct wait_link *l,
    const struct wait_facts *f, const struct wait_link *helper)
{
	const struct state_info *s = state_info(l->state);
	bool join = s->object == OBJECT_QUEUE && s->wants == WANTS_END;
	struct wait_link plain = *l;

	if (f->known && !join)
		plain.object[0] = '\0'; /* it is the subject of what follows */
	wait_add_link(t, &plain);
	if (f->known) {
		wait_add(t, ": ");
		if (join)
			wait_add_join(t, l, f, helper);
		else if (f->held > 0)
			wait_add_held(t, l, f);
		else if (f->sentinels > 0 && f->sentinels < f->consumers &&
		    s->wants == WANTS_ONE)
			wait_add_sentinels(t, l, f);
		else
			wait_add_level(t, l, f, helper);
	} else if (s->object == OBJECT_EXECUTOR && f->depth > 0) {
		wait_add(t, ": ");
		wait_add_count(t, f->depth, "task has", "tasks have");
		wait_add(t,
		    " not started, and every thread that could run %s "
		    "is blocked",
		    f->depth == 1 ? "it" : "them");
	} else {
		wait_add(t, ", and ");
		wait_add_helper(t, l, helper);
	}
}

uint32_t
wait_add_chain(struct wait_text *t, const struct wait_graph *g, uint32_t from)
{
	uint32_t seen[WAIT_CHAIN], next;
	struct wait_link l;

	for (unsigned n = 0; n < WAIT_CHAIN; from = next) {
		seen[n++] = from;
		g->describe(g->arg, from, &l);
		wait_add(t, n == 1 ? "%s " : ", which ", l.who);
		next = wait_next(g, from);
		if (next == WAIT_NONE)
			return from;
		wait_add_link(t, &l);
		for (unsigned i = 0; i < n; i++) {
			if (seen[i] != next)
				continue;
			wait_add(t, " (a cycle)");
			return WAIT_NONE;
		}
	}
	wait_add(t, ", which waits too");
	return WAIT_NONE;
}
