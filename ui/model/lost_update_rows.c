/* lost_update_rows: what a record of a lost update says. */
#include "model/lost_updates.h"

#define OLDER (-1) /* it read what was there before the culprit read */

/* Did `a` read what `from` had written there? */
static bool
rows_read_of(const struct lost_updates_add *a, int64_t value, int32_t tid)
{
	return a->seen == value && (a->from == 0 || tid == 0 || a->from == tid);
}

/*
 * After how many of the stores in between did this one read? 0: what the
 * culprit has read, too. Counted from the oldest; `i` is its own place.
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
	/* Where the chain does not reach back, all that is left is older. */
	return r->complete && rows_read_of(a, r->culprit.seen, r->culprit.from)
	    ? 0
	    : OLDER;
}

/* Numbers of a stream may be anything. */
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
 * What was in the sum when it was stored over: the last writer's amount, and
 * before it that of whom the last writer had read, and so on. Whoever is not
 * in this line had been wiped out already.
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
	int at; /* after so many stores, in the order of the chain */
};

/* Loads between two stores: by time. */
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
 * Time stamps are taken a little before a load and a little after a store: they
 * are made to agree with the order.
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
 * Where the chain does not reach back to what the culprit read, nothing is
 * known of when the others read: then those loads are placed by time, too.
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
