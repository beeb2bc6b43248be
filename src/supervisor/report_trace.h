/* report_trace: events of a thread's trace, as frames. */
#ifndef LOCKSTEP_REPORT_TRACE_H
#define LOCKSTEP_REPORT_TRACE_H

#include "slot/slot.h"
#include "wire/status.h"

struct supervisor;

/*
 * Report the events of a slot since *tail, and advance it. Events that were not
 * traced count as dropped; *untraced is how many there were so far. With `keep`
 * the events are pushed: the thread is dead, and these are its last.
 */
void report_trace(struct report *, const struct thread_slot *, int32_t pid,
    const struct thread_slot *all, uint64_t *tail, uint64_t *untraced,
    bool keep);

/* The trace of this slot must be reported now, or events are overwritten. */
bool report_trace_urgent(const struct supervisor *, const struct thread_slot *);

#endif
