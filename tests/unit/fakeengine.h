/*
 * fakeengine: an engine that plays a made-up stream. A test program that is
 * given --status-fd is the engine; so LOCKSTEP_ENGINE=/proc/self/exe starts
 * it. The first word after the options says how it behaves:
 *
 *   SCENARIO    plays it, then obeys: STOP, RESTART, the end of control
 *   usage       one line, exit status 2
 *   mute        exits with 0 and says nothing
 *   die         kills itself in the middle of the run
 *   chatty      has two lines for standard error, one without its end
 *   patient     plays half a run and ends it only when told to stop
 *   hang        plays a program that hangs; ends it only when told to stop
 *   stubborn    plays it and leaves neither for STOP nor at the end
 */
#ifndef LOCKSTEP_FAKEENGINE_H
#define LOCKSTEP_FAKEENGINE_H

#include <stdbool.h>

/* True if argv is that of an engine. */
bool fakeengine_wanted(int argc, char **argv);

/* What main() is to return. */
int fakeengine_main(int argc, char **argv);

#endif
