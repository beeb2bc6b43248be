/* move: the cursor's sequence that nearly every terminal understands. */
#ifndef LOCKSTEP_MOVE_H
#define LOCKSTEP_MOVE_H

#include "term/render.h"

/* To this cell, from 0; without terminfo's interpreter. */
void move_ansi(char out[RENDER_STRING], int y, int x);

#endif
