/* waiting: what a thread waits for, and which thread, in words. */
#ifndef LOCKSTEP_WAITING_H
#define LOCKSTEP_WAITING_H

#include <stdbool.h>

#include "model/model.h"

#define WAITS_LEN 128

/*
 * "lock sum", "put numbers (full)", "thread-2 to end"; empty if it waits for
 * nothing that has a name.
 */
void waiting_for(const struct model *, const struct model_proc *,
    const struct model_thread *, char buf[WAITS_LEN]);

/* That object, or the thread to end, by its name; NULL: it has none. */
const char *waiting_object(const struct model *, const struct model_proc *,
    const struct model_thread *, char buf[WAITS_LEN]);

/*
 * The thread that it waits for: "worker-2/pool-2.3", or without the process if
 * `brief`. False if there is no such thread, or if waiting_for() has named it
 * already.
 */
bool waiting_owner(const struct model *, const struct model_proc *,
    const struct model_thread *, bool brief, char buf[WAITS_LEN]);

#endif
