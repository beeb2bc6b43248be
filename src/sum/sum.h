/*
 * sum: the shared number, its ledger, and the lock kinds around it.
 *
 * The cell is one atomic word: the value, and the id of the thread that wrote
 * it last. So one exchange shows which value was overwritten, and which thread
 * had written it. An unprotected add is
 *
 *	seen = load; window; before = exchange(seen + n)
 *
 * and loses exactly before - seen (negative if the store brings back an amount
 * that another store had overwritten). Over all adds this telescopes to
 *
 *	sum + lost == expected
 *
 * whatever the interleaving. Load and exchange are atomic: the race is one of
 * logic, not a data race of the C language, and only the window stands between
 * the two.
 *
 * Under the kind `partial` each thread adds to a number of its own, in its
 * slot. So the sum is the word plus all these parts; cell_value() adds them up.
 * The parts stay where they are when the kind is switched; the part of a dead
 * thread is moved to the cell, beside the word.
 *
 * One shared word says which lock kind is current. A thread announces in its
 * slot that it is at the sum, then looks at the word again. A switch marks the
 * word, waits until no announcement is left, and only then makes the new kind
 * current. So no two kinds ever protect the sum at the same time, and switching
 * between correct kinds, however often, loses nothing. Threads look at the word
 * before every add: a switch takes effect everywhere within one add.
 *
 * A thread with an interpreter lock holds it during an add, but drops it while
 * it waits for the lock around the sum, for a switch or at the gate, and in a
 * window that it sleeps. Otherwise the holder of one could wait for the holder
 * of the other.
 *
 * In step mode a thread stands at its gate before every operation of an add,
 * and the window takes no time. At the first of these points it has announced
 * the add but done nothing yet. If it is released there while the kind is being
 * switched, it backs out.
 *
 * src/sum: the shared sum, and how each lock kind adds to it. It may use
 * lockstep, base, memory, wire, slot and schedule.
 */
#ifndef LOCKSTEP_SUM_H
#define LOCKSTEP_SUM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "slot/gate.h"
#include "slot/gil.h"
#include "slot/slot.h"
#include "sum/cell.h"

/* Applies to all cells. Writer: the supervisor. */
struct sum_control {
	_Alignas(ARENA_LINE) _Atomic uint32_t kind; /* and KIND_SWITCHING */
	_Atomic uint64_t window;                    /* ns */
	_Atomic uint64_t switches;
	_Atomic uint32_t blind; /* 1: no event between load and store */
	uint32_t wanted;        /* kind requested; supervisor only */
};

#define KIND_SWITCHING 0x80000000U /* in `kind`: no thread may begin an add */

struct lock_kind;

/* A thread at the sum. */
struct adder {
	struct cell *cell;
	struct sum_control *control;
	struct gate *gate;
	struct thread_slot *tslot;
	struct gil *gil; /* the thread holds it; NULL: there is none */

	/* Of the add under way. */
	bool traced;
	bool blind;        /* it records no event between load and store */
	bool stepped;      /* it stands before each of its operations ... */
	bool begun;        /* ... and has already stood before the first one */
	bool without_gil;  /* it waits, or has waited and not taken it back */
	uint32_t openings; /* of the gate, when it began */

	/* The kind that it announced: its number, its row. */
	uint32_t kind;
	const struct lock_kind *lock;

	/* ns: when it began to wait for the lock, and to hold it; 0: untimed */
	uint64_t waits_since, holds_since;
};

/* sum = sum + n, `times` times. False: the run is over. */
bool sum_add(struct adder *, int64_t n, uint64_t times);

/*
 * Request a kind; then call sum_switched() until it returns true. Neither call
 * waits. `tslots` are all slots of the arena; a dead thread's announcement has
 * to be removed by sum_recover().
 */
void sum_switch(struct sum_control *, unsigned kind);
bool sum_switched(
    struct sum_control *, struct thread_slot *tslots, unsigned ntslots);
unsigned sum_kind(const struct sum_control *);

/*
 * The threads of tslots[] are dead: recover the lock, and settle or give up
 * what they were adding. Returns how many adds stay in doubt, or -EAGAIN: call
 * again. After that, their ledgers are final.
 */
int sum_recover(struct sum_control *, struct cell *, struct thread_slot *tslots,
    unsigned ntslots);

#endif
