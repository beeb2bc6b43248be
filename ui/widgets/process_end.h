/* process_end: how a process ended, and which one it replaced. */
#ifndef LOCKSTEP_PROCESS_END_H
#define LOCKSTEP_PROCESS_END_H

#include <stdbool.h>

#include "model/model.h"
#include "widgets/screen_state.h"

/* "killed by SIGKILL", "exited with 3"; empty if it is alive */
const char *draw_ended(char buf[64], const struct model_proc *)
    __attribute__((warn_unused_result));

/*
 * "replaces 5897, killed by SIGKILL", or "was 5897: SIGKILL" if `brief`; empty
 * if no process in its slot has died recently.
 */
const char *draw_replaced(char buf[96], const struct screen *,
    const struct model *, const struct model_proc *, bool brief)
    __attribute__((warn_unused_result));

/* It is no longer alive, whether or not its end is known. */
bool draw_gone(const struct model_proc *);

#endif
