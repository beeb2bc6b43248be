/*
 * plain: the front end for a pipe or a dumb terminal. One line for every event,
 * at most one line a second on progress, and the report.
 */
#ifndef LOCKSTEP_PLAIN_H
#define LOCKSTEP_PLAIN_H

#include "model/model.h"
#include "stream/stream.h"

/*
 * Show the run up to its end on standard output. 0; 128 + n if signal n
 * came; negative errno if the output failed.
 */
int plain_run(struct model *, struct stream *);

#endif
