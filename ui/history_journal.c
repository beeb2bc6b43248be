/* history_journal: notes of a few bytes each, in chunks. */
#include "history_journal.h"

#include <stdlib.h>
#include <string.h>

#define NOTE_MAX 48 /* bytes that a note may need */

/* A note begins with its kind and what of it is written out. */
enum {
	TAG_KIND = 7,
	TAG_ROW = 1 << 3, /* slot and index; else the index after the last */
	TAG_US = 1 << 4,
	TAG_OBJECT = 1 << 5,
	TAG_OWNER = 1 << 6,
	TAG_BORN = 1 << 7
};

_Static_assert((int)JOURNAL_BREAK <= (int)TAG_KIND, "a kind fits its bits");

static unsigned char *
put(unsigned char *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (unsigned char)(v | 0x80);
	*p++ = (unsigned char)v;
	return p;
}

static uint64_t
get(const unsigned char **at)
{
	uint64_t v = 0;
	unsigned shift = 0;

	for (; **at & 0x80; shift += 7)
		v |= (uint64_t)(*(*at)++ & 0x7f) << shift;
	return v | (uint64_t) * (*at)++ << shift;
}

/* Small numbers of either sign become small ones. */
static uint64_t
fold(uint64_t v)
{
	return v << 1 ^ (0 - (v >> 63));
}

static uint64_t
unfold(uint64_t v)
{
	return v >> 1 ^ (0 - (v & 1));
}

static uint64_t
difference(int32_t a, int32_t b)
{
	return (uint64_t)((int64_t)a - b);
}

static unsigned
tag_of(const struct journal_note *n, const struct journal *was)
{
	bool next = n->slot == was->slot && n->index == was->index + 1;
	bool born = n->born || n->kind == JOURNAL_END;

	return n->kind | (next ? 0U : TAG_ROW) | (n->us != 0 ? TAG_US : 0U) |
	    (n->object != 0 ? TAG_OBJECT : 0U) |
	    (n->owner != 0 ? TAG_OWNER : 0U) | (born ? TAG_BORN : 0U);
}

static unsigned char *
encode(
    unsigned char *p, const struct journal_note *n, const struct journal *was)
{
	unsigned tag = tag_of(n, was);

	*p++ = (unsigned char)tag;
	*p++ = n->state;
	p = put(p, fold(n->ns - was->ns));
	if (tag & TAG_ROW) {
		p = put(p, n->slot);
		p = put(p, n->index);
	}
	if (tag & TAG_US)
		p = put(p, n->us);
	if (tag & TAG_OBJECT)
		*p++ = n->object;
	if (tag & TAG_OWNER)
		p = put(p, fold(difference(n->owner, was->owner)));
	if (tag & TAG_BORN) {
		p = put(p, fold(difference(n->pid, 0)));
		p = put(p, fold(difference(n->tid, 0)));
	}
	return p;
}

/* The note after `n`, which it becomes. */
static const unsigned char *
decode(const unsigned char *p, struct journal_note *n)
{
	unsigned tag = *p++;
	int32_t owner = n->owner;

	n->kind = (enum journal_kind)(tag & TAG_KIND);
	n->born = (tag & TAG_BORN) != 0;
	n->state = *p++;
	n->ns += unfold(get(&p));
	n->index++;
	if (tag & TAG_ROW) {
		n->slot = (uint16_t)get(&p);
		n->index = (uint16_t)get(&p);
	}
	n->us = tag & TAG_US ? (uint32_t)get(&p) : 0;
	n->object = tag & TAG_OBJECT ? *p++ : 0;
	n->owner = 0;
	if (tag & TAG_OWNER)
		n->owner = (int32_t)(owner + (int64_t)unfold(get(&p)));
	n->pid = n->tid = 0;
	if (tag & TAG_BORN) {
		n->pid = (int32_t)unfold(get(&p));
		n->tid = (int32_t)unfold(get(&p));
	}
	return p;
}

static struct journal_chunk *
open_chunk(struct journal *j)
{
	struct journal_chunk *c = malloc(sizeof *c);

	if (c == NULL)
		return NULL;
	j->owner = 0;
	j->slot = j->index = 0;
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
		c = open_chunk(j);
	if (c == NULL)
		return false;

	unsigned char *end = encode(c->bytes + c->used, n, j);

	c->used = (uint32_t)(end - c->bytes);
	j->ns = n->ns;
	j->owner = n->owner;
	j->slot = n->slot;
	j->index = n->index;
	return true;
}

static void
read_chunk(const struct journal_chunk *c,
    void (*fn)(void *arg, const struct journal_note *), void *arg)
{
	const unsigned char *p = c->bytes;
	struct journal_note n = {.ns = c->ns};

	while (p < c->bytes + c->used) {
		p = decode(p, &n);
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
		read_chunk(c, fn, arg);
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
		struct journal_chunk *copy = open_chunk(to);

		if (copy == NULL)
			return false;
		copy->ns = c->ns;
		copy->used = c->used;
		memcpy(copy->bytes, c->bytes, c->used);
	}
	to->ns = from->ns;
	to->owner = from->owner;
	to->slot = from->slot;
	to->index = from->index;
	return true;
}

void
journal_clear(struct journal *j)
{
	while (j->first != NULL)
		journal_take(j, NULL, NULL);
	*j = (struct journal){.first = NULL};
}
