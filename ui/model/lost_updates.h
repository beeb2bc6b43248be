/*
 * lost_updates: which updates were lost, and to which thread, reconstructed
 * from the trace.
 *
 * A lost update is recognised by the store that wiped it out: the value that
 * this store replaced is not the one that its thread had read. Between the two
 * there is a chain of stores, each of which says whose value it replaced. The
 * chain is followed back from the fatal store to the one that replaced the
 * value that the culprit had read; then the record is complete, and says who
 * wrote what in between. In a run too fast to be traced completely, some stores
 * are missing; then the record says what is known: every event names the last
 * writer.
 *
 * A thread's events arrive in order, those of several threads in any order:
 * missing ones are inserted when they arrive. Bounded: evicted records are
 * counted.
 */
#ifndef LOCKSTEP_LOST_UPDATES_H
#define LOCKSTEP_LOST_UPDATES_H

#include <stdbool.h>
#include <stdint.h>

#include "lockstep/frame.h"

#define RACES_RECORDS  192  /* lost updates remembered */
#define RACES_CHAIN    96   /* stores in between kept in one record */
#define RACES_ADDS     4096 /* remembered for lookup; a power of two */
#define RACES_HASH     4096 /* a power of two */
#define RACES_THREADS  2048 /* whose add is being assembled; a power of two */
#define RACES_PAIRS    1024 /* who overwrote whom; a power of two */
#define RACES_OPEN     64   /* records that may still be completed */
#define RACES_BURST    64   /* records that may be made in a burst ... */
#define RACES_A_SECOND 32   /* ... and on average; the rest is only counted */

/* An add as traced by its thread. tids are 0 if unknown. */
struct lost_updates_add {
	int32_t tid;
	int32_t from; /* who wrote the value that it read */
	int32_t over; /* whose value its store replaced */
	uint16_t slot, index;
	uint64_t loaded, stored; /* ns; loaded 0: unknown */
	int64_t seen, value;     /* value that it read, and wrote */
	int64_t before;          /* value that its store replaced */
};

struct lost_updates_record {
	uint64_t number; /* from 1; 0: none */
	bool complete;
	struct lost_updates_add culprit;
	unsigned n; /* known stores in between, newest first */
	struct lost_updates_add between[RACES_CHAIN];
};

/*
 * How often this thread's stores wiped out that thread's, as far as observed.
 */
struct lost_updates_pair {
	int32_t culprit, victim; /* tids; culprit 0: unused */
	uint64_t times;
};

enum lost_updates_stage {
	RACES_IDLE,
	RACES_LOADED, /* the store is yet to come */
	RACES_STORED, /* it wiped out something; what, is yet to come */
	RACES_KEPT    /* in add[] as number `kept` */
};

struct lost_updates_thread {
	struct lost_updates_add add; /* add.tid 0: unused */
	enum lost_updates_stage stage;
	uint64_t kept;
};

struct lost_updates {
	bool apart;      /* each process has its own sum */
	uint64_t seen;   /* lost updates in the trace */
	uint64_t newest; /* ns of the last one */

	/* A ring: record number n is record[(n - 1) % RACES_RECORDS]. */
	struct lost_updates_record record[RACES_RECORDS];
	uint64_t records;
	uint64_t spent_until; /* ns at which a full burst is available again */

	/*
	 * A ring; hash[] has the newest add with that value, older[] the next
	 * older one.
	 */
	struct lost_updates_add add[RACES_ADDS];
	uint64_t adds;
	uint64_t hash[RACES_HASH];
	uint64_t older[RACES_ADDS];

	struct lost_updates_thread thread[RACES_THREADS];
	struct lost_updates_pair pair[RACES_PAIRS];
	unsigned npairs;
	uint64_t unpaired; /* overwrites for which pair[] had no room */
};

/* Take in a TRACE frame. Zero-initialise; owns nothing. */
void lost_updates_apply(struct lost_updates *, const struct frame *);

/* Newest first: n = 0 is the newest; NULL when there are no more. */
const struct lost_updates_record *lost_updates_at(
    const struct lost_updates *, unsigned n);
/* By its number; NULL if it was evicted. */
const struct lost_updates_record *lost_updates_find(
    const struct lost_updates *, uint64_t number);

/* The add that this thread is in the middle of, as far as traced; or NULL. */
const struct lost_updates_add *lost_updates_open_add(
    const struct lost_updates *, int32_t tid);

/* ---- contents of a record: lost_update_rows.c ---- */

/* The amount that it lost; negative: it restored more than it wiped out. */
static inline int64_t
lost_updates_lost(const struct lost_updates_add *a)
{
	return (int64_t)((uint64_t)a->before - (uint64_t)a->seen);
}

static inline int64_t
lost_updates_amount(const struct lost_updates_add *a)
{
	return (int64_t)((uint64_t)a->value - (uint64_t)a->seen);
}

/* The sum if the culprit had read the value that it replaced. */
static inline int64_t
lost_updates_expected(const struct lost_updates_record *r)
{
	return (int64_t)((uint64_t)r->culprit.before +
	    (uint64_t)lost_updates_amount(&r->culprit));
}

struct lost_updates_victim {
	int32_t tid;
	int64_t amount; /* amount of it that was lost */
};

/* The threads whose amounts were wiped out. */
struct lost_updates_loss {
	struct lost_updates_victim victim[RACES_CHAIN];
	unsigned n;
	/*
	 * One of them had read a value older than the culprit's and so wiped
	 * out `back` itself, which the culprit's store restores; negative: it
	 * had restored that amount, which is wiped out again.
	 */
	int64_t back;
	int32_t by;
	int64_t other; /* part of the loss whose victim is unknown */
};
void lost_updates_loss(
    const struct lost_updates_record *, struct lost_updates_loss *);

#define RACES_ROWS (2 * (RACES_CHAIN + 1))

/*
 * The steps of a record in the order in which they took effect: a load comes
 * after the store whose value it read, whatever the time stamps say, which are
 * taken before a load and after a store.
 */
struct lost_updates_row {
	const struct lost_updates_add *add;
	bool store; /* else it is its load */
	bool fatal;
	uint64_t ns; /* ns, never before that of the row above; 0: unknown */
};
unsigned lost_updates_rows(const struct lost_updates_record *,
    struct lost_updates_row rows[RACES_ROWS]);

#endif
