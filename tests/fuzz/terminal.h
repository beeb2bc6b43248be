/*
 * terminal: a terminal in memory, behind the interface of paint.h. A program
 * that is linked with it before the UI needs no paint.c, and no curses.
 *
 * What leaves the canvas is checked, and so is what render makes of it: the
 * bytes are obeyed as a terminal does, and must show what the canvas shows.
 */
#ifndef TESTS_FUZZ_TERMINAL_H
#define TESTS_FUZZ_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#define TERMINAL_FD (-7) /* paint_fd(): poll() passes over it */

/* `utf8`: of the locale. `no_last`: its last cell would scroll. */
void terminal_start(bool utf8, bool no_last);
void terminal_end(void);

void terminal_size(int rows, int cols);
void terminal_key(int code); /* any number of them; some may be dropped */
void terminal_hang_up(void);

bool terminal_readable(void);    /* there is a key, or it has hung up */
uint64_t terminal_shown(void);   /* cells drawn since its start */
uint64_t terminal_redrawn(void); /* calls of paint_redraw() */

#endif
