/*
 * recording: a recording, played by its own time stamps.
 *
 * The file is read in pieces and never held as a whole. Opening it reads it
 * through once, to learn its length and whether it is complete.
 */
#ifndef LOCKSTEP_RECORDING_H
#define LOCKSTEP_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockstep/frame.h"
#include "model/model.h"

struct recording;

/* 0, or 2 after one line on standard error. */
int recording_open(struct recording **, const char *path);
void recording_close(struct recording *);

/* At most `max` frames, up to the playing position. */
void recording_pump(struct recording *, struct model *, unsigned max);

/* All remaining frames. */
void recording_rest(struct recording *, struct model *);

/* ms until the next frame is due; -1: never. */
int recording_wait(struct recording *);

/* No frame is left; reads ahead to find out. */
bool recording_over(struct recording *);

/* Seeking backwards plays it again from the start into the model. */
void recording_seek(struct recording *, struct model *, int64_t delta_ns);
void recording_set_pace(struct recording *, double factor, bool paused);
double recording_pace(const struct recording *, bool *paused);

/*
 * ns since the first frame; the recording's length in ns; the frames' clock at
 * the playing position.
 */
uint64_t recording_at(const struct recording *);
uint64_t recording_length(const struct recording *);
uint64_t recording_now(const struct recording *);

/* The open file. */
int recording_fd(const struct recording *);

/* Some bytes had to be skipped. */
bool recording_damaged(const struct recording *);

/* NULL if the recording is undamaged and complete. */
const char *recording_trouble(const struct recording *);

/*
 * One sentence on what is wrong with the bytes read so far: damaged; and, if no
 * more will come, cut in the middle of a frame or without an end. Empty if
 * nothing is wrong. `good` is the number of good frames.
 */
struct recording_told {
	const char *what; /* subject of the sentence */
	const struct frame_reader *reader;
	uint64_t good;
	bool all;         /* no more bytes will come */
	bool bye;         /* the last frame was a BYE */
	const char *fate; /* why no more bytes will come, or NULL */
};
void recording_tell(char *out, size_t size, const struct recording_told *);

#endif
