/* view_detail_priv: the parts of the detail view. */
#ifndef LOCKSTEP_VIEW_DETAIL_PRIV_H
#define LOCKSTEP_VIEW_DETAIL_PRIV_H

#include "views/view.h"

/*
 * Draws from `row` on and returns the row after it. Rows outside the area
 * count.
 */
int detail_steps_draw(const struct screen *, const struct model *, struct row,
    struct area, int row);

#endif
