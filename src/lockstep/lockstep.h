/*
 * lockstep: all of the library's headers.
 *
 * src/lockstep: the public headers, which a demo includes and `make install`
 * copies. They include nothing but each other and the system's headers.
 */
#ifndef LOCKSTEP_H
#define LOCKSTEP_H

#include "lockstep/demo.h"
#include "lockstep/executor.h"
#include "lockstep/frame.h"
#include "lockstep/frame_sched.h"
#include "lockstep/mutex.h"
#include "lockstep/params.h"
#include "lockstep/program.h"
#include "lockstep/queue.h"
#include "lockstep/semaphore.h"
#include "lockstep/util.h"

#endif
