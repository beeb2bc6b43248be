/* program_run: what the supervisor keeps of a program's run. */
#ifndef LOCKSTEP_PROGRAM_RUN_H
#define LOCKSTEP_PROGRAM_RUN_H

#include "supervisor/supervisor.h"

#define SERVE_FUTURES 256 /* of each executor that are told of */

/* What was last sent of an object, and that its name was. */
struct serve_sent {
	struct frame frame;
	bool named;
};

struct serve {
	struct child *children[FRAME_MAX_SLOTS]; /* who lives in a slot */
	uint32_t requests;                       /* seen so far */
	bool main_over, main_killed, was_hung;
	int main_status;

	struct serve_sent sent[REGISTRY_KINDS][FRAME_MAX_OBJECTS + 1];
	struct serve_sent sent_pipes[REGISTRY_PIPES];
	struct serve_sent (*futures[FRAME_MAX_OBJECTS + 1])[SERVE_FUTURES];
	struct serve_sent measures[PROGRAM_MEASURES];
	uint32_t results[PROGRAM_RESULTS]; /* registry_result.set as sent */
	struct frame times[FRAME_MAX_OBJECTS + 1][TALLY_TIMES];
	struct frame orders[ORDER_ROWS];
};

/* report_program.c: lines that the program has printed, into the log. */
void serve_output(struct supervisor *);

/* program_settle.c: what it had of queues, locks and tasks is others' again. */
bool serve_settle(struct supervisor *, unsigned slot);

#endif
