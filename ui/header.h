/*
 * header: what stands above every view: the run in three lines, and
 * banners.
 */
#ifndef LOCKSTEP_HEADER_H
#define LOCKSTEP_HEADER_H

#include "canvas.h"
#include "draw.h"
#include "model.h"
#include "view.h"

/* One to three rows, as many as the area has. */
void header_draw(
    const struct screen *, const struct model *, bool frozen, struct area);

/* Rows that it wants: one fewer if there is no sum to speak of. */
int header_rows(const struct model *);

/*
 * What came of a guess; and lasting trouble, in rows: why the program hangs,
 * the model's banners, and the stream's if not NULL.
 */
int header_banners(
    const struct screen *, const struct model *, const char *trouble, int cols);
void header_draw_banners(const struct screen *, const struct model *,
    const char *trouble, struct area);

/* The identity that must hold, with a tick, a cross or a question mark. */
void header_add_ledger(struct segments *, const struct model *);

#endif
