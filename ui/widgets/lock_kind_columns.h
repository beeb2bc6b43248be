/* lock_kind_columns: the results of each lock kind, as columns. */
#ifndef LOCKSTEP_LOCK_KIND_COLUMNS_H
#define LOCKSTEP_LOCK_KIND_COLUMNS_H

#include <stdbool.h>

#include "model/model.h"
#include "widgets/widgets.h"

#define KIND_COLS      15 /* adds a second, updates lost */
#define CONTENDED_COLS 13 /* the third column and two spaces */

void draw_kind_titles(const struct model *, struct pen *, bool contended);
void draw_kind_numbers(
    const struct model *, unsigned kind, struct pen *, bool contended);

#endif
