/*
 * full-pipe: a parent joins its child before it reads the child's output.
 *
 * The child writes 100 KiB of results into a pipe that holds 64 KiB: when the
 * pipe is full, the child waits for room. The parent would make room by
 * reading, but first it waits for the child to end.
 */
#include <inttypes.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/program.h"

#define RECORDS 25
#define SIZE    4096 /* bytes of a record: one atomic write */

static int
writer(const void *arg, size_t size)
{
	char record[SIZE];

	(void)arg;
	(void)size;
	for (int64_t n = 1; n <= RECORDS; n++) {
		self_work(&self_params()->task_work);
		memset(record, 0, sizeof record);
		memcpy(record, &n, sizeof n);
		if (pipe_write(0, record, sizeof record) != SIZE)
			return 1;
	}
	return 0;
}

static int
run(const struct params *p)
{
	char record[SIZE];
	int64_t n, sum = 0;
	int status = 0;
	struct child *c = process_start("child-1", writer, NULL, 0);

	(void)p;
	if (c == NULL) {
		say("cannot start the child");
		return 1;
	}
	say("main joins the child before it reads the results");
	process_join(c, FOREVER, &status); /* the mistake: too early */
	if (status != 0) {
		say(status < 0 ? "child-1 was killed by signal %d"
			       : "child-1 ended with %d",
		    status < 0 ? -status : status);
		say("it has written only part of the results");
		return 1;
	}
	for (unsigned i = 0; i < RECORDS; i++) {
		if (pipe_read(0, record, sizeof record) != SIZE)
			return 1;
		memcpy(&n, record, sizeof n);
		sum += n;
	}
	result_set("records read", RECORDS);
	result_set("sum of records", sum);
	return 0;
}

static const char *const lesson[] = {
    "A pipe holds 64 KiB. The child writes 25 records of 4 KiB: when the "
    "pipe is full, it waits until somebody reads.",
    "Main reads only after the child has ended: each waits for the other. "
    "With 16 records the mistake would never show.",
    "Python hangs in the same way, and prints nothing: join() of a process "
    "whose Queue or Pipe is not empty (\"Joining processes that use queues\").",
    "How to fix it: read first, then join. Now kill the child with `k`: main "
    "continues, without the results.",
    NULL,
};

const struct demo demo_full_pipe = {
    .name = "full-pipe",
    .title = "main joins a child that waits for main to read: a hang, built "
	     "on purpose",
    .lesson = lesson,
    .processes = 1,
    .threads = 1,
    .task_work = "sleep:80ms",
    .lock = "mutex",
    .window = "0",
    .pipes = 1,
    .stepped = true,
    .main = run,
};
