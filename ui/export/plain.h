/*
 * plain: the front end for a pipe or a dumb terminal. A line for everything
 * that happens, at most one a second on how far it has got, and the report.
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
