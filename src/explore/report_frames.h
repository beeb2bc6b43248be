/*
 * report_frames: an exploration as frames: while it runs, how far it has come,
 * its outcomes, and one schedule of each, executed once more to record what its
 * steps did; at its end, the same of everything, and BYE.
 *
 * The search goes on between two looks: a slow reader does not delay it, and
 * gets the schedules of further outcomes once it has read those before. Only
 * at the end does the engine wait, as long as the reader reads.
 */
#ifndef LOCKSTEP_REPORT_FRAMES_H
#define LOCKSTEP_REPORT_FRAMES_H

#include "explore/explore_main.h"
#include "explore/explore_run.h"

struct report_frames;

/*
 * Sends HELLO to options->status, the programs of the threads and the bounds.
 * From here on SIGINT, SIGTERM and SIGHUP only stop the search: call it before
 * any thread is started. NULL with errno, and the call that failed.
 */
struct report_frames *report_frames_new(const struct explore_options *,
    const struct steps_program *, const struct explore_report *,
    const char **call);
void report_frames_free(struct report_frames *);

/* Schedules are executed once more by this crew. */
void report_frames_crew(struct report_frames *, struct step_threads *);

/* An explore_look(): sends and listens, some tens of times a second. */
bool report_frames_look(const struct explore_report *, void *frames);

/* The end. False, after one line, if frames could not be written. */
bool report_frames_end(struct report_frames *, const struct explore_report *);

#endif
