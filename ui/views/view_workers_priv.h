/* view_workers_priv: the list of the workers view. */
#ifndef LOCKSTEP_VIEW_WORKERS_PRIV_H
#define LOCKSTEP_VIEW_WORKERS_PRIV_H

#include "views/view.h"
#include "widgets/selection.h"

void workers_list_heading(const struct model *, struct area, int row);

/* A process folded into one row. */
void workers_list_row(const struct screen *, const struct model *,
    const struct model_proc *, struct pen *);

/* What the dead processes did: in the columns of the list, and in words. */
void workers_gone_row(
    const struct model *, const struct selection_gone *, struct pen *);
void workers_gone_line(
    const struct model *, const struct selection_gone *, struct pen *);

#endif
