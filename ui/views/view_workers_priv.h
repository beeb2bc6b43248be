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

/*
 * view_workers_note.c: choose the lost update that is shown, count the rows of
 * it in a view of so many, draw it there.
 */
void workers_note_settle(
    struct lost_note *, const struct model *, uint64_t now);
int workers_note_rows(const struct lost_note *, int rows);
void workers_note_draw(const struct lost_note *, struct area);

#endif
