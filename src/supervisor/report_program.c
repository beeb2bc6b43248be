/* report_program: what a program has made, as frames. */
#include "supervisor/program_run.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "executor/executor_recovery.h"
#include "lockstep/util.h"
#include "memory/atomic_text.h"
#include "program/mutex_priv.h"
#include "program/queue_priv.h"
#include "wire/state.h"

#define OUTPUT_LOOK 2048 /* lines of one look */

static void
offer_object(struct supervisor *sv, struct object_sent *sent, struct frame *f,
    enum frame_text kind, uint32_t index, const char *name)
{
	if (sv->report.full)
		return;
	if (!sent->named) {
		report_text(&sv->report, kind, index, getpid(), name);
		sent->named = true;
	}
	f->pid = getpid();
	report_offer(&sv->report, f, &sent->frame);
}

/* Threads that want this of the object with that number. */
static uint16_t
count_waiters(const struct supervisor *sv, enum state_object kind,
    enum state_wants wants, unsigned object)
{
	uint16_t n = 0;

	for (unsigned i = 0; i < supervisor_tslot_count(sv); i++) {
		const struct thread_slot *r = &sv->shared->tslots[i];

		const struct state_info *s;

		if (atomic_load(&r->tid) == 0 ||
		    atomic_load(&r->object) != object)
			continue;
		s = state_info(atomic_load(&r->state));
		n += s->object == kind && s->wants == wants;
	}
	return n;
}

static void
offer_program_queue(
    struct supervisor *sv, unsigned i, const struct queue *queue)
{
	struct frame f = {.type = FRAME_QUEUE};

	if (queue == sv->shared->registry->output)
		return;
	queue_frame(queue, &f.queue);
	f.queue.index = (uint16_t)i;
	f.queue.putters = count_waiters(sv, OBJECT_QUEUE, WANTS_ROOM, i);
	f.queue.getters = count_waiters(sv, OBJECT_QUEUE, WANTS_ONE, i);
	f.queue.joiners = count_waiters(sv, OBJECT_QUEUE, WANTS_END, i);
	offer_object(sv, &sv->program->sent.objects[REGISTRY_QUEUE][i], &f,
	    TEXT_QUEUE, i, queue_name(queue));
}

static void
offer_mutex(struct supervisor *sv, unsigned i, const struct mutex *m)
{
	struct frame f = {.type = FRAME_MUTEX};
	uint64_t times[TIMES_ROWS][TIMES_BUCKETS] = {{0}};

	f.mutex.holder = supervisor_tid(sv, mutex_frame(m, &f.mutex));
	f.mutex.index = (uint8_t)i;
	f.mutex.waiters = count_waiters(sv, OBJECT_LOCK, WANTS_ONE, i);
	offer_object(sv, &sv->program->sent.objects[REGISTRY_MUTEX][i], &f,
	    TEXT_MUTEX, i, mutex_name(m));
	latency_add(times, mutex_times(m));
	report_latency(sv, i, times, sv->program->sent.latency[i]);
}

static void
offer_orders(struct supervisor *sv)
{
	struct lock_orders *o = &sv->shared->registry->orders;

	for (unsigned i = 0; i < ORDER_ROWS; i++) {
		const struct lock_order_row *r = &o->row[i];
		uint64_t times =
		    atomic_load_explicit(&r->times, memory_order_acquire);
		uint32_t pair = atomic_load(&r->pair);
		uint32_t guards = lock_order_guards(r);
		struct frame f = {.type = FRAME_LOCK_ORDER,
		    .pid = getpid(),
		    .tid = atomic_load(&r->tid),
		    .order = {.held = (uint16_t)(pair >> 8),
			.taken = (uint16_t)(pair & 0xff),
			.times = times}};

		if (times == 0)
			continue;
		for (unsigned g = 0; g < ORDER_GUARDS; g++)
			f.order.guards[g] = (uint8_t)(guards >> 8 * g);
		report_offer(&sv->report, &f, &sv->program->sent.orders[i]);
	}
}

static void
offer_futures(struct supervisor *sv, unsigned i, const struct executor *e)
{
	struct program_reported *s = &sv->program->sent;
	struct frame_future futures[PROGRAM_FUTURES];
	char labels[PROGRAM_FUTURES][48], failures[PROGRAM_FUTURES][96];

	if (s->futures[i] == NULL)
		s->futures[i] = calloc(1, sizeof *s->futures[i]);
	if (s->futures[i] == NULL)
		return;
	unsigned n =
	    executor_futures(e, futures, labels, failures, PROGRAM_FUTURES);
	for (unsigned k = 0; k < n && !sv->report.full; k++) {
		struct object_sent *sent = &(*s->futures[i])[k];
		struct frame f = {.type = FRAME_FUTURE, .future = futures[k]};
		uint32_t number = futures[k].number;

		if (number == 0)
			continue; /* free, or just being reused */
		f.future.executor = (uint8_t)i;
		if (sent->frame.future.number != number)
			*sent = (struct object_sent){0};
		uint32_t index = (uint32_t)i << 24 | (number & 0xffffff);
		if (failures[k][0] != '\0' && !sv->report.full &&
		    sent->frame.future.state != FUTURE_FAILED)
			report_text(&sv->report, TEXT_FAILURE, index, getpid(),
			    failures[k]);
		offer_object(sv, sent, &f, TEXT_FUTURE, index, labels[k]);
	}
}

static void
offer_executor(struct supervisor *sv, unsigned i, const struct executor *e)
{
	struct frame f = {.type = FRAME_EXECUTOR};

	executor_frame(e, &f.executor);
	f.executor.index = (uint16_t)i;
	offer_object(sv, &sv->program->sent.objects[REGISTRY_EXECUTOR][i], &f,
	    TEXT_EXECUTOR, i, executor_name(e));
	offer_futures(sv, i, e);
}

static void
offer_pipes(struct supervisor *sv)
{
	struct registry *w = sv->shared->registry;

	for (unsigned i = 0; i < w->npipes; i++) {
		struct registry_pipe *pipe = &w->pipes[i];
		int size = fcntl(pipe->fds[1], F_GETPIPE_SZ);
		char name[16];
		struct frame f = {.type = FRAME_QUEUE,
		    .queue = {.index = FRAME_PIPE(i + 1),
			.flags = QUEUE_PIPE,
			.capacity = size > 0 ? (uint32_t)size : 0,
			.put = atomic_load(&pipe->put),
			.got = atomic_load(&pipe->got),
			.putters =
			    count_waiters(sv, OBJECT_PIPE, WANTS_ROOM, i + 1),
			.getters =
			    count_waiters(sv, OBJECT_PIPE, WANTS_ONE, i + 1)}};

		snprintf(name, sizeof name, "pipe %u", i + 1);
		offer_object(sv, &sv->program->sent.pipes[i], &f, TEXT_QUEUE,
		    f.queue.index, name);
	}
}

static void
offer_results(struct supervisor *sv)
{
	char name[REGISTRY_RESULT_NAME], line[128];

	for (uint32_t i = 0; i < PROGRAM_RESULTS; i++) {
		struct registry_result *r = &sv->shared->registry->results[i];
		uint32_t set = atomic_load(&r->set);

		if (set == sv->program->sent.results[i] || sv->report.full)
			continue;
		sv->program->sent.results[i] = set;
		atomic_text_get(r->name, sizeof name, name);
		snprintf(line, sizeof line, "%lld %s",
		    (long long)atomic_load(&r->value), name);
		report_text(&sv->report, TEXT_RESULT, i, getpid(), line);
	}
}

static void
offer_measures(struct supervisor *sv)
{
	struct registry *w = sv->shared->registry;

	for (unsigned i = 0; i < PROGRAM_MEASURES; i++) {
		struct frame f = {.type = FRAME_MEASURE, .pid = getpid()};
		uint32_t set = atomic_load(&w->measures[i].set);
		uint64_t words[5];

		if (set == 0 || set % 2 != 0)
			continue;
		for (unsigned k = 0; k < 5; k++)
			words[k] = atomic_load(&w->measures[i].words[k]);
		if (atomic_load(&w->measures[i].set) != set)
			continue; /* torn: the next look has it */
		memcpy(&f.measure, words, sizeof words);
		report_offer(&sv->report, &f, &sv->program->sent.measures[i]);
	}
}

void
report_program(struct supervisor *sv)
{
	const struct registry *w = sv->shared->registry;
	void *object;

	for (unsigned i = 0;
	     (object = registry_next(w, REGISTRY_QUEUE, &i)) != NULL;)
		offer_program_queue(sv, i, object);
	for (unsigned i = 0;
	     (object = registry_next(w, REGISTRY_MUTEX, &i)) != NULL;)
		offer_mutex(sv, i, object);
	for (unsigned i = 0;
	     (object = registry_next(w, REGISTRY_EXECUTOR, &i)) != NULL;)
		offer_executor(sv, i, object);
	offer_orders(sv);
	offer_pipes(sv);
	offer_results(sv);
	offer_measures(sv);
}

void
report_program_free(struct supervisor *sv)
{
	for (unsigned i = 1; i <= FRAME_MAX_OBJECTS; i++)
		free(sv->program->sent.futures[i]);
}

void
report_output(struct supervisor *sv)
{
	struct queue *output = sv->shared->registry->output;
	char line[PROGRAM_LINE];
	long len;

	for (unsigned n = 0; n < OUTPUT_LOOK; n++) {
		len = queue_get(output, line, sizeof line - 1, 0);
		if (len <= 0)
			return;
		line[len] = '\0';
		report_text(&sv->report, TEXT_OUTPUT, 0, getpid(), line);
	}
	supervisor_look_soon(sv); /* a thread may print without end */
}
