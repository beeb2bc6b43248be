/*
 * signals: what a signal does to this program.
 *
 * While a front end runs, signals come out of a descriptor: they can be
 * polled for beside everything else, and nothing happens in a handler. A
 * signal that was ignored when this program started (nohup, trap '' INT)
 * stays ignored, and a child gets the dispositions and the mask that this
 * program was given.
 */
#ifndef LOCKSTEP_SIGNALS_H
#define LOCKSTEP_SIGNALS_H

#include <stdbool.h>

/*
 * First thing in the program. From now on a write that fails says so, and
 * nothing is blocked.
 */
void signals_start(void);

/* In a child, between fork and exec. */
void signals_for_child(void);

/*
 * Catch what asks us to end: SIGINT, SIGTERM, SIGHUP and SIGQUIT. With a
 * screen, every signal that would end us, and those of a terminal: SIGWINCH,
 * SIGTSTP, SIGCONT. 0, or -errno.
 */
int signals_catch(bool screen);
void signals_release(void);

int signals_fd(void);   /* readable when there is one; -1: not catching */
int signals_next(void); /* the next one; 0: none */

/* The first signal that asked us to end; 0: none has. */
int signals_ending(void);

/* One has, or waits to be read. */
bool signals_pressing(void);

/* Stop as SIGTSTP or SIGTTOU does. Returns when we are continued. */
void signals_stop(int sig);

/*
 * At the very end of the program. If a signal other than the four that merely
 * ask us to end has ended it, die of that one; else return.
 */
void signals_die(void);

#endif
