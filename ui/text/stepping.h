/*
 * stepping: a run whose threads stand at their gates, in words: what each is
 * about to do, who may go, and what came of it so far. From the model, and
 * nothing is drawn.
 */
#ifndef LOCKSTEP_STEPPING_H
#define LOCKSTEP_STEPPING_H

#include <stdbool.h>

#include "model/model.h"
#include "wire/letter.h"

#define STEPPING_LEN 128

/* The threads stand at gates, whoever chooses among them. */
bool stepping_gated(const struct model *);

/* ... and somebody here does, with keys. */
bool stepping_by_hand(const struct model *);

/* Threads are left, and none of them can go. */
bool stepping_is_stuck(const struct model *);

/* There are steps that can be taken back, also when the run is over. */
bool stepping_undoes(const struct model *);

/* There is a schedule to be shown: it is stepped, or has been. */
bool stepping_shown(const struct model *);

/* The thread that lives and has this letter; NULL: there is none. */
const struct model_thread *stepping_find(
    const struct model *, unsigned letter, const struct model_proc **);

/* It stands at its gate and is not blocked there. */
bool stepping_may_go(const struct model_thread *);

/* It lives, and should come to a gate. */
bool stepping_lives(const struct model_proc *, const struct model_thread *);

/*
 * What it is about to do: "LOAD sum", "STORE 43", "GET numbers: empty"; empty
 * if it does not stand.
 */
void stepping_operation(const struct model *, const struct model_proc *,
    const struct model_thread *, char buf[STEPPING_LEN]);

/*
 * Because of whom it is blocked: by its name, or by its letter if `brief`.
 * False: it is not, or because of nobody in particular.
 */
bool stepping_blocker(const struct model *, const struct model_proc *,
    const struct model_thread *, bool brief, char buf[STEPPING_LEN]);

/* "a waits for sum, held by b"; why the thread may not be chosen. */
void stepping_blocked(const struct model *, const struct model_proc *,
    const struct model_thread *, char buf[STEPPING_LEN]);

/* Why no step of this thread can be asked for; false: it can. */
bool stepping_refuses(const struct model *, const struct model_proc *,
    const struct model_thread *, char buf[STEPPING_LEN]);

/* "a waits for A, held by b; b waits for A, held by a"; of all. */
void stepping_stuck(const struct model *, char *buf, size_t size);

/* The run failed of a schedule with a step that cannot be taken. */
bool stepping_misfits(const struct model *);

/* Why the schedule cannot be repeated; empty: it can. */
void stepping_spoilt(const struct model *, char *buf, size_t size);

/* "6 steps, 3 switches" */
void stepping_counts(const struct model *, char buf[STEPPING_LEN]);

/* "by hand", "random, seed 7" */
void stepping_scheduler(const struct model *, char buf[STEPPING_LEN]);

/* The same; or "waiting for pool-1.2", which is not at its gate. */
void stepping_who(const struct model *, char buf[STEPPING_LEN]);

/* All of the schedule is known, and it can be repeated. */
bool stepping_repeats(const struct model *);

#endif
