/*
 * report_frames: an exploration as frames, while it runs: how far it has come,
 * what the schedules come to, and of each outcome one schedule, run once more
 * to see what its steps did. The search goes on between two looks; a reader
 * that is slow, or gone, holds up nothing.
 */
#ifndef LOCKSTEP_REPORT_FRAMES_H
#define LOCKSTEP_REPORT_FRAMES_H

#include "explore/explore_main.h"

struct explore_tell;

/*
 * Says HELLO to told->options->status. From here on SIGINT, SIGTERM and
 * SIGHUP only stop the search; to be called before threads are started. NULL
 * with errno.
 */
struct explore_tell *explore_tell_new(
    const struct explore_told *, const char **call);
void explore_tell_free(struct explore_tell *);

/* An explore_look(): tell, some tens of times a second, and listen. */
bool explore_tell_look(const struct explore_report *, void *tell);

/* Schedules are run once more with this one. */
void explore_tell_crew(struct explore_tell *, struct step_threads *);

/*
 * The last word: the report as lines of text, and BYE. Waits for the reader,
 * but not for long. False, after one line, if frames could not be written.
 */
bool explore_tell_end(struct explore_tell *, const struct explore_told *);

#endif
