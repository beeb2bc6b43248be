/* keyboard: input typed at the terminal, read without waiting. */
#ifndef LOCKSTEP_KEYBOARD_H
#define LOCKSTEP_KEYBOARD_H

#include <stdbool.h>
#include <stddef.h>

#include "term/decode.h"

/* Standard input, or else /dev/tty. False: neither is a terminal. */
bool keyboard_open(void);
void keyboard_close(void);
int keyboard_fd(void); /* readable when something was typed */

/* The sequences of this terminal; the caller keeps them. */
void keyboard_know(bool utf8, const struct decode_known *, size_t n);

/* See terminal_key() and terminal_patience(). */
int keyboard_key(bool *pasted);
int keyboard_patience(void);

enum terminal_background keyboard_background(void);

bool keyboard_gone(void); /* nothing will be typed there any more */

#endif
