/*
 * svg: a screen as a picture. Every cell has its place on an exact grid; text
 * stays text, in whichever monospaced font there is; frames and bars are drawn.
 */
#ifndef LOCKSTEP_SVG_H
#define LOCKSTEP_SVG_H

#include <stdio.h>

#include "style/theme.h"
#include "term/canvas.h"

/* In UTF-8. Not in THEME_AUTO. */
void svg_write(const struct canvas *, enum theme, FILE *);

/*
 * The same into a file. 0 or -errno. With `fresh`, -EEXIST if there is one of
 * this name; otherwise it is written over.
 */
int svg_save(const struct canvas *, enum theme, const char *path, bool fresh);

#endif
