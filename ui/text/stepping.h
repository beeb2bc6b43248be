/*
 * stepping: a run whose threads stop at gates (scheduling points), in words:
 * what each is about to do, which can run, and the steps so far. Reads the
 * model and draws nothing.
 */
#ifndef LOCKSTEP_STEPPING_H
#define LOCKSTEP_STEPPING_H

#include <stdbool.h>

#include "model/model.h"
#include "wire/letter.h"

#define STEPPING_LEN 128

/* The threads stop at gates, whatever chooses among them. */
bool stepping_gated(const struct model *);

/* ... and the user chooses, with keys. */
bool stepping_by_hand(const struct model *);

/* There are threads left, and none of them can run. */
bool stepping_is_stuck(const struct model *);

/* There are steps that can be undone, also after the run. */
bool stepping_undoes(const struct model *);

/* There is a schedule to show: the run is or was stepped. */
bool stepping_shown(const struct model *);

/* The live thread with this letter; NULL: none. */
const struct model_thread *stepping_find(
    const struct model *, unsigned letter, const struct model_proc **);

/* It is at its gate and not blocked there. */
bool stepping_may_go(const struct model_thread *);

/* It is alive and should come to a gate. */
bool stepping_lives(const struct model_proc *, const struct model_thread *);

/*
 * What it is about to do: "LOAD sum", "STORE 43", "GET numbers: empty"; empty
 * if it is not at its gate.
 */
void stepping_operation(const struct model *, const struct model_proc *,
    const struct model_thread *, char buf[STEPPING_LEN]);

/*
 * The thread that blocks it: its name, or its letter if `brief`. False: it is
 * not blocked, or not by one thread in particular.
 */
bool stepping_blocker(const struct model *, const struct model_proc *,
    const struct model_thread *, bool brief, char buf[STEPPING_LEN]);

/* "a waits for sum, held by b": why the thread cannot be chosen. */
void stepping_blocked(const struct model *, const struct model_proc *,
    const struct model_thread *, char buf[STEPPING_LEN]);

/* Why no step of this thread can be requested; false: one can. */
bool stepping_refuses(const struct model *, const struct model_proc *,
    const struct model_thread *, char buf[STEPPING_LEN]);

/* "a waits for A, held by b; b waits for A, held by a": all threads. */
void stepping_stuck(const struct model *, char *buf, size_t size);

/* The run failed because its schedule has an impossible step. */
bool stepping_misfits(const struct model *);

/* Why the schedule cannot be repeated; empty: it can be. */
void stepping_spoilt(const struct model *, char *buf, size_t size);

/* "6 steps, 3 switches" */
void stepping_counts(const struct model *, char buf[STEPPING_LEN]);

/* "by hand", "random, seed 7" */
void stepping_scheduler(const struct model *, char buf[STEPPING_LEN]);

/* The same; or "waiting for pool-1.2", which is not at its gate yet. */
void stepping_who(const struct model *, char buf[STEPPING_LEN]);

/* The whole schedule is known, and it can be repeated. */
bool stepping_repeats(const struct model *);

#endif
