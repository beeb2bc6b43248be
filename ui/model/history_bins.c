/*
 * history_bins: what a thread did at a time, and in each of many stretches.
 *
 * Passes through a row once, from the moment that covers the start of the first
 * stretch; the cost is proportional to the moments and columns on the screen.
 */
#include <string.h>

#include "model/history_priv.h"
#include "wire/state.h"

enum {
	CLASS_HELD = STATE_COUNT,
	CLASS_AGAINST,
	CLASSES
};

unsigned
history_at(const struct history_row *r, uint64_t ns)
{
	unsigned low = 0, high = r->n;

	while (low < high) {
		unsigned mid = low + (high - low) / 2;

		if (r->moment[mid].ns <= ns)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 ? low - 1 : r->n;
}

unsigned
history_began(const struct history_row *r, unsigned i)
{
	while (i > 0 && r->moment[i].same &&
	    r->moment[i - 1].state == r->moment[i].state)
		i--;
	return i;
}

uint64_t
history_until(const struct history_row *r, unsigned i, uint64_t now)
{
	for (i++; i < r->n; i++)
		if (!r->moment[i].same)
			return r->moment[i].ns;
	return now;
}

/* No earlier one ends after this. */
static unsigned
bins_span_after(const struct history_spans *s, uint64_t ns)
{
	unsigned low = 0, high = s->n;

	while (low < high) {
		unsigned mid = low + (high - low) / 2;

		if (s->at[mid].reach <= ns)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool
history_waited(
    const struct history *h, unsigned object, uint64_t from, uint64_t to)
{
	const struct history_lock *l = &h->lock[object];
	unsigned i = bins_span_after(&l->waits, from);

	if (i < l->waits.n && l->waits.at[i].from < to)
		return true;
	return l->waiting > 0 && l->since < to;
}

static uint64_t
bins_shared(const struct history_span *s, uint64_t from, uint64_t to)
{
	uint64_t a = s->from > from ? s->from : from;
	uint64_t b = s->to < to ? s->to : to;

	return b > a ? b - a : 0;
}

bool
history_hold(const struct history_row *r, uint64_t from, uint64_t to,
    uint64_t now, struct history_span *out)
{
	struct history_span open = {.from = r->got, .to = now};
	uint64_t most = 0, n;

	for (unsigned i = 0; i < r->holds.n; i++) {
		n = bins_shared(&r->holds.at[i], from, to);
		if (n > most) {
			most = n;
			*out = r->holds.at[i];
		}
	}
	if (r->got != 0 && bins_shared(&open, from, to) > most) {
		*out = open;
		return true;
	}
	return most > 0;
}

/* The totals of one stretch. */
struct bins_count {
	uint64_t ns[CLASSES];    /* duration */
	uint64_t first[CLASSES]; /* its start */
};

static void
bins_count(struct bins_count *c, unsigned class, uint64_t from, uint64_t ns)
{
	if (ns == 0)
		return;
	if (c->ns[class] == 0)
		c->first[class] = from;
	c->ns[class] += ns;
}

/* While it waits or is dead, it does nothing with a lock that it holds. */
static bool
bins_uses_lock(unsigned state)
{
	return !state_waits_for(state, OBJECT_LOCK) && !state_is_gone(state);
}

static uint64_t
bins_count_hold(const struct history *h, struct bins_count *c,
    const struct history_span *s, uint64_t from, uint64_t to)
{
	uint64_t a = s->from > from ? s->from : from;
	uint64_t n = bins_shared(s, from, to);

	if (n > 0)
		bins_count(c,
		    history_waited(h, s->object, a, a + n) ? CLASS_AGAINST
							   : CLASS_HELD,
		    a, n);
	return n;
}

/* Part of a moment: [from, to), all within the stretch. */
static void
bins_count_part(const struct history *h, const struct history_row *r,
    struct bins_count *c, unsigned state, uint64_t from, uint64_t to,
    uint64_t now)
{
	struct history_span open = {.from = r->got, .to = now};
	uint64_t held = 0;

	if (bins_uses_lock(state)) {
		unsigned i = bins_span_after(&r->holds, from);

		for (; i < r->holds.n && r->holds.at[i].from < to; i++)
			held +=
			    bins_count_hold(h, c, &r->holds.at[i], from, to);
		if (r->got != 0)
			held += bins_count_hold(h, c, &open, from, to);
	}
	if (to - from > held)
		bins_count(c, state, from, to - from - held);
}

static void
bins_decide(const struct bins_count *c, uint64_t from, struct history_bin *b)
{
	unsigned best = 0, seen = 0;

	for (unsigned i = 0; i < CLASSES; i++) {
		seen += c->ns[i] > 0;
		if (c->ns[i] > c->ns[best])
			best = i;
	}
	*b = (struct history_bin){.kind = BIN_UNKNOWN};
	if (seen == 0)
		return;
	b->kind = best == CLASS_HELD ? BIN_HELD
	    : best == CLASS_AGAINST  ? BIN_AGAINST
				     : BIN_STATE;
	b->state = (uint8_t)(best < STATE_COUNT ? best : STATE_RUNNING);
	b->ns = c->first[best];
	b->began = c->first[best] > from || seen > 1;
	b->others = seen - 1;
}

void
history_bins(const struct history *h, const struct history_row *r,
    uint64_t from, uint64_t width, uint64_t now, struct history_bin *bins,
    unsigned n)
{
	unsigned i = history_at(r, from);

	if (i == r->n)
		i = 0;
	for (unsigned k = 0; k < n; k++, from += width) {
		struct bins_count c = {.ns = {0}};
		uint64_t end = from + width < now ? from + width : now;

		while (i < r->n && r->moment[i].ns < end) {
			uint64_t a = r->moment[i].ns, b = end;

			if (i + 1 < r->n && r->moment[i + 1].ns < end)
				b = r->moment[i + 1].ns;
			if (a < from)
				a = from;
			if (b > a)
				bins_count_part(
				    h, r, &c, r->moment[i].state, a, b, now);
			if (b == end)
				break;
			i++;
		}
		bins_decide(&c, from, &bins[k]);
	}
}
