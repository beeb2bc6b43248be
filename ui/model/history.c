/* history: rows of moments and of holds, and how they stay bounded. */
#include "model/history.h"

#include <stdlib.h>
#include <string.h>

#include "model/history_priv.h"

#define FIRST_ROOM 16

struct history *
history_new(void)
{
	return calloc(1, sizeof(struct history));
}

static void
history_slot_free(struct history_slot *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (s->row[i] == NULL)
			continue;
		free(s->row[i]->moment);
		free(s->row[i]->holds.at);
		free(s->row[i]);
	}
	free(s->row);
}

void
history_rows_clear(struct history *h)
{
	if (h->nrows == 0)
		return;
	for (unsigned i = 0; i < FRAME_MAX_SLOTS; i++) {
		history_slot_free(&h->slot[i]);
		h->slot[i].row = NULL;
		h->slot[i].n = 0;
	}
	for (unsigned i = 0; i <= FRAME_MAX_OBJECTS; i++)
		free(h->lock[i].waits.at);
	memset(h->lock, 0, sizeof h->lock);
	h->dirty = NULL;
	h->nrows = h->all = 0;
	h->filled = 0;
}

void
history_clear(struct history *h)
{
	uint32_t before = h->taken;

	history_rows_clear(h);
	journal_clear(&h->journal);
	memset(h, 0, sizeof *h);
	h->before = before;
}

void
history_free(struct history *h)
{
	if (h == NULL)
		return;
	history_clear(h);
	free(h);
}

/* NULL if memory is short. */
static void *
history_duplicate(const void *from, unsigned n, unsigned room, size_t size)
{
	void *to = calloc(room > 0 ? room : 1, size);

	if (to != NULL && n > 0)
		memcpy(to, from, n * size);
	return to;
}

static bool
history_spans_copy(struct history_spans *s)
{
	if (s->at == NULL)
		return true;
	s->at = history_duplicate(s->at, s->n, s->room, sizeof *s->at);
	if (s->at == NULL)
		s->n = s->room = 0;
	return s->at != NULL;
}

static struct history_row *
history_row_copy(const struct history_row *from)
{
	struct history_row *r = malloc(sizeof *r);

	if (r == NULL)
		return NULL;
	*r = *from;
	r->moment =
	    history_duplicate(r->moment, r->n, r->room, sizeof *r->moment);
	if (!history_spans_copy(&r->holds) || r->moment == NULL) {
		free(r->moment);
		free(r->holds.at);
		free(r);
		return NULL;
	}
	return r;
}

static bool
history_slot_copy(
    struct history *to, struct history_slot *s, const struct history_slot *from)
{
	*s = (struct history_slot){.dead = from->dead, .most = from->most};
	if (from->n == 0)
		return true;
	s->row = calloc(from->n, sizeof(struct history_row *));
	if (s->row == NULL)
		return false;
	for (s->n = 0; s->n < from->n; s->n++) {
		if (from->row[s->n] == NULL)
			continue;

		struct history_row *r = history_row_copy(from->row[s->n]);

		if (r == NULL)
			return false;
		if (r->dirty) {
			r->next = to->dirty;
			to->dirty = r;
		}
		s->row[s->n] = r;
	}
	return true;
}

bool
history_copy(struct history *to, const struct history *from)
{
	bool all = true;

	*to = *from;
	to->dirty = NULL;
	/* Whether or not this succeeds, `to` owns nothing of `from`. */
	memset(to->slot, 0, sizeof to->slot);
	for (unsigned i = 0; i <= FRAME_MAX_OBJECTS; i++)
		all = history_spans_copy(&to->lock[i].waits) && all;
	for (unsigned i = 0; i < FRAME_MAX_SLOTS && all; i++)
		all = history_slot_copy(to, &to->slot[i], &from->slot[i]);
	return journal_copy(&to->journal, &from->journal) && all;
}

struct history_row *
history_find(const struct history *h, unsigned slot, unsigned index)
{
	const struct history_slot *s = &h->slot[slot];

	return index < s->n ? s->row[index] : NULL;
}

const struct history_row *
history_row(const struct history *h, unsigned slot, unsigned index)
{
	return slot < FRAME_MAX_SLOTS ? history_find(h, slot, index) : NULL;
}

static bool
history_make_places(struct history_slot *s, unsigned index)
{
	unsigned want = s->n * 2 > index ? s->n * 2 : index + 1;

	if (index < s->n)
		return true;

	struct history_row **row = reallocarray(s->row, want, sizeof *row);

	if (row == NULL)
		return false;
	memset(row + s->n, 0, (want - s->n) * sizeof *row);
	s->row = row;
	s->n = want;
	return true;
}

struct history_row *
history_place(struct history *h, unsigned slot, unsigned index)
{
	struct history_row *r = history_find(h, slot, index);

	if (r != NULL)
		return r;
	if (h->nrows < HISTORY_ROWS &&
	    history_make_places(&h->slot[slot], index))
		r = calloc(1, sizeof *r);
	if (r == NULL) {
		h->unplaced++;
		return NULL;
	}
	r->waits = -1;
	h->nrows++;
	h->slot[slot].row[index] = r;
	return r;
}

/*
 * Room for one more, or NULL: then what is there must do. Every row may have
 * its share of the total.
 */
static void *
history_grow(struct history *h, void *at, unsigned n, unsigned *room,
    size_t size, unsigned max)
{
	unsigned want = *room == 0 ? FIRST_ROOM : *room * 2;
	unsigned share = HISTORY_ALL / (h->nrows + 1);

	if (n < *room)
		return at;
	if (want > max)
		return NULL;
	if (want > HISTORY_SURE &&
	    (want > share || h->all + (want - *room) > HISTORY_ALL))
		return NULL;
	at = reallocarray(at, want, size);
	if (at == NULL)
		return NULL;
	h->all += want - *room;
	*room = want;
	return at;
}

void
history_remove(struct history_row *r, unsigned i, unsigned n)
{
	r->n -= n;
	memmove(
	    &r->moment[i], &r->moment[i + n], (r->n - i) * sizeof *r->moment);
}

bool
history_insert(struct history *h, struct history_row *r, unsigned i,
    struct history_moment m)
{
	void *at = history_grow(
	    h, r->moment, r->n, &r->room, sizeof *r->moment, HISTORY_MOMENTS);

	if (at != NULL) {
		r->moment = at;
	} else {
		unsigned old = r->room / 4;

		if (old == 0 || i <= old) {
			h->unplaced++;
			return false;
		}
		history_remove(r, 0, old);
		r->dropped += old;
		r->moment[0].same = false;
		i -= old;
	}
	if (i == 0 && r->dropped > 0)
		return false;
	memmove(
	    &r->moment[i + 1], &r->moment[i], (r->n - i) * sizeof *r->moment);
	r->moment[i] = m;
	r->n++;
	return true;
}

/* Index at which a span with this beginning would be. */
static unsigned
history_span_place(const struct history_spans *s, uint64_t from)
{
	unsigned i = s->n;

	while (i > 0 && s->at[i - 1].from > from)
		i--;
	return i;
}

static bool
history_touches(const struct history_span *a, const struct history_span *b)
{
	return a->object == b->object && a->from <= b->to && b->from <= a->to;
}

/* Everything from at[i] on has moved. */
static void
history_reach_again(struct history_spans *s, unsigned i)
{
	for (; i < s->n; i++) {
		s->at[i].reach = s->at[i].to;
		if (i > 0 && s->at[i - 1].reach > s->at[i].to)
			s->at[i].reach = s->at[i - 1].reach;
	}
}

static void
history_span_remove(struct history_spans *s, unsigned i, unsigned n)
{
	s->n -= n;
	memmove(&s->at[i], &s->at[i + n], (s->n - i) * sizeof *s->at);
}

void
history_span_add(struct history *h, struct history_spans *s, unsigned max,
    struct history_span span)
{
	unsigned low = s->n; /* everything from here on has moved */

	/* Those that it touches end after it begins: few, and recent ones. */
	for (unsigned i = s->n; i-- > 0;) {
		const struct history_span *is = &s->at[i];

		if (!history_touches(is, &span)) {
			if (is->object == span.object && is->to < span.from)
				break;
			continue;
		}
		if (is->from < span.from)
			span.from = is->from;
		if (is->to > span.to)
			span.to = is->to;
		history_span_remove(s, i, 1);
		low = i;
	}
	void *at = history_grow(h, s->at, s->n, &s->room, sizeof *s->at, max);

	if (at != NULL)
		s->at = at;
	else if (s->room == 0)
		return;
	else {
		history_span_remove(s, 0, s->room / 4);
		low = 0;
	}

	unsigned i = history_span_place(s, span.from);

	memmove(&s->at[i + 1], &s->at[i], (s->n - i) * sizeof *s->at);
	s->at[i] = span;
	s->n++;
	history_reach_again(s, i < low ? i : low);
}

const struct history_mark *
history_mark(const struct history *h, unsigned n)
{
	uint64_t dropped = history_marks_dropped(h);

	if (n >= h->nmarks - dropped)
		return NULL;
	return &h->mark[(dropped + n) % HISTORY_MARKS];
}

uint64_t
history_marks_dropped(const struct history *h)
{
	return h->nmarks > HISTORY_MARKS ? h->nmarks - HISTORY_MARKS : 0;
}

uint64_t
history_look(const struct history *h)
{
	return h->look;
}

uint64_t
history_unplaced(const struct history *h)
{
	return h->unplaced;
}
