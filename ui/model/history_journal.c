/* history_journal: notes of a few bytes each, in chunks. */
#include "model/history_journal.h"

#include <stdlib.h>
#include <string.h>

#include "lockstep/frame.h"

#define NOTE_MAX 48 /* most bytes of a note */

/*
 * A note begins with two bytes: its kind and which fields follow; its state and
 * how many bytes of `us` follow. Then come the ns since the last note and the
 * fields that the first two bytes announce. Every thread's frame becomes a note
 * thirty times a second, so fields that are rarely 0 are written without a
 * branch: four bytes, and the next field overwrites those that are not needed.
 */
enum {
	NOTE_KIND = 7,
	NOTE_ROW = 1 << 3, /* slot and index follow; else the next index */
	NOTE_OBJECT = 1 << 4,
	NOTE_BORN = 1 << 5,
	NOTE_OWNER = 1 << 6,
	NOTE_STATE = 31,
	NOTE_US = 5 /* first bit of the number of its bytes, 1 to 4 */
};

_Static_assert((int)JOURNAL_BREAK <= (int)NOTE_KIND, "a kind has 3 bits");
_Static_assert((int)STATE_COUNT <= NOTE_STATE + 1, "a state has 5 bits");
_Static_assert((int)TRACE_COUNT <= NOTE_STATE + 1, "an event has 5 bits");

static unsigned char *
journal_put(unsigned char *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (unsigned char)(v | 0x80);
	*p++ = (unsigned char)v;
	return p;
}

static uint64_t
journal_get(const unsigned char **at)
{
	uint64_t v = 0;
	unsigned shift = 0;

	for (; **at & 0x80; shift += 7)
		v |= (uint64_t)(*(*at)++ & 0x7f) << shift;
	return v | (uint64_t) * (*at)++ << shift;
}

/* Map small numbers of either sign to small unsigned ones. */
static uint64_t
journal_fold(uint64_t v)
{
	return v << 1 ^ (0 - (v >> 63));
}

static uint64_t
journal_unfold(uint64_t v)
{
	return v >> 1 ^ (0 - (v & 1));
}

/* Bytes that the number needs, at least one. */
static unsigned
journal_bytes_of(uint32_t v)
{
	return (unsigned)(39 - __builtin_clz(v | 1)) >> 3;
}

static unsigned char *
journal_put_bytes(unsigned char *p, uint32_t v, unsigned n)
{
	memcpy(p, &v, sizeof v); /* frames are little-endian, and so are we */
	return p + n;
}

static uint32_t
journal_get_bytes(const unsigned char **at, unsigned n)
{
	uint32_t v = 0;

	memcpy(&v, *at, n);
	*at += n;
	return v;
}

static inline unsigned char *
journal_encode(
    unsigned char *p, struct journal *j, const struct journal_note *n)
{
	uint32_t place = (uint32_t)n->slot << 16 | n->index;
	uint64_t ns = journal_fold(n->ns - j->ns);
	unsigned us = journal_bytes_of(n->us);
	unsigned tag = n->kind | (n->owner != 0 ? NOTE_OWNER : 0U);

	if (place != j->place + 1)
		tag |= NOTE_ROW;
	if (n->object != 0)
		tag |= NOTE_OBJECT;
	if (n->born)
		tag |= NOTE_BORN;
	*p++ = (unsigned char)tag;
	*p++ = (unsigned char)(n->state | us << NOTE_US);
	p = journal_put(p, ns);
	p = journal_put_bytes(p, n->us, us);
	p = journal_put_bytes(p, (uint32_t)n->owner, tag & NOTE_OWNER ? 4 : 0);
	if (tag & NOTE_ROW)
		p = journal_put_bytes(p, place, 4);
	if (tag & NOTE_OBJECT)
		*p++ = n->object;
	if (tag & NOTE_BORN) {
		p = journal_put_bytes(p, (uint32_t)n->pid, 4);
		p = journal_put_bytes(p, (uint32_t)n->tid, 4);
	}
	j->ns = n->ns;
	j->place = place;
	return p;
}

/* Replace `n` by the note after it. */
static const unsigned char *
journal_decode(const unsigned char *p, struct journal_note *n)
{
	unsigned tag = *p++, state = *p++;
	uint32_t place = ((uint32_t)n->slot << 16 | n->index) + 1;

	n->kind = (enum journal_kind)(tag & NOTE_KIND);
	n->state = state & NOTE_STATE;
	n->ns += journal_unfold(journal_get(&p));
	n->us = journal_get_bytes(&p, state >> NOTE_US);
	n->owner = tag & NOTE_OWNER ? (int32_t)journal_get_bytes(&p, 4) : 0;
	if (tag & NOTE_ROW)
		place = journal_get_bytes(&p, 4);
	n->slot = (uint16_t)(place >> 16);
	n->index = (uint16_t)place;
	n->object = tag & NOTE_OBJECT ? *p++ : 0;
	n->born = (tag & NOTE_BORN) != 0;
	n->pid = n->born ? (int32_t)journal_get_bytes(&p, 4) : 0;
	n->tid = n->born ? (int32_t)journal_get_bytes(&p, 4) : 0;
	return p;
}

static struct journal_chunk *
journal_open_chunk(struct journal *j)
{
	struct journal_chunk *c = malloc(sizeof *c);

	if (c == NULL)
		return NULL;
	j->place = 0;
	c->next = NULL;
	c->ns = j->ns;
	c->used = 0;
	if (j->last != NULL)
		j->last->next = c;
	else
		j->first = c;
	j->last = c;
	j->chunks++;
	return c;
}

bool
journal_add(struct journal *j, const struct journal_note *n)
{
	struct journal_chunk *c = j->last;

	if (c == NULL || c->used + NOTE_MAX > sizeof c->bytes)
		c = journal_open_chunk(j);
	if (c == NULL)
		return false;
	c->used =
	    (uint32_t)(journal_encode(c->bytes + c->used, j, n) - c->bytes);
	return true;
}

static void
journal_read_chunk(const struct journal_chunk *c,
    void (*fn)(void *arg, const struct journal_note *), void *arg)
{
	const unsigned char *p = c->bytes;
	struct journal_note n = {.ns = c->ns};

	while (p < c->bytes + c->used) {
		p = journal_decode(p, &n);
		fn(arg, &n);
	}
}

uint64_t
journal_take(struct journal *j,
    void (*fn)(void *arg, const struct journal_note *), void *arg)
{
	struct journal_chunk *c = j->first;
	uint64_t ns;

	if (c == NULL)
		return 0;
	ns = c->next != NULL ? c->next->ns : j->ns;
	if (fn != NULL)
		journal_read_chunk(c, fn, arg);
	j->first = c->next;
	if (j->first == NULL)
		j->last = NULL;
	j->chunks--;
	free(c);
	return ns;
}

bool
journal_copy(struct journal *to, const struct journal *from)
{
	*to = (struct journal){.first = NULL};
	for (const struct journal_chunk *c = from->first; c != NULL;
	     c = c->next) {
		struct journal_chunk *copy = journal_open_chunk(to);

		if (copy == NULL)
			return false;
		copy->ns = c->ns;
		copy->used = c->used;
		memcpy(copy->bytes, c->bytes, c->used);
	}
	to->ns = from->ns;
	to->place = from->place;
	return true;
}

void
journal_clear(struct journal *j)
{
	while (j->first != NULL)
		journal_take(j, NULL, NULL);
	*j = (struct journal){.first = NULL};
}
