/*
 * commands: what is asked of the engine on the control pipe. What is shown is
 * what the engine acknowledges.
 */
#ifndef LOCKSTEP_COMMANDS_H
#define LOCKSTEP_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
#include "stream/stream.h"

/*
 * What was asked for and may not have been acknowledged yet: two presses in
 * a row must count as two.
 */
struct command_memory {
	struct {
		int64_t value;
		uint64_t at; /* ns, 0: nothing asked */
	} asked[COMMAND_COUNT];
	uint32_t sent;         /* commands; the number of the last one */
	enum frame_command op; /* of the last one */
	char what[64];         /* the last one until it is answered, else "" */
	uint64_t waiting_ns;   /* when it was sent, CLOCK_MONOTONIC */
};

/* Why no engine would obey, NULL if one may. */
const char *command_refusal(
    const struct stream *, const struct model *, bool restart);

/*
 * Is this the answer to the last command? Then say what came of it: nothing
 * if it was obeyed and the screen shows as much.
 */
bool command_answered(
    struct command_memory *, const struct model *, char *say, size_t size);

/* ns for which the last command has been waiting for its answer, else 0 */
uint64_t command_waiting(const struct command_memory *, uint64_t now);

/* The next of 1, 2, 5, 10 .. above or below; 0 counts as below the lowest. */
uint64_t command_step(uint64_t value, bool up, uint64_t low, uint64_t high);

#endif
