/* view_detail_priv: the parts of the view of details. */
#ifndef LOCKSTEP_VIEW_DETAIL_PRIV_H
#define LOCKSTEP_VIEW_DETAIL_PRIV_H

#include "views/view.h"

/* From `row` on; the row after them. Those outside the area are counted. */
int detail_steps_draw(const struct screen *, const struct model *, struct row,
    struct area, int row);

#endif
