/*
 * sum: the shared number, its ledger, and the lock kinds around it.
 *
 * The cell is one atomic word: the value beside the id of the thread that
 * wrote it last, so that one exchange tells what was overwritten and whose it
 * was. An unprotected add is
 *
 *	seen = load; window; before = exchange(seen + n)
 *
 * and wipes out exactly before - seen (negative if it brings back what
 * another had wiped out). Over all adds that telescopes to
 *
 *	sum + lost == expected
 *
 * whatever the interleaving. Load and exchange are relaxed and atomic: a race
 * of meaning, not of the language, and nothing stands between the two but
 * the window.
 *
 * Under the kind `partial` a thread adds to a number of its own, in its slot.
 * So the sum is the word and all these parts together; cell_value() adds them
 * up. They stay where they are when the kind is switched; what a dead thread
 * leaves goes to the cell, beside the word.
 *
 * Which lock kind is in force is one shared word. A thread announces in its
 * slot that it is at the sum, then looks at the word again; a switch marks the
 * word, waits until no announcement is left, and only then puts the new kind
 * in force. So no two kinds ever protect the sum at the same time, and
 * switching between correct kinds at any rate loses nothing. Threads look at
 * the word before every add: a switch is everywhere in force within one add.
 *
 * Stepped, a thread stands at its gate before every operation of an add, and
 * the window takes no time. At the first of them it has announced the add and
 * done nothing yet: released there, it backs out if the kind is being switched.
 */
#ifndef LOCKSTEP_SUM_H
#define LOCKSTEP_SUM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "slot/gate.h"
#include "slot/slot.h"
#include "sum/cell.h"

/* In force for all cells. Written by the supervisor. */
struct sum_control {
	_Alignas(ARENA_LINE) _Atomic uint32_t kind; /* see kind_word below */
	_Atomic uint64_t window;                    /* ns */
	_Atomic uint64_t switches;
	_Atomic uint32_t blind; /* 1: no event between load and store */
	uint32_t wanted;        /* supervisor only */
};

#define KIND_SWITCHING 0x80000000U /* in `kind`: nobody may start an add */

struct lock_kind;

/* A thread at the sum. */
struct adder {
	struct cell *cell;
	struct sum_control *control;
	struct gate *gate;
	struct thread_slot *tslot;
	bool traced;  /* the add under way */
	bool blind;   /* likewise: nothing is said between load and store */
	bool stepped; /* likewise: it stands before each of its operations */
	bool begun;   /* ... and has stood before the first of them */
	uint32_t openings; /* of the gate, when it began */

	/* In force, as it has been announced: its number, its row. */
	uint32_t kind;
	const struct lock_kind *lock;

	/* ns at which it began to wait for the lock, and had it; 0: untimed */
	uint64_t waits_since, holds_since;
};

/* sum = sum + n, `times` times, under the kind in force. False: run over. */
bool sum_add(struct adder *, int64_t n, uint64_t times);

/*
 * Ask for a kind; then call sum_switched() until it says true. No waiting.
 * `tslots` are all slots of the arena; the dead ones do not announce.
 */
void sum_switch(struct sum_control *, unsigned kind);
bool sum_switched(
    struct sum_control *, struct thread_slot *tslots, unsigned ntslots);
unsigned sum_kind(const struct sum_control *);

/*
 * After the threads in tslots[] died: recover the lock in force, settle or
 * give up what they were adding. Returns how many adds stay in doubt, or
 * -EAGAIN: call again. After it their ledgers are final.
 */
int sum_recover(struct sum_control *, struct cell *, struct thread_slot *tslots,
    unsigned ntslots);

#endif
