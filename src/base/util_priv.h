/*
 * util_priv: fatal errors and other helpers that the engine and the dashboard
 * share. The only state is the fatal hook.
 *
 * src/base: helpers that know nothing of processes or runs: command lines,
 * files, clocks, processors, UTF-8, faults for tests. It may use src/lockstep
 * alone.
 */
#ifndef LOCKSTEP_UTIL_PRIV_H
#define LOCKSTEP_UTIL_PRIV_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "lockstep/util.h"

/* The absolute time in `ns`, for the pthread *_clocklock() functions. */
struct timespec deadline_in(uint64_t ns);

/* Is it ignored? A signal ignored at start (nohup, trap '' INT) stays so. */
bool signal_is_ignored(int sig);

/*
 * An invariant is broken: run the hook (the dashboard's restores the terminal),
 * print one line on standard error and abort.
 */
void fatal(const char *fmt, ...)
    __attribute__((noreturn, format(printf, 1, 2)));
void fatal_hook(void (*fn)(void));

/*
 * From now on replace everything on standard error by '?' except printable
 * characters, tabs and newlines: a message may quote untrusted text, such as a
 * command-line argument.
 */
void stderr_clean(void);

#endif
