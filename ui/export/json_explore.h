/*
 * json_explore: a search of all schedules as JSON: the report of `lockstep
 * explore --json`, and what json.h has of it.
 */
#ifndef LOCKSTEP_JSON_EXPLORE_H
#define LOCKSTEP_JSON_EXPLORE_H

#include <jansson.h>

#include "model/model.h"
#include "stream/stream.h"

/* NULL if memory is short. */
json_t *json_explore(const struct model *);

/* Write the report to standard output at the end: headless_report(). */
int json_explore_run(struct model *, struct stream *);

#endif
