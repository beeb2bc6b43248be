/*
 * explore_schedule: a schedule with the demo and its parameters, as a short
 * string that fits the live demo too:
 *
 *	race,processes=1,threads=2,items=2,adds=1,steps=3:a2b3a1
 */
#ifndef LOCKSTEP_EXPLORE_SCHEDULE_H
#define LOCKSTEP_EXPLORE_SCHEDULE_H

#include <stddef.h>

#include "explore/explore_main.h"

#define EXPLORE_STRING (STEPS_TEXT + 160) /* bytes, with the NUL */

void explore_string_format(char buf[static EXPLORE_STRING],
    const struct explore_options *, const struct interleaving *);

#endif
