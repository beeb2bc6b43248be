/*
 * feed: a stream of frames of a pipeline that does not exist, in which every
 * thread changes its state in every tick: the most that a dashboard can be
 * asked to follow.
 *
 * usage: feed PROCESSES THREADS [TICKS_PER_S] | lockstep -
 *
 * Writes as an engine does: batches of 4096 bytes to a large non-blocking
 * pipe; what does not fit is dropped and leaves a gap in the numbers. Runs
 * until its reader goes away, and then says on standard error what it lost.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lockstep/frame.h"

#define NS        1000000000LL
#define PIPE_SIZE (1 << 20)
#define FIRST_PID 1000

struct feed {
	int processes, threads; /* of each */
	uint64_t tick;
	uint64_t start; /* ns */
	uint32_t seq;
	uint64_t sent, dropped; /* frames */
	int fill;
	struct frame batch[FRAME_BATCH];
};

static uint64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS + (uint64_t)ts.tv_nsec;
}

static void
report(const struct feed *f)
{
	fprintf(stderr, "ticks %llu\nsent %llu\ndropped %llu\n",
	    (unsigned long long)f->tick, (unsigned long long)f->sent,
	    (unsigned long long)f->dropped);
}

/* Send what is in the batch, or count it as dropped. */
static void
flush(struct feed *f)
{
	size_t len = (size_t)f->fill * FRAME_SIZE;
	ssize_t n = len == 0 ? 0 : write(STDOUT_FILENO, f->batch, len);

	if (n == (ssize_t)len) {
		f->sent += (uint64_t)f->fill;
	} else if (n == -1 && errno == EAGAIN) {
		f->dropped += (uint64_t)f->fill;
	} else {
		report(f);
		exit(0);
	}
	f->fill = 0;
}

/* A frame to fill in; it goes out with its batch. */
static struct frame *
add(struct feed *f, enum frame_type type, int pid, int tid)
{
	if (f->fill == FRAME_BATCH)
		flush(f);
	struct frame *x = &f->batch[f->fill++];
	*x = (struct frame){.type = (uint8_t)type,
	    .version = FRAME_VERSION,
	    .source = 1,
	    .seq = f->seq++,
	    .ns = now(),
	    .pid = pid,
	    .tid = tid};
	return x;
}

static void
add_text(struct feed *f, enum frame_text kind, uint32_t index, const char *text)
{
	struct frame parts[FRAME_TEXT_PARTS];
	int n = frame_from_text(parts, kind, index, text);

	for (int i = 0; i < n; i++)
		add(f, FRAME_TEXT, FIRST_PID, FIRST_PID)->text = parts[i].text;
}

static int
pid_of(const struct feed *f, int slot)
{
	return FIRST_PID + slot * (f->threads + 1);
}

static void
begin(struct feed *f)
{
	struct frame *x = add(f, FRAME_HELLO, FIRST_PID, FIRST_PID);
	char name[32];

	memcpy(x->hello.magic, FRAME_MAGIC, sizeof x->hello.magic);
	x->hello.wire = FRAME_VERSION;
	x->hello.processes = (uint16_t)f->processes;
	x->hello.threads = (uint16_t)f->threads;
	snprintf(x->hello.demo, sizeof x->hello.demo, "feed");
	add_text(f, TEXT_TITLE, 0, "threads that change state all the time");
	add_text(f, TEXT_LOCK, 0, "none");
	add_text(f, TEXT_LOCK, 1, "mutex");
	add_text(f, TEXT_PROC, 0, "supervisor");
	for (int p = 1; p <= f->processes; p++) {
		snprintf(name, sizeof name, "worker-%d", p);
		add_text(f, TEXT_PROC, (uint32_t)p, name);
		for (int t = 1; t <= f->threads; t++) {
			snprintf(name, sizeof name, "pool-%d.%d", p, t - 1);
			add_text(f, TEXT_THREAD, (uint32_t)(p << 16 | t), name);
		}
	}
}

static void
add_thread(struct feed *f, int slot, int index)
{
	static const uint8_t states[] = {STATE_RUNNING, STATE_WAIT_LOCK,
	    STATE_SLEEPING, STATE_WINDOW, STATE_WAIT_TASK};
	int pid = pid_of(f, slot);
	struct frame_thread *t =
	    &add(f, FRAME_THREAD, pid, pid + index)->thread;

	t->slot = (uint16_t)slot;
	t->index = (uint16_t)index;
	t->state = states[(f->tick + (uint64_t)index) % sizeof states];
	t->task = (uint16_t)(f->tick % 10 + 1);
	t->tasks = t->adds = f->tick;
	if (t->state == STATE_WAIT_LOCK)
		t->owner = pid + index % f->threads + 1;
	t->since_us = (uint32_t)(index % 30 * 1000);
}

static void
add_process(struct feed *f, int slot)
{
	int pid = pid_of(f, slot);
	struct frame_proc *p = &add(f, FRAME_PROC, pid, pid)->proc;

	p->slot = (uint16_t)slot;
	p->threads = (uint16_t)(slot == 0 ? 0 : f->threads);
	p->state = slot == 0 ? STATE_RUNNING : STATE_WAIT_POOL;
	p->ppid = slot == 0 ? 1 : FIRST_PID;
	p->serial = (uint32_t)slot;
	if (slot == 0)
		return;
	p->item = (uint32_t)f->tick + 1;
	p->item_n = 10;
	p->items = (uint32_t)f->tick;
	p->held = 1;
	for (int t = 1; t <= f->threads; t++)
		add_thread(f, slot, t);
}

/* What there is of everything but the threads. */
static void
add_totals(struct feed *f)
{
	uint64_t done = f->tick * (uint64_t)f->processes;
	struct frame_item_queue *q =
	    &add(f, FRAME_ITEM_QUEUE, FIRST_PID, FIRST_PID)->item_queue;
	q->done = done;
	q->in_flight = (uint32_t)f->processes;
	q->queued = (uint32_t)(f->tick % 100);
	q->put = done + q->in_flight + q->queued;
	q->capacity = 1024;

	struct frame_sum *s = &add(f, FRAME_SUM, FIRST_PID, FIRST_PID)->sum;
	s->sum = s->expected = (int64_t)done * 10;

	struct frame_lock *l = &add(f, FRAME_LOCK, FIRST_PID, FIRST_PID)->lock;
	l->kind = l->wanted = 1;
	l->holder = pid_of(f, 1) + 1;
	l->waiters = (uint32_t)(f->processes * f->threads / 5);
	l->acquired = done;

	struct frame_control *c =
	    &add(f, FRAME_CONTROL, FIRST_PID, FIRST_PID)->control;
	c->start = f->start;
	c->speed = 1000;
	c->processes = (uint16_t)f->processes;
	c->threads = (uint16_t)f->threads;
	c->lock = c->lock_other = 1;
	c->phase = PHASE_RUNNING;
}

static void
tick(struct feed *f)
{
	f->tick++;
	for (int slot = 0; slot <= f->processes; slot++)
		add_process(f, slot);
	add_totals(f);
	flush(f);
}

static void
run(struct feed *f, int rate)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	for (;;) {
		tick(f);
		at.tv_nsec += NS / rate;
		if (at.tv_nsec >= NS) {
			at.tv_nsec -= NS;
			at.tv_sec++;
		}
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
	}
}

int
main(int argc, char **argv)
{
	struct feed f = {.start = now()};

	if (argc < 3 || argc > 4)
		errx(2, "usage: feed PROCESSES THREADS [TICKS_PER_S]");
	f.processes = atoi(argv[1]);
	f.threads = atoi(argv[2]);
	int rate = argc == 4 ? atoi(argv[3]) : 30;
	if (f.processes < 1 || f.processes >= FRAME_MAX_SLOTS ||
	    f.threads < 1 || f.threads > FRAME_MAX_THREADS || rate < 1)
		errx(2, "a number is out of range");

	signal(SIGPIPE, SIG_IGN);
	/* The names go out whole, the ticks as far as there is room. */
	fcntl(STDOUT_FILENO, F_SETPIPE_SZ, PIPE_SIZE);
	begin(&f);
	flush(&f);
	fcntl(
	    STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
	run(&f, rate);
}
