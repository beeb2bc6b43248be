/* standalone: the library without a supervisor, in a test or your program. */
#include <errno.h>

#include "lockstep/demo.h"
#include "program/self.h"
#include "run/shared.h"
#include "sum/lock_kinds.h"

static struct arena arena;
static struct self standalone_self;
static struct params_priv options;

static int
standalone_no_main(const struct params *p)
{
	(void)p;
	return 0;
}

static const struct demo no_demo = {
    .name = "outside", .main = standalone_no_main};

int
program_open(unsigned threads)
{
	struct shared *s;
	size_t asked;

	options = (struct params_priv){.params.demo = &no_demo,
	    .params.processes = 1,
	    .params.threads = threads,
	    .params.speed = SPEED_ONE,
	    .lock = (unsigned)lock_find("mutex"),
	    .status_fd = -1,
	    .control_fd = -1};
	int err = shared_open(&arena, &options.params, &asked);
	if (err != 0)
		return err;
	err = shared_layout(&arena, &options, -1, &s);
	if (err != 0) {
		arena_close(&arena);
		return err;
	}
	self_begin(&standalone_self, s, 1, 0, "main");
	return 0;
}

void
program_close(void)
{
	self_end(&standalone_self);
	arena_close(&arena);
	registry = NULL;
}
