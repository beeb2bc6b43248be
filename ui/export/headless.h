/*
 * headless: the loop of the front ends that need no terminal.
 *
 * Runs the stream to the end of its run. SIGINT, SIGTERM, SIGHUP and SIGQUIT
 * ask the engine to stop and are reported; the second one ends this program. If
 * the program under test hangs, asks the engine to stop, once.
 *
 * ui/export: the front ends without a screen: plain text and JSON. It may use
 * text and the folders before it.
 */
#ifndef LOCKSTEP_HEADLESS_H
#define LOCKSTEP_HEADLESS_H

#include <stdbool.h>
#include <stdio.h>

#include "model/model.h"
#include "stream/stream.h"

/*
 * Calls `tick`, unless NULL, whenever the model has changed, often enough for
 * it to see every line of the log; if it returns false, the loop ends. Returns
 * 0, or 128 + n if signal n came.
 */
int headless_run(struct model *, struct stream *,
    bool (*tick)(const struct model *, void *arg), void *arg);

/*
 * Only a report at the end: run, then `write` it to standard output; `write`
 * returns 0 or a negative errno. Returns what headless_run() does, or the
 * negative errno of the output.
 */
int headless_report(struct model *, struct stream *,
    int (*write)(const struct model *, FILE *));

/*
 * Ask the engine to stop, and take in frames until its run has ended, the
 * stream is over or time is up. Does nothing if no run is in progress.
 */
void headless_settle(struct model *, struct stream *, unsigned ms);

#endif
