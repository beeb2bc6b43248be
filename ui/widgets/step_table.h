/*
 * step_table: steps of several threads as a table: a column per thread, a row
 * per step, the operation in the cell, the time or the number in the margin. If
 * the columns do not fit, each row names its thread.
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
	bool marked; /* stands out: "!" before it, also without colours */
};

struct steptable {
	const char *const *heading; /* of the columns */
	unsigned columns;
	int margin; /* columns of the screen, 0: none */
	const struct step_table_row *row;
	unsigned rows;
};

/* Rows that it takes, including the heading. */
unsigned step_table_height(const struct steptable *);

/* The heading, then rows from number `top` on, as many as fit. */
void step_table_draw(const struct steptable *, unsigned top, struct area);

#endif
