/*
 * rescue: restores the terminal, whatever ends this program.
 *
 * Once armed, a crash restores the terminal and then dies of the same signal.
 * The handler uses only what was prepared and waits only briefly for a terminal
 * that accepts nothing: it restores the settings in any case.
 */
#ifndef LOCKSTEP_RESCUE_H
#define LOCKSTEP_RESCUE_H

#include <stdbool.h>
#include <termios.h>

#include "term/sink.h"

#define RESCUE_CANCEL "\30" /* ends an incomplete sequence */

/*
 * `in` has the settings; `reset` is what to send and begins with RESCUE_CANCEL.
 */
void rescue_open(int in, const struct sink *out, const char *reset);
void rescue_close(void);

/* Save the settings and apply others: the terminal is ours. 0 or -errno. */
int rescue_arm(void (*change)(struct termios *));

/* The terminal may have received half a sequence. */
void rescue_cut(bool);
bool rescue_is_cut(void);

/* Restore the terminal if it is ours; also from a signal handler. */
void rescue_now(void);

#endif
