/* self: the calling thread: its waits, its work, its beginning and end. */
#include "program/self.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/burn.h"
#include "base/file.h"
#include "lockstep/util.h"
#include "run/shared.h"
#include "slot/gil.h"

#define LOOK NSEC_PER_SEC /* a waiting thread looks again this often */

_Thread_local struct self *self;

static bool
self_has_gil(const struct self *me)
{
	return me->gil != NULL &&
	    atomic_load(&me->gil->holder) == me->tslot->id;
}

/*
 * The run is over, and nothing that this thread could do is of use any more.
 * Its process will be killed in a moment.
 */
static void
self_leave(void)
{
	if (self_has_gil(self))
		gil_drop(self->gil);
	gate_leave(self->adder.gate, self->tslot);
	for (;;)
		pause();
}

static void
self_pass_gate(void)
{
	if (!gil_pass_gate(self->gil, self->adder.gate, self->tslot))
		self_leave();
}

void
self_block_for(
    enum frame_state state, unsigned object, uint32_t owner, uint64_t timeout)
{
	if (self == NULL)
		return;
	struct thread_slot *r = self->tslot;
	atomic_store_explicit(&r->object, object, RELAXED);
	atomic_store_explicit(&r->owner, owner, RELAXED);
	atomic_store_explicit(&r->patience, timeout != FOREVER, RELAXED);
	slot_state_at(r, state, now_ns());
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
		atomic_store_explicit(&self->tslot->owner, owner, RELAXED);
}

void
self_unblock(void)
{
	if (self == NULL)
		return;
	struct thread_slot *r = self->tslot;
	atomic_store_explicit(&r->object, 0, RELAXED);
	if (self->gil != NULL)
		gil_enter(self->gil, self->tslot);
	slot_state(r, STATE_RUNNING);
	atomic_store_explicit(&r->owner, 0, RELAXED);
	self_pass_gate();
}

/* ---- waits ---- */

void
self_doze_on(_Atomic uint32_t *word, uint32_t value, uint64_t ns)
{
	if (self == NULL) {
		futex_wait(word, value, ns);
		return;
	}
	/* If step mode begins now: self_rouse() sees the word, or we see it. */
	atomic_store(&self->tslot->dozes, word);
	if ((atomic_load(&self->adder.gate->closed) & GATE_STEPPED) == 0)
		futex_wait(word, value, ns);
	atomic_store(&self->tslot->dozes, NULL);
}

void
self_rouse(struct thread_slot *r)
{
	_Atomic uint32_t *word = atomic_load(&r->dozes);

	if (word != NULL)
		futex_wake(word, INT_MAX);
}

/* At the gate: evaluate the condition; if it fails, show the wait. */
static bool
self_look(const void *wait)
{
	const struct self_wait *w = wait;
	struct thread_slot *r = self->tslot;

	if (w->ready(w->arg))
		return true;
	if (atomic_load_explicit(&r->state, RELAXED) == w->state)
		return false;
	atomic_store_explicit(&r->object, w->object, RELAXED);
	atomic_store_explicit(&r->patience, w->timeout != FOREVER, RELAXED);
	slot_state(r, w->state);
	return false;
}

enum gate_pass
self_stand(const struct self_wait *w)
{
	struct thread_slot *r = self->tslot;
	uint32_t object = atomic_load_explicit(&r->object, RELAXED);
	uint32_t owner = atomic_load_explicit(&r->owner, RELAXED);
	bool gil = self_has_gil(self);
	bool may_wait = w->ready != NULL && w->timeout > 0;
	const struct gate_point at = {.op = w->op,
	    .thing = w->thing,
	    .object = w->object,
	    .value = w->value,
	    .ready = may_wait ? self_look : NULL,
	    .arg = w,
	    .timed = w->timeout != FOREVER};

	if (gil)
		gil_drop(self->gil);
	atomic_store_explicit(&r->owner, w->owner, RELAXED);
	enum gate_pass pass = gate_stand(self->adder.gate, r, &at);
	atomic_store_explicit(&r->object, object, RELAXED);
	atomic_store_explicit(&r->owner, owner, RELAXED);
	if (gil)
		gil_enter(self->gil, r);
	if (gate_stopped(self->adder.gate))
		self_leave();
	return pass;
}

bool
self_wait(const struct self_wait *w)
{
	uint64_t end = time_after(w->timeout);
	bool blocked = false, holds = false;

	for (;;) {
		enum gate_pass pass =
		    self_stepped() ? self_stand(w) : GATE_OPEN;

		if (pass == GATE_TIMED_OUT || (holds = w->ready(w->arg)))
			break;
		if (pass == GATE_GRANTED && w->timeout > 0)
			continue;
		uint32_t key = eventcount_prepare(w->wake);
		uint64_t now = now_ns();
		if ((holds = w->ready(w->arg)) || now >= end)
			break;
		if (!blocked)
			self_block_for(
			    w->state, w->object, w->owner, w->timeout);
		blocked = true;
		self_doze(w->wake, key, end - now < LOOK ? end - now : LOOK);
	}
	if (blocked)
		self_unblock();
	return holds;
}

/* ---- begin and end ---- */

/* The first point of a thread, before anything that it does. */
static void
self_stand_first(struct self *me)
{
	while (self_stepped() && !gate_stopped(me->adder.gate) &&
	    gate_point(me->adder.gate, me->tslot, POINT_WAIT, THING_NONE, 0,
		0) == GATE_OPEN)
		;
}

static void
self_take_gil(uint64_t interval)
{
	struct gil *g = &self->shared->slots[self->slot].gil;

	self->gil = self->adder.gil = g;
	g->interval = interval;
	gil_enter(g, self->tslot);
}

void
self_begin(struct self *me, struct shared *s, unsigned slot, unsigned index,
    const char *name)
{
	struct thread_slot *r = shared_tslot(s, slot, index);
	uint64_t interval = atomic_load(&s->gil);

	*me = (struct self){.shared = s,
	    .slot = slot,
	    .index = index,
	    .tslot = r,
	    .adder = {.cell = shared_cell(s, slot),
		.control = &s->sum,
		.gate = &s->gate,
		.tslot = r}};
	snprintf(me->name, sizeof me->name, "%s", name);
	self = me;
	pthread_setname_np(pthread_self(), me->name);
	slot_begin(r, gettid(), me->name);
	slot_state(r, STATE_RUNNING);
	self_stand_first(me);
	if (interval != 0)
		self_take_gil(interval);
	slot_state(r, STATE_RUNNING);
	self_pass_gate();
}

void
self_end(struct self *me)
{
	if (me->gil != NULL)
		gil_drop(me->gil);
	gate_leave(me->adder.gate, me->tslot);
	self = NULL;
}

void
self_set_gil(uint64_t interval)
{
	atomic_store(&self->shared->gil, interval);
	if (self->gil != NULL) {
		gil_drop(self->gil);
		self->gil = self->adder.gil = NULL;
	}
	if (interval == 0)
		return;
	self_take_gil(interval);
	slot_state(self->tslot, STATE_RUNNING);
}

uint32_t
self_id_of_slot(unsigned slot)
{
	if (self == NULL || slot == 0 || slot >= self->shared->nslots)
		return 0;
	return shared_tslot(self->shared, slot, 0)->id;
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
	gil_checkpoint(self->gil, self->tslot);
	self_pass_gate();
}

void
self_sleep(uint64_t ns)
{
	self_block_for(STATE_SLEEPING, 0, 0, ns);
	if (!gate_sleep(self->adder.gate, self->tslot, ns))
		self_leave();
	self_unblock();
}

static void
self_compute(uint64_t ns)
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
		self_compute(work->ns);
		break;
	}
}

void
self_add(int64_t amount, uint64_t times)
{
	if (!sum_add(&self->adder, amount, times))
		self_leave();
}

void
self_eat(uint64_t meals)
{
	const struct self_wait at = {
	    .op = POINT_EAT, .value = (int64_t)meals, .timeout = FOREVER};

	if (self_stepped())
		self_stand(&at);
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

	getrusage(RUSAGE_THREAD, &u);
	return (struct usage){.cpu = cpu_time(),
	    .voluntary = (uint64_t)u.ru_nvcsw,
	    .involuntary = (uint64_t)u.ru_nivcsw};
}
