/*
 * rescue: puts the terminal back as it was, whatever ends us.
 *
 * Once armed, a crash puts it back and then dies of the same signal. Uses
 * nothing but what was prepared, and does not wait long for a terminal that
 * takes nothing: its settings are restored in any case.
 */
#ifndef LOCKSTEP_RESCUE_H
#define LOCKSTEP_RESCUE_H

#include <stdbool.h>
#include <termios.h>

#include "term/sink.h"

#define RESCUE_CANCEL "\30" /* ends a sequence that was cut off */

/* Settings through `in`; `reset` goes out, which begins with RESCUE_CANCEL. */
void rescue_open(int in, const struct sink *out, const char *reset);
void rescue_close(void);

/* Remember the settings, and set others: the terminal is ours. 0 or -errno. */
int rescue_arm(void (*change)(struct termios *));

/* The terminal may have got half a sequence. */
void rescue_cut(bool);
bool rescue_is_cut(void);

/* Put it back, if it is ours; in a signal handler, too. */
void rescue_now(void);

#endif
