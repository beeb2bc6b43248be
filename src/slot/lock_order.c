/* lock_order: which locks a program takes while it holds which others. */
#include "slot/lock_order.h"

#include <stdbool.h>
#include <string.h>

#define HELD   16 /* locks that one thread remembers */
#define PROBES 32
#define KNOWN  (1U << 24) /* in lock_order_row.guards, above the numbers */

/* The locks that the calling thread holds, in the order it took them. */
static _Thread_local struct {
	const struct lock_orders *of; /* the table; if another: none held */
	uint8_t number[HELD];
	unsigned n;
	unsigned more; /* locks that found no room */
} held;

/* The first ORDER_GUARDS locks held besides the pair itself. */
static uint32_t
lock_order_guards_of(unsigned first, unsigned second)
{
	uint32_t guards = 0;
	unsigned n = 0;

	for (unsigned i = 0; i < held.n && n < ORDER_GUARDS; i++)
		if (held.number[i] != first && held.number[i] != second)
			guards |= (uint32_t)held.number[i] << 8 * n++;
	return guards;
}

static bool
lock_order_is_guard(uint32_t guards, uint8_t number)
{
	for (guards &= KNOWN - 1; guards != 0; guards >>= 8)
		if ((guards & 0xff) == number)
			return true;
	return false;
}

/* The locks that are in both sets of guards. */
static uint32_t
lock_order_common(uint32_t a, uint32_t b)
{
	uint32_t both = 0;
	unsigned n = 0;

	for (a &= KNOWN - 1; a != 0; a >>= 8)
		if (lock_order_is_guard(b, (uint8_t)a))
			both |= (a & 0xff) << 8 * n++;
	return both;
}

/* The pair's row, or a new one (*first); NULL if there is no room. */
static struct lock_order_row *
lock_order_row_of(struct lock_orders *o, uint32_t pair, bool *first)
{
	uint32_t at = pair * 2654435761U; /* Knuth's multiplicative hash */

	at = (at >> 16) % ORDER_ROWS;
	for (unsigned i = 0; i < PROBES; i++) {
		struct lock_order_row *r = &o->row[(at + i) % ORDER_ROWS];
		uint32_t was =
		    atomic_load_explicit(&r->pair, memory_order_acquire);

		*first = was == 0 &&
		    atomic_compare_exchange_strong(&r->pair, &was, pair);
		if (*first || was == pair)
			return r;
	}
	return NULL;
}

static void
lock_order_guard(struct lock_order_row *r, uint32_t guards)
{
	uint32_t was = atomic_load_explicit(&r->guards, memory_order_relaxed),
		 now;

	do
		now = KNOWN |
		    (was == 0 ? guards : lock_order_common(was, guards));
	while (
	    now != was && !atomic_compare_exchange_weak(&r->guards, &was, now));
}

uint32_t
lock_order_guards(const struct lock_order_row *r)
{
	return atomic_load_explicit(&r->guards, memory_order_relaxed) &
	    (KNOWN - 1);
}

static void
lock_order_note(
    struct lock_orders *o, unsigned first, unsigned second, int32_t tid)
{
	uint32_t guards = lock_order_guards_of(first, second);
	bool mine;
	struct lock_order_row *r =
	    lock_order_row_of(o, first << 8 | second, &mine);

	if (r == NULL) {
		atomic_fetch_add_explicit(&o->dropped, 1, memory_order_relaxed);
		return;
	}
	if (mine)
		atomic_store_explicit(&r->tid, tid, memory_order_relaxed);
	lock_order_guard(r, guards);
	atomic_fetch_add_explicit(&r->times, 1, memory_order_release);
}

void
lock_order_wants(struct lock_orders *o, unsigned number, int32_t tid)
{
	if (held.n == 0 || held.of != o)
		return;
	for (unsigned i = 0; i < held.n; i++)
		if (held.number[i] != number)
			lock_order_note(o, held.number[i], number, tid);
}

void
lock_order_has(const struct lock_orders *o, unsigned number)
{
	if (held.of != o) {
		memset(&held, 0, sizeof held);
		held.of = o;
	}
	if (held.n < HELD)
		held.number[held.n++] = (uint8_t)number;
	else
		held.more++;
}

void
lock_order_gives(const struct lock_orders *o, unsigned number)
{
	unsigned i = held.of == o ? held.n : 0;

	while (i > 0 && held.number[i - 1] != number)
		i--;
	if (i == 0) {
		held.more -= held.more > 0;
		return;
	}
	memmove(&held.number[i - 1], &held.number[i], held.n - i);
	held.n--;
}
