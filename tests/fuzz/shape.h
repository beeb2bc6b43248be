/* shape: frames that frame_check() lets pass, of any bytes or of a seed. */
#ifndef TESTS_FUZZ_SHAPE_H
#define TESTS_FUZZ_SHAPE_H

#include <stdint.h>

#include "lockstep/frame.h"

/* Bring what is out of range into it; of an unknown type only the header. */
void shape_mend(struct frame *);

/*
 * A frame of the kind that `type` chooses, made of the seed: few processes,
 * threads and objects, which belong together as a rule, and numbers from the
 * edges. A text takes several frames. Returns how many; stamp and number are
 * the caller's to set.
 */
int shape_make(
    struct frame out[FRAME_TEXT_PARTS], unsigned type, uint64_t seed);

/* One that begins a run, and what is in force in it. */
int shape_begin(struct frame out[FRAME_TEXT_PARTS], uint64_t seed);

#endif
