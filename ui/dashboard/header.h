/* header: the rows above every view: the run in three lines. */
#ifndef LOCKSTEP_HEADER_H
#define LOCKSTEP_HEADER_H

#include "model/model.h"
#include "term/canvas.h"
#include "views/view.h"
#include "widgets/widgets.h"

/* One to three rows, as many as the area has. */
void header_draw(
    const struct screen *, const struct model *, bool frozen, struct area);

/* Rows that it needs: one fewer if there is no sum. */
int header_rows(const struct model *);

/* The identity that must hold, with a tick, a cross or a question mark. */
void header_add_ledger(struct segments *, const struct model *);

#endif
