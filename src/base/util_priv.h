/*
 * util_priv: fatal errors, and what else the engine and the UI do alike. No
 * state but the fatal hook.
 */
#ifndef LOCKSTEP_UTIL_PRIV_H
#define LOCKSTEP_UTIL_PRIV_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "lockstep/util.h"

/* ns from now on as an absolute time for the *_clocklock family. */
struct timespec deadline_in(uint64_t ns);

/* What was ignored when we were started (nohup, trap '' INT) stays ignored. */
bool signal_is_ignored(int sig);

/*
 * A broken invariant: run the hook (the UI restores the terminal in it), say
 * one line on standard error and abort.
 */
void fatal(const char *fmt, ...)
    __attribute__((noreturn, format(printf, 1, 2)));
void fatal_hook(void (*fn)(void));

/*
 * From now on nothing goes to standard error but what is printable and line
 * ends: in a message may stand what others have given, an argument above all.
 */
void stderr_clean(void);

#endif
