/*
 * terminal: a terminal in memory, behind the interface of terminal.h. A program
 * that is linked with it before the UI needs no terminal.c, and no curses.
 *
 * What leaves the canvas is checked, and so is what render makes of it: the
 * bytes are obeyed as a terminal does, and must show what the canvas shows.
 * What is typed goes through the decoder, whose keys are checked.
 */
#ifndef TESTS_FUZZ_TERMINAL_H
#define TESTS_FUZZ_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is polled for keys and for room; poll() passes over both. */
#define TERMINAL_IN  (-7)
#define TERMINAL_OUT (-8)

/* `utf8`: of the locale. `no_last`: its last cell would scroll. */
void fake_terminal_start(bool utf8, bool no_last);
void fake_terminal_end(void);

void fake_terminal_size(int rows, int cols);
void fake_terminal_hang_up(void);
void fake_terminal_stall(bool); /* it takes no more; or it does again */

/* What is typed: keys, or bytes to be decoded. Some may be dropped. */
void fake_terminal_key(int code);
void fake_terminal_bytes(const uint8_t *, size_t);

short fake_terminal_ready(int fd);  /* what poll() says of them */
uint64_t fake_terminal_shown(void); /* cells drawn since its start */

#endif
