/*
 * fault: points where the tests may break the engine.
 *
 * In the ordinary build both macros are nothing. With -DLOCKSTEP_HOOKS:
 *
 * CRASH_POINT("queue-get-taken") kills the worker that comes there with
 * SIGKILL, if LOCKSTEP_CRASH=NAME[:NTH] names the point. Once per run: the
 * replacement lives.
 *
 * FAULT("fork", errno) is true at the NTH call and, with '+', from then on, if
 * LOCKSTEP_FAULT=NAME:NTH[+] names it; the caller then acts as if the call
 * had failed so.
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
 * Two threads of one process may be in order because of what a third did in
 * another process: a sanitizer that looks at one process cannot know that. So
 * the first says that it has made what it made before p, and the second that
 * it has seen p. Nothing in the ordinary build; see tests/tsan.h.
 */
#ifndef ORDER_MADE
#define ORDER_MADE(p) ((void)(p))
#define ORDER_SEEN(p) ((void)(p))
#endif

#endif
