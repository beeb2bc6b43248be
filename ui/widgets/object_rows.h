/*
 * object_rows: rows for the objects and results of a program: results,
 * executors, queues and pipes, locks.
 */
#ifndef LOCKSTEP_OBJECT_ROWS_H
#define LOCKSTEP_OBJECT_ROWS_H

#include "model/model.h"
#include "term/canvas.h"
#include "widgets/widgets.h"

/* How many rows there are to draw; one for all results if `results`. */
unsigned object_rows_rows(const struct model *, bool results);

/* The last row counts what does not fit. */
void object_rows_draw(const struct model *, bool results, struct area);

/* "name = value" of each; as many as fit, and how many more. */
unsigned object_rows_results(const struct model *);
void object_rows_draw_results(const struct model *, struct area);

/* The queue with the most traffic, pipes last; 0: none. */
unsigned object_rows_busiest(const struct model *);

/* "7/10" with a bar, what was put and got, and who waits. */
void object_rows_add_queue(
    struct segments *, const struct model *, unsigned number);

/* "pending 3  running 4  done 12" */
void object_rows_add_futures(struct segments *, const struct model_futures *);

/* Who holds a mutex and for how long, or "none". */
const char *object_rows_holder(const struct model *, const struct frame_mutex *,
    char buf[96]) __attribute__((warn_unused_result));

#endif
