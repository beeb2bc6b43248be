/* program_run: what the supervisor keeps of a program's run. */
#ifndef LOCKSTEP_PROGRAM_RUN_H
#define LOCKSTEP_PROGRAM_RUN_H

#include "supervisor/supervisor.h"

#define PROGRAM_FUTURES 256 /* of each executor that are reported */

/* What was last sent of an object; its name was, too. */
struct object_sent {
	struct frame frame;
	bool named;
};

/* What was last sent of a program. Written by report_program.c. */
struct program_reported {
	struct object_sent objects[REGISTRY_KINDS][FRAME_MAX_OBJECTS + 1];
	struct object_sent pipes[REGISTRY_PIPES];
	struct object_sent (*futures[FRAME_MAX_OBJECTS + 1])[PROGRAM_FUTURES];
	struct frame measures[PROGRAM_MEASURES];
	uint32_t results[PROGRAM_RESULTS]; /* registry_result.set */
	struct frame latency[FRAME_MAX_OBJECTS + 1][LATENCY_FRAMES];
	struct frame orders[ORDER_ROWS];
};

/* The rest is written by program_run.c. */
struct program_run {
	struct child *children[FRAME_MAX_SLOTS]; /* of each slot, or NULL */
	uint32_t requests;                       /* seen so far */
	bool main_over, main_killed, was_hung;
	int main_status;
	struct program_reported sent;
};

/* report_program.c: what a program has made, as frames. */
void report_program(struct supervisor *);
void report_program_free(struct supervisor *);

/* Lines that the program has printed, into the log. */
void report_output(struct supervisor *);

/* program_settle.c: recover queues, locks and tasks of a dead process. */
bool program_settle(struct supervisor *, unsigned slot);

#endif
