/*
 * items: how many 32-byte items a second go from one process to others.
 *
 *	items fifo|mq|pipe CONSUMERS ITEMS
 *
 * One producer, the process itself, and so many forked consumers. fifo: our
 * joinable queue, every item marked done and the queue joined at the end; mq:
 * a POSIX message queue; pipe: one write and one read for each item.
 */
#include <errno.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util_priv.h"
#include "lockstep/program.h"
#include "lockstep/queue.h"
#include "lockstep/util.h"
#include "program/self.h"

#define ITEM     32
#define CAPACITY 4096
#define MQ_NAME  "/lockstep-bench"

struct way {
	const char *name;
	void (*open)(void);
	void (*put)(const void *item);
	/* Items until the end comes; how many they were. */
	unsigned long (*consume)(unsigned who);
	void (*end)(unsigned consumers); /* until all items are done */
};

static void
must(bool good, const char *what)
{
	if (!good)
		fatal("%s: %s", what, strerror(errno));
}

/* ---- ours ---- */

static struct queue *queue;

static void
queue_open(void)
{
	must(program_open(64) == 0, "program_open");
	queue = queue_new("items", CAPACITY, ITEM, true);
	must(queue != NULL, "fifo_new");
}

static void
put_queue(const void *item)
{
	must(queue_put(queue, item, ITEM, FOREVER) == 0, "fifo_put");
}

static unsigned long
consume_queue(unsigned who)
{
	static struct self me;
	unsigned long n = 0;
	char item[ITEM];

	self_begin(&me, self->shared, 1, who + 1, "consumer");
	while (queue_get(queue, item, sizeof item, FOREVER) == ITEM) {
		must(queue_done(queue) == 0, "fifo_done");
		n++;
	}
	return n;
}

static void
end_queue(unsigned consumers)
{
	must(queue_join(queue, FOREVER) == 0, "fifo_join");
	while (consumers-- > 0)
		queue_put_sentinel(queue, FOREVER);
}

/* ---- a message queue; an item of one byte is the end ---- */

static mqd_t mq;

static void
mq_begin(void)
{
	struct mq_attr attr = {.mq_maxmsg = 10, .mq_msgsize = ITEM};

	mq_unlink(MQ_NAME);
	mq = mq_open(MQ_NAME, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	must(mq != (mqd_t)-1, "mq_open");
	mq_unlink(MQ_NAME);
}

static void
put_mq(const void *item)
{
	must(mq_send(mq, item, ITEM, 0) == 0, "mq_send");
}

static unsigned long
consume_mq(unsigned who)
{
	unsigned long n = 0;
	char item[ITEM];

	(void)who;
	while (mq_receive(mq, item, sizeof item, NULL) == ITEM)
		n++;
	return n;
}

static void
end_mq(unsigned consumers)
{
	while (consumers-- > 0)
		must(mq_send(mq, "", 1, 0) == 0, "mq_send");
}

/* ---- a pipe ---- */

static int ends[2];

static void
pipe_begin(void)
{
	must(pipe(ends) == 0, "pipe");
}

static void
put_pipe(const void *item)
{
	must(write(ends[1], item, ITEM) == ITEM, "write");
}

static unsigned long
consume_pipe(unsigned who)
{
	unsigned long n = 0;
	char item[ITEM];

	(void)who;
	close(ends[1]);
	while (read(ends[0], item, sizeof item) == ITEM)
		n++;
	return n;
}

static void
end_pipe(unsigned consumers)
{
	(void)consumers;
	close(ends[1]);
}

static const struct way ways[] = {
    {"fifo", queue_open, put_queue, consume_queue, end_queue},
    {"mq", mq_begin, put_mq, consume_mq, end_mq},
    {"pipe", pipe_begin, put_pipe, consume_pipe, end_pipe},
};

static void
consumer(const struct way *way, unsigned who, int result)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	unsigned long n = way->consume(who);
	must(write(result, &n, sizeof n) == sizeof n, "write");
	_exit(0);
}

static void
measure(const struct way *way, unsigned consumers, unsigned long items)
{
	unsigned long got, all = 0;
	char item[ITEM] = {0};
	int results[2];

	way->open();
	must(pipe(results) == 0, "pipe");
	for (unsigned i = 0; i < consumers; i++) {
		pid_t pid = fork();
		must(pid >= 0, "fork");
		if (pid == 0)
			consumer(way, i, results[1]);
	}
	uint64_t start = now_ns();
	for (unsigned long i = 0; i < items; i++) {
		memcpy(item, &i, sizeof i);
		way->put(item);
	}
	way->end(consumers);
	for (unsigned i = 0; i < consumers; i++) {
		must(read(results[0], &got, sizeof got) == sizeof got, "read");
		all += got;
	}
	double seconds = (double)(now_ns() - start) / NSEC_PER_SEC;
	if (all != items)
		fatal("%lu items were put, %lu got", items, all);
	while (wait(NULL) > 0)
		;
	printf("items_per_s %.0f\n", (double)items / seconds);
}

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc == 4 && i < sizeof ways / sizeof *ways; i++) {
		if (strcmp(argv[1], ways[i].name) != 0)
			continue;
		measure(&ways[i], (unsigned)strtoul(argv[2], NULL, 10),
		    strtoul(argv[3], NULL, 10));
		return 0;
	}
	fprintf(stderr, "usage: items fifo|mq|pipe CONSUMERS ITEMS\n");
	return 2;
}
