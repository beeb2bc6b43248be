/* lost_update_rows: the contents of a lost-update record. */
#include "model/lost_updates.h"

#define OLDER (-1) /* it read a value from before the culprit's load */

/* Did `a` read what `from` had written there? */
static bool
rows_read_of(const struct lost_updates_add *a, int64_t value, int32_t tid)
{
	return a->seen == value && (a->from == 0 || tid == 0 || a->from == tid);
}

/*
 * How many of the stores in between had happened when this one was read? 0: it
 * read the value that the culprit also read. Counted from the oldest; `i` is
 * its own index.
 */
static int
rows_position(const struct lost_updates_record *r, unsigned i)
{
	const struct lost_updates_add *a = &r->between[r->n - i];

	for (unsigned k = i - 1; k > 0; k--) {
		const struct lost_updates_add *b = &r->between[r->n - k];

		if (rows_read_of(a, b->value, b->tid))
			return (int)k;
	}
	/*
	 * If the chain does not reach back far enough, all the rest is older.
	 */
	return r->complete && rows_read_of(a, r->culprit.seen, r->culprit.from)
	    ? 0
	    : OLDER;
}

/* Numbers in a stream may be anything. */
static int64_t
rows_less(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

static void
rows_blame(struct lost_updates_loss *l, const struct lost_updates_add *a)
{
	unsigned i = 0;

	while (i < l->n && l->victim[i].tid != a->tid)
		i++;
	if (i == l->n)
		l->victim[l->n++] = (struct lost_updates_victim){.tid = a->tid};
	l->victim[i].amount =
	    rows_less(l->victim[i].amount, rows_less(a->seen, a->value));
}

/*
 * Which amounts were in the sum when the culprit overwrote it: the last
 * writer's, then that of the thread whose value the last writer had read, and
 * so on. A thread that is not in this chain had been overwritten already.
 */
void
lost_updates_loss(
    const struct lost_updates_record *r, struct lost_updates_loss *l)
{
	int at = (int)r->n;

	l->n = 0;
	l->back = 0;
	l->by = 0;
	l->other = lost_updates_lost(&r->culprit);
	while (at > 0) {
		const struct lost_updates_add *a =
		    &r->between[r->n - (unsigned)at];

		rows_blame(l, a);
		l->other = rows_less(l->other, lost_updates_amount(a));
		at = rows_position(r, (unsigned)at);
		if (at == OLDER && r->complete) {
			l->by = a->tid;
			l->back = rows_less(r->culprit.seen, a->seen);
			l->other = rows_less(l->other, rows_less(0, l->back));
		}
	}
}

/* ---- steps ---- */

struct placed {
	const struct lost_updates_add *add;
	int at; /* number of stores before it, in the order of the chain */
};

/* Order loads between two stores by time. */
static unsigned
rows_loads_at(const struct placed *loads, unsigned n, int at,
    struct lost_updates_row *rows)
{
	unsigned made = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned k = made;

		if (loads[i].at != at || loads[i].add->loaded == 0)
			continue;
		for (; k > 0 && rows[k - 1].add->loaded > loads[i].add->loaded;
		     k--)
			rows[k] = rows[k - 1];
		rows[k] = (struct lost_updates_row){.add = loads[i].add};
		made++;
	}
	return made;
}

/*
 * Time stamps are taken just before a load and just after a store: adjust them
 * so that they agree with the order.
 */
static void
rows_stamp(struct lost_updates_row *rows, unsigned n)
{
	uint64_t last = 0;

	for (unsigned i = 0; i < n; i++) {
		uint64_t ns =
		    rows[i].store ? rows[i].add->stored : rows[i].add->loaded;

		rows[i].ns = ns > last ? ns : last;
		last = rows[i].ns;
	}
}

/*
 * If the chain does not reach back to the value that the culprit read, we do
 * not know when the others read: then those loads are ordered by time, too.
 */
static int
rows_place(const struct lost_updates_record *r, unsigned i)
{
	int at = rows_position(r, i);
	const struct lost_updates_add *a = &r->between[r->n - i];

	if (at == OLDER && !r->complete)
		return a->loaded > r->culprit.loaded ? 0 : OLDER;
	return at;
}

unsigned
lost_updates_rows(const struct lost_updates_record *r,
    struct lost_updates_row rows[RACES_ROWS])
{
	struct placed loads[RACES_CHAIN + 1];
	unsigned n = 0, nloads = 0;

	loads[nloads++] = (struct placed){&r->culprit, 0};
	for (unsigned i = 1; i <= r->n; i++)
		loads[nloads++] =
		    (struct placed){&r->between[r->n - i], rows_place(r, i)};
	n += rows_loads_at(loads, nloads, OLDER, rows);
	n += rows_loads_at(loads, nloads, 0, rows + n);
	for (unsigned i = 1; i <= r->n; i++) {
		rows[n++] = (struct lost_updates_row){
		    .add = &r->between[r->n - i], .store = true};
		n += rows_loads_at(loads, nloads, (int)i, rows + n);
	}
	rows[n++] = (struct lost_updates_row){
	    .add = &r->culprit, .store = true, .fatal = true};
	rows_stamp(rows, n);
	return n;
}
