/* view_explore_priv: the table of the view of a search. */
#ifndef LOCKSTEP_VIEW_EXPLORE_PRIV_H
#define LOCKSTEP_VIEW_EXPLORE_PRIV_H

#include "views/view.h"
#include "widgets/step_table.h"

/* The table, and which rows of it are on the screen. */
struct outcome_table {
	struct steptable t;
	struct step_table_row row[MODEL_CELLS];
	char margin[MODEL_CELLS][12];
	int caption;               /* rows above it */
	unsigned room, last, home; /* first row: the last can be, and is */
};

/* Lay out the table of this outcome. */
void outcome_table_lay(struct outcome_table *, const struct model *,
    const struct model_outcome *, int rows, int cols);

/* The first row on the screen. */
unsigned outcome_table_top(const struct outcome_table *, const struct screen *);

/* Draw that of the selected outcome. */
void outcome_table_draw(
    const struct screen *, const struct model *, struct area);

#endif
