/*
 * step_table: steps of several threads as a table: a column per thread, a row
 * per step, what it did in the cell, the time or the number in the margin.
 * Where there are too many columns for the width, a row says whose it is.
 */
#ifndef LOCKSTEP_STEP_TABLE_H
#define LOCKSTEP_STEP_TABLE_H

#include <stdbool.h>

#include "term/canvas.h"

struct step_table_row {
	const char *margin; /* NULL: nothing */
	unsigned column;
	const char *text;
	enum look look;
	bool marked; /* not to be overlooked: "!" before it, also unlit */
};

struct steptable {
	const char *const *heading; /* of the columns */
	unsigned columns;
	int margin; /* columns of the screen that it takes, 0: none */
	const struct step_table_row *row;
	unsigned rows;
};

/* Rows that it takes: the heading is one. */
unsigned step_table_height(const struct steptable *);

/* The heading, then rows from number `top` on, as many as there is room for. */
void step_table_draw(const struct steptable *, unsigned top, struct area);

#endif
