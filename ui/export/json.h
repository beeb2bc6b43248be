/* json: the whole report as one JSON object, for programs to read. */
#ifndef LOCKSTEP_JSON_H
#define LOCKSTEP_JSON_H

#include <stdio.h>

#include "model/model.h"
#include "stream/stream.h"

/* Write it, with a newline. 0, -ENOMEM, -EIO. */
int json_write(const struct model *, FILE *);

/* Write it to standard output once the run has ended: headless_report(). */
int json_run(struct model *, struct stream *);

#endif
