/* json_program: the members of the report that only a program has. */
#ifndef LOCKSTEP_JSON_PROGRAM_H
#define LOCKSTEP_JSON_PROGRAM_H

#include <jansson.h>

#include "model/model.h"

/* A new object of them; NULL if memory is short. */
json_t *json_program(const struct model *);

#endif
