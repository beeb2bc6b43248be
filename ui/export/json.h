/* json: the whole report as one JSON object, for programs to read. */
#ifndef LOCKSTEP_JSON_H
#define LOCKSTEP_JSON_H

#include <stdio.h>

#include "model/model.h"

/* Write it, with a newline. 0, -ENOMEM, -EIO. */
int json_write(const struct model *, FILE *);

#endif
