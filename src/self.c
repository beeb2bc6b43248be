/* self: the calling thread, and what a program may have it do. */
#include "self.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "burn.h"
#include "gil.h"
#include "reading.h"
#include "shared.h"
#include "util.h"

_Thread_local struct self *self;

/*
 * The run is over: nothing that this thread did could still be of use. Its
 * process is killed in a moment.
 */
static void
leave(void)
{
	ring_state(self->ring, STATE_EXITED);
	for (;;)
		pause();
}

void
self_block_for(
    enum frame_state state, unsigned object, uint32_t owner, uint64_t timeout)
{
	if (self == NULL)
		return;
	struct ring *r = self->ring;
	atomic_store_explicit(&r->object, object, RELAXED);
	atomic_store_explicit(&r->owner, owner, RELAXED);
	atomic_store_explicit(&r->patience, timeout != FOREVER, RELAXED);
	ring_state_at(r, state, now_ns());
	if (self->gil != NULL)
		gil_drop(self->gil);
}

void
self_block(enum frame_state state, unsigned object, uint32_t owner)
{
	self_block_for(state, object, owner, FOREVER);
}

void
self_because(uint32_t owner)
{
	if (self != NULL)
		atomic_store_explicit(&self->ring->owner, owner, RELAXED);
}

void
self_unblock(void)
{
	if (self == NULL)
		return;
	struct ring *r = self->ring;
	atomic_store_explicit(&r->object, 0, RELAXED);
	if (self->gil != NULL)
		gil_enter(self->gil, self->ring);
	ring_state(r, STATE_RUNNING);
	atomic_store_explicit(&r->owner, 0, RELAXED);
	if (!gate_pass(self->adder.gate, r))
		leave();
}

void
self_begin(struct self *me, struct shared *s, unsigned slot, unsigned index,
    const char *name)
{
	struct ring *r = shared_ring(s, slot, index);
	uint64_t interval = atomic_load(&s->gil);

	*me = (struct self){.shared = s,
	    .slot = slot,
	    .index = index,
	    .ring = r,
	    .adder = {.cell = shared_cell(s, slot),
		.control = &s->sum,
		.gate = &s->gate,
		.ring = r}};
	snprintf(me->name, sizeof me->name, "%s", name);
	self = me;
	pthread_setname_np(pthread_self(), me->name);
	ring_begin(r, gettid(), me->name);
	if (interval != 0) {
		me->gil = &s->slots[slot].gil;
		me->gil->interval = interval;
		gil_enter(me->gil, r);
	}
	ring_state(r, STATE_RUNNING);
	if (!gate_pass(&s->gate, r))
		leave();
}

void
self_end(struct self *me)
{
	if (me->gil != NULL)
		gil_drop(me->gil);
	ring_state(me->ring, STATE_EXITED);
	self = NULL;
}

void
self_set_gil(uint64_t interval)
{
	atomic_store(&self->shared->gil, interval);
	if (self->gil != NULL) {
		gil_drop(self->gil);
		self->gil = NULL;
	}
	if (interval == 0)
		return;
	self->gil = &self->shared->slots[self->slot].gil;
	self->gil->interval = interval;
	gil_enter(self->gil, self->ring);
	ring_state(self->ring, STATE_RUNNING);
}

uint32_t
self_id_of_slot(unsigned slot)
{
	if (self == NULL || slot == 0 || slot >= self->shared->nslots)
		return 0;
	return shared_ring(self->shared, slot, 0)->id;
}

const struct params *
self_params(void)
{
	return self->shared->params;
}

const char *
self_name(void)
{
	return self->name;
}

void
self_checkpoint(void)
{
	if (self->gil != NULL && gil_wanted(self->gil)) {
		ring_state(self->ring, STATE_WAIT_GIL);
		gil_yield(self->gil, self->ring->id);
		ring_state(self->ring, STATE_RUNNING);
	}
	if (!gate_pass(self->adder.gate, self->ring))
		leave();
}

void
self_sleep(uint64_t ns)
{
	self_block_for(STATE_SLEEPING, 0, 0, ns);
	if (!gate_sleep(self->adder.gate, self->ring, ns))
		leave();
	self_unblock();
}

static void
compute(uint64_t ns)
{
	uint64_t end = cpu_time() + ns;

	while (cpu_time() < end) {
		cpu_burn();
		self_checkpoint();
	}
}

void
self_work(const struct work *work)
{
	switch (work->kind) {
	case WORK_NONE:
		break;
	case WORK_SLEEP:
		self_sleep(work->ns);
		break;
	case WORK_SPIN:
		compute(work->ns);
		break;
	}
}

void
self_add(int64_t amount, uint64_t times)
{
	if (!sum_add(&self->adder, amount, times))
		leave();
}

int64_t
self_sum(void)
{
	return shared_sum(self->shared, self->slot);
}

long
self_read(const char *path, void *buf, size_t len, uint64_t offset)
{
	self_block_for(STATE_READING, 0, 0, 0);
	long got = read_at(path, buf, len, offset);
	self_unblock();
	return got;
}

void
self_network(bool begins)
{
	if (begins)
		self_block_for(STATE_NETWORK, 0, 0, 0);
	else
		self_unblock();
}

struct usage
self_usage(void)
{
	struct rusage u;
	struct timespec cpu;

	getrusage(RUSAGE_THREAD, &u);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
	return (struct usage){
	    .cpu = (uint64_t)cpu.tv_sec * NSEC_PER_SEC + (uint64_t)cpu.tv_nsec,
	    .voluntary = (uint64_t)u.ru_nvcsw,
	    .involuntary = (uint64_t)u.ru_nivcsw};
}
