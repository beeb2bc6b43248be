/*
 * replay: a recording, played by its own time stamps.
 *
 * The file is read in pieces and never held as a whole. It is read through
 * once when it is opened, to know how long it lasts and whether it is whole.
 */
#ifndef LOCKSTEP_REPLAY_H
#define LOCKSTEP_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockstep/frame.h"
#include "model/model.h"

struct replay;

/* 0, or 2 after one line on standard error. */
int replay_open(struct replay **, const char *path);
void replay_close(struct replay *);

/* At most `max` frames, up to the present of the recording. */
void replay_pump(struct replay *, struct model *, unsigned max);

/* Everything that is left. */
void replay_rest(struct replay *, struct model *);

/* ms until the next frame is due; -1: never. */
int replay_wait(struct replay *);

/* No frame is left; reads ahead to know. */
bool replay_over(struct replay *);
void replay_seek(struct replay *, struct model *, int64_t delta_ns);
void replay_set_pace(struct replay *, double factor, bool paused);
double replay_pace(const struct replay *, bool *paused);

/* ns since the first frame; the recording's length in ns; the present. */
uint64_t replay_at(const struct replay *);
uint64_t replay_length(const struct replay *);
uint64_t replay_now(const struct replay *);

/* Bytes of it had to be skipped. */
bool replay_damaged(const struct replay *);

/* NULL if the recording is whole. */
const char *replay_trouble(const struct replay *);

/*
 * One sentence on what is wrong with the bytes that the reader has seen:
 * damaged; and if they are all there are, torn in the middle of a frame or
 * without an end. Empty: nothing is. `good` frames were in them.
 */
struct replay_told {
	const char *what; /* whose bytes: begins the sentence */
	const struct frame_reader *reader;
	uint64_t good;
	bool all;         /* no more bytes will come */
	bool bye;         /* the last frame was a BYE */
	const char *fate; /* NULL, or why no more bytes will come */
};
void replay_tell(char *out, size_t size, const struct replay_told *);

#endif
