/*
 * fault: points where tests can kill a worker or make a call fail.
 *
 * In the ordinary build the macros do nothing. With -DLOCKSTEP_HOOKS:
 *
 * CRASH_POINT("queue-get-taken") kills the worker that reaches it with
 * SIGKILL, if LOCKSTEP_CRASH=NAME[:NTH] names the point. It does so once per
 * run, so the replacement lives.
 *
 * FAULT("fork", EAGAIN) is true at the NTH call if LOCKSTEP_FAULT=NAME:NTH[+]
 * names it, and with '+' at every later call, too. It sets errno, and the
 * caller acts as if the system call had failed with it.
 */
#ifndef LOCKSTEP_FAULT_H
#define LOCKSTEP_FAULT_H

#include <stdbool.h>

#ifdef LOCKSTEP_HOOKS
/* Read the environment; before the first fork. */
void fault_init(void);
void fault_crash_point(const char *name);
bool fault_fault(const char *name, int error);

#define HOOK_INIT()        fault_init()
#define CRASH_POINT(name)  fault_crash_point(name)
#define FAULT(name, error) fault_fault(name, error)
#else
#define HOOK_INIT()        ((void)0)
#define CRASH_POINT(name)  ((void)0)
#define FAULT(name, error) false
#endif

/*
 * Two threads of one process may be ordered by something that a third thread
 * did in another process. A sanitizer, which sees only one process, cannot know
 * that. So the first thread declares with ORDER_MADE(p) that everything it did
 * so far happens before p, and the second declares with ORDER_SEEN(p) that it
 * comes after p. Both do nothing in the ordinary build; see tests/tsan.h.
 */
#ifndef ORDER_MADE
#define ORDER_MADE(p) ((void)(p))
#define ORDER_SEEN(p) ((void)(p))
#endif

#endif
