/* tasks: what the tests of executors have done, and how they are run. */
#ifndef TESTS_TASKS_H
#define TESTS_TASKS_H

#include <check.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "executor/executor_recovery.h"
#include "harness.h"
#include "lockstep/program.h"

#define WORKERS 2 /* of every kind but the sequential */

/* The kind of executor that is tested; set before the program is run. */
extern enum frame_executor_kind tasks_kind;

/* Run the body in a program of its own. */
void tasks_run(int (*body)(const struct params *), int kind);

/* A test that is done with every kind, and with those that have workers. */
#define EVERY_KIND(test)                    \
	START_TEST(test)                    \
	{                                   \
		tasks_run(test##_body, _i); \
	}                                   \
	END_TEST

#define ADD_ALL(tc, test)     tcase_add_loop_test(tc, test, 0, EXECUTOR_KINDS)
#define ADD_WORKERS(tc, test) tcase_add_loop_test(tc, test, 1, EXECUTOR_KINDS)
#define ADD_PROCESSES(tc, test) \
	tcase_add_loop_test(tc, test, EXECUTOR_PROCESSES, EXECUTOR_KINDS)

struct executor *tasks_new(void); /* with WORKERS threads in all */

/* In memory that all processes share. */
struct latch {
	_Atomic uint32_t inside; /* tasks that have begun */
	_Atomic uint32_t open;   /* they may go on */
	_Atomic uint32_t times;
	_Atomic int32_t pid;
};

struct latch *latch_new(void);

/* Tasks. Those with a latch are given its address. */
int task_square(struct call *); /* an int64_t */
int task_echo(struct call *);   /* gives back what it was given */
int task_fail(struct call *);   /* EIO, "no such luck" */
int task_nothing(struct call *);
int task_wait(struct call *);      /* until the latch is open */
int task_wait_fail(struct call *); /* ... and then EIO */
int task_count(struct call *);     /* latch->times */

struct future *submit_square(struct executor *, int64_t n);
struct future *submit_latch(struct executor *, task_fn *, struct latch *latch);

#endif
