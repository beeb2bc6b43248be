/*
 * lost_updates: which updates were lost, and to whom, put together from the
 * trace.
 *
 * A lost update is known by the store that wiped it out: the value that it
 * replaced is not the one that its thread had read. What was written between
 * the two is a chain of stores, each of which says whose value it replaced.
 * The chain is followed back from the fatal store until one is found that
 * replaced what the culprit had read; then the record is complete, and says
 * who wrote what in between. Of a run that is too quick to be traced whole
 * some stores are missing; then the record says what is known: who wrote last
 * is in every event.
 *
 * A thread's events come in order, those of several threads in any order: what
 * was missing is put in when it comes. Bounded: what was let go is counted.
 */
#ifndef LOCKSTEP_LOST_UPDATES_H
#define LOCKSTEP_LOST_UPDATES_H

#include <stdbool.h>
#include <stdint.h>

#include "lockstep/frame.h"

#define RACES_RECORDS  192  /* lost updates remembered */
#define RACES_CHAIN    96   /* stores in between told of one */
#define RACES_ADDS     4096 /* remembered, to be found; a power of two */
#define RACES_HASH     4096 /* likewise */
#define RACES_THREADS  2048 /* whose add is being put together; likewise */
#define RACES_PAIRS    1024 /* who overwrote whom; likewise */
#define RACES_OPEN     64   /* records that may still be completed */
#define RACES_BURST    64   /* records that may be made at once ... */
#define RACES_A_SECOND 32   /* ... and for long; more are only counted */

/* An add as its thread has traced it. tids are 0 if they are not known. */
struct lost_updates_add {
	int32_t tid;
	int32_t from; /* who wrote what it read */
	int32_t over; /* whose value its store replaced */
	uint16_t slot, index;
	uint64_t loaded, stored; /* ns; loaded 0: not known */
	int64_t seen, value;     /* what it read, and wrote */
	int64_t before;          /* what its store replaced */
};

struct lost_updates_record {
	uint64_t number; /* from 1; 0: none */
	bool complete;
	struct lost_updates_add culprit;
	unsigned n; /* stores in between that are known, the newest first */
	struct lost_updates_add between[RACES_CHAIN];
};

/* This thread's stores wiped out that thread's: so often, as far as seen. */
struct lost_updates_pair {
	int32_t culprit, victim; /* tids; culprit 0: a free place */
	uint64_t times;
};

enum lost_updates_stage {
	RACES_IDLE,
	RACES_LOADED, /* the store is still to come */
	RACES_STORED, /* it wiped out something: what, is to come */
	RACES_KEPT    /* in add[] as number `kept` */
};

struct lost_updates_thread {
	struct lost_updates_add add; /* add.tid 0: a free place */
	enum lost_updates_stage stage;
	uint64_t kept;
};

struct lost_updates {
	bool apart;      /* each process has a sum of its own */
	uint64_t seen;   /* lost updates in the trace */
	uint64_t newest; /* ns of the last one */

	/* A ring: record number n is record[(n - 1) % RACES_RECORDS]. */
	struct lost_updates_record record[RACES_RECORDS];
	uint64_t records;
	uint64_t spent_until; /* ns: then all of a burst may be made again */

	/* A ring; hash[] is the newest with that value, older[] the next. */
	struct lost_updates_add add[RACES_ADDS];
	uint64_t adds;
	uint64_t hash[RACES_HASH];
	uint64_t older[RACES_ADDS];

	struct lost_updates_thread thread[RACES_THREADS];
	struct lost_updates_pair pair[RACES_PAIRS];
	unsigned npairs;
	uint64_t unpaired; /* there was no room for them */
};

/* Take in a TRACE frame. Zero-initialise; owns nothing. */
void lost_updates_apply(struct lost_updates *, const struct frame *);

/* Newest first: n = 0 is the newest; NULL when there are no more. */
const struct lost_updates_record *lost_updates_at(
    const struct lost_updates *, unsigned n);
/* By its number; NULL if it was let go. */
const struct lost_updates_record *lost_updates_find(
    const struct lost_updates *, uint64_t number);

/* The add that this thread is in the middle of, as far as traced; or NULL. */
const struct lost_updates_add *lost_updates_open_add(
    const struct lost_updates *, int32_t tid);

/* ---- what a record says: lost_update_rows.c ---- */

/* Of its lost amount; negative: it brought back more than it wiped out. */
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

/* What the sum would be, had the culprit read what it replaced. */
static inline int64_t
lost_updates_expected(const struct lost_updates_record *r)
{
	return (int64_t)((uint64_t)r->culprit.before +
	    (uint64_t)lost_updates_amount(&r->culprit));
}

struct lost_updates_victim {
	int32_t tid;
	int64_t amount; /* of it lost */
};

/* Whose amounts were wiped out. */
struct lost_updates_loss {
	struct lost_updates_victim victim[RACES_CHAIN];
	unsigned n;
	/*
	 * One of them read what was older than what the culprit read, and so
	 * wiped out `back` itself, which the culprit's store brings back;
	 * negative: it brought back so much, which is wiped out again.
	 */
	int64_t back;
	int32_t by;
	int64_t other; /* of the loss, not known whose */
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
	bool store; /* else its load */
	bool fatal;
	uint64_t ns; /* never before that of the row above; 0: not known */
};
unsigned lost_updates_rows(const struct lost_updates_record *,
    struct lost_updates_row rows[RACES_ROWS]);

#endif
