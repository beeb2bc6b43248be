/* json_print: numbers of the model as JSON, and JSON as text. */
#ifndef LOCKSTEP_JSON_PRINT_H
#define LOCKSTEP_JSON_PRINT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* Numbers of the wire may exceed JSON's integers here: limit them. */
json_int_t json_whole(uint64_t);

/* ns as seconds, to the microsecond. */
json_t *json_seconds(uint64_t ns);

/* Write `root`, with a newline, and free it. 0, -ENOMEM if it is NULL, -EIO. */
int json_print(json_t *root, FILE *);

#endif
