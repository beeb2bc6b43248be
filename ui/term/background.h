/* background: what a terminal answers to OSC 11, when asked for its colour. */
#ifndef LOCKSTEP_BACKGROUND_H
#define LOCKSTEP_BACKGROUND_H

#include <stddef.h>

#include "term/terminal.h"

#define BACKGROUND_ASK "\33]11;?\33\\"

/* The sequence as far as it is known, without its end. */
enum terminal_background background_read(
    const unsigned char *sequence, size_t len);

#endif
