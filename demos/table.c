/* table: the demos, the default first. */
#include "lockstep.h"

extern const struct demo demo_hybrid, demo_race, demo_files;

const struct demo *const demos[] = {
    &demo_hybrid,
    &demo_race,
    &demo_files,
    NULL,
};
