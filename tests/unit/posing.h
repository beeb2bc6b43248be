/*
 * posing: a program without a supervisor, whose threads and children pose as
 * its threads by number.
 */
#ifndef TESTS_POSING_H
#define TESTS_POSING_H

#include <stdbool.h>
#include <stdint.h>

#include "lockstep/frame.h"

/* The caller is its main thread; program_close() ends it. */
void pose_open(unsigned threads);

/* The calling thread or child is thread number `who` from now on. */
void be(unsigned who);

/* Of thread number `who`. */
uint32_t id_of(unsigned who);
bool waits(unsigned who, enum frame_state state);

#endif
