/* view_race: shared by the files of the race view. */
#ifndef LOCKSTEP_VIEW_RACE_H
#define LOCKSTEP_VIEW_RACE_H

#include "model/model.h"
#include "views/view.h"

#define RACE_NAME 40

/* "pool-1.2"; "tid 77" if the stream never named it; "some thread" for 0. */
const char *race_name(const struct model *, int32_t tid, char buf[RACE_NAME])
    __attribute__((warn_unused_result));

/* Above the table: "pool-1.2 over pool-2.1: expected 44, was 43". */
void race_title(const struct model *, const struct lost_updates_record *,
    char *buf, size_t size);

/* "pool-2.1", "pool-2.1 +2": whose amounts were wiped out. */
void race_victims(const struct model *, const struct lost_updates_record *,
    char *buf, size_t size);

/* What happened, in a sentence or two. */
void race_sentence(const struct model *, const struct lost_updates_record *,
    char *buf, size_t size);

/* Why nothing is being lost now, or why it is not reported; empty if it is. */
void race_quiet(const struct model *, uint64_t now, char *buf, size_t size);

/* Draws what is above the list; returns the rows that it takes. */
int race_top_draw(const struct screen *, const struct model *, struct area);

/* Tables: how many rows they have; drawing rows from `top` on. */
unsigned race_table_rows(const struct lost_updates_record *);
void race_table_draw(const struct model *, const struct lost_updates_record *,
    unsigned top, struct area);
unsigned race_steps_rows(const struct model *);
void race_steps_draw(const struct model *, unsigned top, struct area);
void race_matrix_draw(const struct model *, struct area);

/* There are steps to show: threads stop at their gates. */
bool race_steps(const struct model *);
/* ... at the lock too, not only at the sum. */
bool race_steps_locked(const struct model *);

#endif
