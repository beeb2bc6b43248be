/* json_explore: a search of all schedules, for the JSON report. */
#ifndef LOCKSTEP_JSON_EXPLORE_H
#define LOCKSTEP_JSON_EXPLORE_H

#include <jansson.h>

#include "model/model.h"

/* NULL if memory is short. */
json_t *json_explore(const struct model *);

#endif
