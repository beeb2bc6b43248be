/*
 * signals: how this program handles signals.
 *
 * While a front end runs, signals are read from a descriptor: they can be
 * polled together with everything else, and no handler does any work. A signal
 * that was ignored when this program started (nohup, trap '' INT) stays
 * ignored, and a child gets the dispositions and the mask that this program
 * started with.
 */
#ifndef LOCKSTEP_SIGNALS_H
#define LOCKSTEP_SIGNALS_H

#include <stdbool.h>

/*
 * Call first in the program. From now on a failed write returns an error, and
 * no signal is blocked.
 */
void signals_start(void);

/* In a child, between fork and exec. */
void signals_for_child(void);

/*
 * Catch the signals that ask us to end: SIGINT, SIGTERM, SIGHUP and SIGQUIT.
 * With a screen, also every other signal that would end us, and those of a
 * terminal: SIGWINCH, SIGTSTP, SIGCONT. 0, or -errno.
 */
int signals_catch(bool screen);
void signals_release(void);

int signals_fd(void); /* readable when a signal is pending; -1: not catching */
int signals_next(void); /* the next one; 0: none */

/* The first signal that asked us to end; 0: none. */
int signals_ending(void);

/* One has come, or is waiting to be read. */
bool signals_pressing(void);

/* Stop as SIGTSTP or SIGTTOU does. Returns when we are continued. */
void signals_stop(int sig);

/*
 * Call at the very end of the program. If a signal other than the four that
 * merely ask us to end has ended it, die of that signal; else return.
 */
void signals_die(void);

#endif
