/* lost_updates: finds lost updates in trace events as they arrive. */
#include "model/lost_updates.h"

#include <string.h>

#define PROBES 8

static uint64_t
updates_mix(uint64_t x)
{
	x *= 0x9e3779b97f4a7c15ULL;
	return x ^ x >> 32;
}

/* ---- remembered adds ---- */

static const struct lost_updates_add *
updates_add_number(const struct lost_updates *r, uint64_t number)
{
	if (number == 0 || r->adds - number >= RACES_ADDS)
		return NULL;
	return &r->add[number % RACES_ADDS];
}

/* ---- records ---- */

static const struct lost_updates_add *
updates_earliest(const struct lost_updates_record *rec)
{
	return rec->n > 0 ? &rec->between[rec->n - 1] : &rec->culprit;
}

static bool
updates_has(
    const struct lost_updates_record *rec, const struct lost_updates_add *a)
{
	for (unsigned i = 0; i < rec->n; i++)
		if (rec->between[i].tid == a->tid &&
		    rec->between[i].stored == a->stored)
			return true;
	return false;
}

/*
 * Is `a` the store whose value the earliest store of the record replaced? If a
 * value was written more than once, times decide: a store came after its
 * thread's load and before its own time stamp.
 */
static bool
updates_precedes(const struct lost_updates *r, const struct lost_updates_add *a,
    const struct lost_updates_record *rec)
{
	const struct lost_updates_add *next = updates_earliest(rec);

	if (a->value != next->before || a->tid == rec->culprit.tid)
		return false;
	if (next->over != 0 ? a->tid != next->over
			    : r->apart && a->slot != next->slot)
		return false;
	return a->loaded <= next->stored && a->stored > rec->culprit.loaded &&
	    !updates_has(rec, a);
}

/* Add a store; is it the one that replaced the value that the culprit read? */
static void
updates_link(struct lost_updates_record *rec, const struct lost_updates_add *a)
{
	const struct lost_updates_add *c = &rec->culprit;

	rec->between[rec->n++] = *a;
	rec->complete = a->before == c->seen &&
	    (c->from == 0 || a->over == 0 || c->from == a->over);
}

/* As far back as known by now. */
static void
updates_follow(const struct lost_updates *r, struct lost_updates_record *rec)
{
	while (!rec->complete && rec->n < RACES_CHAIN) {
		const struct lost_updates_add *a;
		uint64_t number =
		    r->hash[updates_mix(
				(uint64_t)updates_earliest(rec)->before) %
			RACES_HASH];

		while ((a = updates_add_number(r, number)) != NULL &&
		    !updates_precedes(r, a, rec))
			number = r->older[number % RACES_ADDS];
		if (a == NULL)
			return;
		updates_link(rec, a);
	}
}

static struct lost_updates_record *
updates_record_number(struct lost_updates *r, uint64_t number)
{
	return &r->record[(number - 1) % RACES_RECORDS];
}

/* An add that arrived after the losses that it belongs to. */
static void
updates_complete_records(
    struct lost_updates *r, const struct lost_updates_add *a)
{
	uint64_t n = r->records > RACES_OPEN ? r->records - RACES_OPEN : 0;

	while (n++ < r->records) {
		struct lost_updates_record *rec = updates_record_number(r, n);

		if (rec->complete || rec->n == RACES_CHAIN ||
		    !updates_precedes(r, a, rec))
			continue;
		updates_link(rec, a);
		updates_follow(r, rec);
	}
}

/* If there are too many, an incomplete record is replaced. */
static struct lost_updates_record *
updates_poorest(struct lost_updates *r)
{
	for (unsigned i = 0; i < RACES_BURST && i < r->records; i++) {
		struct lost_updates_record *rec =
		    updates_record_number(r, r->records - i);

		if (!rec->complete)
			return rec;
	}
	return NULL;
}

/* A token bucket: each record costs a fraction of a second. */
static bool
updates_afford(struct lost_updates *r, uint64_t now)
{
	const uint64_t each = 1000000000ULL / RACES_A_SECOND;

	if (r->spent_until < now)
		r->spent_until = now;
	if (r->spent_until - now > (RACES_BURST - 1) * each)
		return false;
	r->spent_until += each;
	return true;
}

static void
updates_record(struct lost_updates *r, const struct lost_updates_add *a)
{
	static const struct lost_updates_record none;
	struct lost_updates_record *rec;

	if (updates_afford(r, a->stored)) {
		rec = updates_record_number(r, ++r->records);
		*rec = none;
		rec->number = r->records;
		rec->culprit = *a;
		updates_follow(r, rec);
		return;
	}
	rec = updates_poorest(r);
	if (rec == NULL)
		return;

	struct lost_updates_record better = {
	    .number = rec->number, .culprit = *a};

	updates_follow(r, &better);
	if (better.complete)
		*rec = better;
}

/* ---- who overwrote whom ---- */

static void
updates_count_pair(struct lost_updates *r, int32_t culprit, int32_t victim)
{
	uint64_t at =
	    updates_mix((uint64_t)(uint32_t)culprit << 32 | (uint32_t)victim);

	for (unsigned i = 0; i < RACES_PAIRS; i++) {
		struct lost_updates_pair *p = &r->pair[(at + i) % RACES_PAIRS];

		if (p->culprit == culprit && p->victim == victim) {
			p->times++;
			return;
		}
		if (p->culprit != 0)
			continue;
		if (r->npairs >= RACES_PAIRS * 3 / 4)
			break;
		r->npairs++;
		*p = (struct lost_updates_pair){culprit, victim, 1};
		return;
	}
	r->unpaired++;
}

/* ---- events ---- */

/* Where this thread's add is assembled; takes another's if all are in use. */
static struct lost_updates_thread *
updates_thread_of(struct lost_updates *r, int32_t tid)
{
	uint64_t at = updates_mix((uint32_t)tid);
	struct lost_updates_thread *free = NULL;

	for (unsigned i = 0; i < PROBES; i++) {
		struct lost_updates_thread *t =
		    &r->thread[(at + i) % RACES_THREADS];

		if (t->add.tid == tid)
			return t;
		if (free == NULL && t->add.tid == 0)
			free = t;
	}
	if (free == NULL)
		free = &r->thread[at % RACES_THREADS];
	*free = (struct lost_updates_thread){.add.tid = tid};
	return free;
}

static void
updates_keep(struct lost_updates *r, struct lost_updates_thread *t)
{
	uint64_t number = ++r->adds;
	uint64_t *head =
	    &r->hash[updates_mix((uint64_t)t->add.value) % RACES_HASH];

	r->add[number % RACES_ADDS] = t->add;
	r->older[number % RACES_ADDS] = *head;
	*head = number;
	t->kept = number;
	t->stage = RACES_KEPT;
	updates_complete_records(r, &t->add);
}

static void
updates_load(struct lost_updates_thread *t, const struct frame *f)
{
	t->add.loaded = f->ns;
	t->add.seen = f->trace.seen;
	t->add.from = f->trace.other;
	t->stage = RACES_LOADED;
}

static void
updates_store(struct lost_updates *r, struct lost_updates_thread *t,
    const struct frame *f)
{
	struct lost_updates_add *a = &t->add;

	if (t->stage != RACES_LOADED || a->seen != f->trace.seen) {
		a->loaded = 0;
		a->from = 0;
	}
	a->seen = a->before = f->trace.seen;
	a->value = f->trace.value;
	a->over = f->trace.other;
	a->stored = f->ns;
	t->stage = RACES_STORED;
	if ((f->trace.flags & TRACE_LOSES) == 0)
		updates_keep(r, t);
}

/* Is it the last store that lost this? Not every event says what was read. */
static bool
updates_belongs(const struct lost_updates_thread *t, const struct frame *f)
{
	return t->stage == RACES_STORED ||
	    (t->stage == RACES_KEPT &&
		(f->trace.seen == t->add.seen || f->trace.seen == 0));
}

static void
lost(struct lost_updates *r, struct lost_updates_thread *t,
    const struct frame *f)
{
	struct lost_updates_add *a = &t->add;

	r->seen++;
	if (f->ns > r->newest)
		r->newest = f->ns;
	updates_count_pair(r, f->tid, f->trace.other);
	if (updates_belongs(t, f)) {
		a->before =
		    (int64_t)((uint64_t)a->seen + (uint64_t)f->trace.value);
		a->over = f->trace.other;
		if (t->stage == RACES_STORED)
			updates_keep(r, t);
		else if (updates_add_number(r, t->kept) != NULL)
			r->add[t->kept % RACES_ADDS] = *a;
		updates_record(r, a);
	}
	t->stage = RACES_IDLE;
}

void
lost_updates_apply(struct lost_updates *r, const struct frame *f)
{
	struct lost_updates_thread *t;

	if (f->tid == 0 ||
	    (f->trace.op != TRACE_LOAD && f->trace.op != TRACE_STORE &&
		f->trace.op != TRACE_LOST))
		return;
	t = updates_thread_of(r, f->tid);
	t->add.slot = f->trace.slot;
	t->add.index = f->trace.index;
	if (f->trace.op == TRACE_LOAD)
		updates_load(t, f);
	else if (f->trace.op == TRACE_STORE)
		updates_store(r, t, f);
	else
		lost(r, t, f);
}

const struct lost_updates_record *
lost_updates_at(const struct lost_updates *r, unsigned n)
{
	if (n >= r->records || n >= RACES_RECORDS)
		return NULL;
	return lost_updates_find(r, r->records - n);
}

const struct lost_updates_record *
lost_updates_find(const struct lost_updates *r, uint64_t number)
{
	if (number == 0 || number > r->records ||
	    r->records - number >= RACES_RECORDS)
		return NULL;
	return &r->record[(number - 1) % RACES_RECORDS];
}

const struct lost_updates_add *
lost_updates_open_add(const struct lost_updates *r, int32_t tid)
{
	uint64_t at = updates_mix((uint32_t)tid);

	for (unsigned i = 0; i < PROBES; i++) {
		const struct lost_updates_thread *t =
		    &r->thread[(at + i) % RACES_THREADS];

		if (tid != 0 && t->add.tid == tid)
			return t->stage == RACES_LOADED ? &t->add : NULL;
	}
	return NULL;
}
