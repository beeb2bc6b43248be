/*
 * frame_priv: a check of each type of frame, frame_hello_ok() and so on: are
 * all its values in range? They stand in frame.c or in a file of their own.
 */
#ifndef LOCKSTEP_FRAME_PRIV_H
#define LOCKSTEP_FRAME_PRIV_H

#include "lockstep/frame.h"

#define FRAME_OK_OF(NAME, member) \
	bool frame_##member##_ok(const struct frame *);
FRAME_TYPES(FRAME_OK_OF)
#undef FRAME_OK_OF

#endif
