/* lockstep: all of the library's headers. */
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
