/* process_end: how a process ended, and whose place it took. */
#ifndef LOCKSTEP_PROCESS_END_H
#define LOCKSTEP_PROCESS_END_H

#include <stdbool.h>

#include "model/model.h"
#include "widgets/screen_state.h"

/* "killed by SIGKILL", "exited with 3"; empty if it lives */
const char *draw_ended(char buf[64], const struct model_proc *)
    __attribute__((warn_unused_result));

/*
 * "replaces 5897, killed by SIGKILL", or shorter if `brief`; empty if nobody
 * has died in its place of late.
 */
const char *draw_replaced(char buf[96], const struct screen *,
    const struct model *, const struct model_proc *, bool brief)
    __attribute__((warn_unused_result));

/* It lives no more, whether or not it is known how it ended. */
bool draw_gone(const struct model_proc *);

#endif
