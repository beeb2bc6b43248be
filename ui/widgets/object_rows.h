/*
 * object_rows: rows for what a program has made and found: results, executors,
 * queues and pipes, locks.
 */
#ifndef LOCKSTEP_OBJECT_ROWS_H
#define LOCKSTEP_OBJECT_ROWS_H

#include "model/model.h"
#include "term/canvas.h"
#include "widgets/widgets.h"

/* How many rows there are to draw; of results one, if they are wanted. */
unsigned object_rows_rows(const struct model *, bool results);

/* What does not fit is counted on the last row. */
void object_rows_draw(const struct model *, bool results, struct area);

/* "name = value" of each; as many as fit, and how many more. */
unsigned object_rows_results(const struct model *);
void object_rows_draw_results(const struct model *, struct area);

/* The queue that most went through, pipes last; 0: there is none. */
unsigned object_rows_busiest(const struct model *);

/* "7/10" with a bar, what was put and got, and who waits. */
void object_rows_add_queue(
    struct segments *, const struct model *, unsigned number);

/* "pending 3  running 4  done 12" */
void object_rows_add_futures(struct segments *, const struct model_futures *);

/* Who holds a mutex and for how long, "nobody". */
const char *object_rows_holder(const struct model *, const struct frame_mutex *,
    char buf[96]) __attribute__((warn_unused_result));

#endif
