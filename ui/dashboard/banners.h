/*
 * banners: lines between the header and a view, as long as there is a reason
 * for them: the result of a guess; why the program hangs, the model's banners,
 * and the trouble with the stream, unless that is NULL.
 */
#ifndef LOCKSTEP_BANNERS_H
#define LOCKSTEP_BANNERS_H

#include "model/model.h"
#include "term/canvas.h"
#include "views/view.h"

/* Rows that they need. */
int banners_rows(
    const struct screen *, const struct model *, const char *trouble, int cols);
void banners_draw(const struct screen *, const struct model *,
    const char *trouble, struct area);

#endif
