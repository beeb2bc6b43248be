/*
 * headless: the loop of the front ends that need no terminal.
 *
 * Runs the stream to the end of its run. SIGINT, SIGTERM, SIGHUP and SIGQUIT
 * ask the engine to stop and are reported; the second one ends the program.
 * An engine whose program hangs gets one command to stop.
 */
#ifndef LOCKSTEP_HEADLESS_H
#define LOCKSTEP_HEADLESS_H

#include <stdbool.h>
#include <stdio.h>

#include "model/model.h"
#include "stream/stream.h"

/*
 * `tick`, unless NULL, is called whenever the model has changed, often enough
 * for it to see every line of the log; false from it ends the loop. Returns
 * 0, or 128 + n if signal n came.
 */
int headless_run(struct model *, struct stream *,
    bool (*tick)(const struct model *, void *arg), void *arg);

/*
 * Only a report at the end: run, then have it written to standard output;
 * `write` returns 0 or a negative errno. As headless_run(), or the negative
 * errno of what was written.
 */
int headless_report(struct model *, struct stream *,
    int (*write)(const struct model *, FILE *));

/*
 * Ask the engine to stop, and take in what it has to say until its run has
 * ended, the stream is over or the time is up. No-op where nothing runs.
 */
void headless_settle(struct model *, struct stream *, unsigned ms);

#endif
