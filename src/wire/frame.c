/* frame: checks frames, reads them from bytes, and splits texts into frames. */
#include "wire/frame_priv.h"

#include <string.h>

bool
frame_hello_ok(const struct frame *f)
{
	const struct frame_hello *h = &f->hello;

	return memcmp(h->magic, FRAME_MAGIC, sizeof h->magic) == 0 &&
	    h->wire == FRAME_VERSION &&
	    memchr(h->demo, '\0', sizeof h->demo) != NULL;
}

bool
frame_bye_ok(const struct frame *f)
{
	return f->bye.outcome <= OUTCOME_HUNG;
}

bool
frame_text_ok(const struct frame *f)
{
	const struct frame_text_body *t = &f->text;

	return t->parts >= 1 && t->parts <= FRAME_TEXT_PARTS &&
	    t->part < t->parts && t->len <= FRAME_TEXT_LEN;
}

bool
frame_proc_ok(const struct frame *f)
{
	const struct frame_proc *p = &f->proc;

	return p->slot < FRAME_MAX_SLOTS && p->threads <= FRAME_MAX_THREADS &&
	    p->state < STATE_COUNT && p->ended <= ENDED_STOPPED;
}

bool
frame_thread_ok(const struct frame *f)
{
	const struct frame_thread *t = &f->thread;

	return t->slot < FRAME_MAX_SLOTS && t->index <= FRAME_MAX_THREADS &&
	    t->state < STATE_COUNT;
}

bool
frame_item_queue_ok(const struct frame *f)
{
	(void)f;
	return true;
}

bool
frame_sum_ok(const struct frame *f)
{
	(void)f;
	return true;
}

bool
frame_lock_ok(const struct frame *f)
{
	return f->lock.kind < FRAME_MAX_LOCKS &&
	    f->lock.wanted < FRAME_MAX_LOCKS;
}

bool
frame_control_ok(const struct frame *f)
{
	const struct frame_control *c = &f->control;

	return c->phase < PHASE_COUNT && c->sum_mode <= SUM_PRIVATE &&
	    c->speed > 0 && c->lock < FRAME_MAX_LOCKS &&
	    c->lock_other < FRAME_MAX_LOCKS && c->result <= 0 &&
	    c->result >= -FRAME_MAX_ERRNO;
}

/* Objects count from 1. */
static bool
frame_object_ok(unsigned index)
{
	return index >= 1 && index <= FRAME_MAX_OBJECTS;
}

bool
frame_queue_ok(const struct frame *f)
{
	return frame_object_ok(f->queue.index);
}

bool
frame_mutex_ok(const struct frame *f)
{
	return frame_object_ok(f->mutex.index);
}

bool
frame_executor_ok(const struct frame *f)
{
	const struct frame_executor *e = &f->executor;

	return frame_object_ok(e->index) && e->kind < EXECUTOR_KINDS &&
	    e->threads <= FRAME_MAX_THREADS;
}

bool
frame_future_ok(const struct frame *f)
{
	const struct frame_future *t = &f->future;

	return frame_object_ok(t->executor) && t->state < FUTURE_STATES &&
	    t->slot < FRAME_MAX_SLOTS && t->index <= FRAME_MAX_THREADS;
}

bool
frame_measure_ok(const struct frame *f)
{
	return f->measure.kind < EXECUTOR_KINDS;
}

bool
frame_lab_ok(const struct frame *f)
{
	return f->lab.scheduler < SCHEDULER_COUNT &&
	    f->lab.chooser < SCHEDULER_COUNT;
}

bool
frame_step_ok(const struct frame *f)
{
	const struct frame_step *s = &f->step;

	return s->slot < FRAME_MAX_SLOTS && s->index <= FRAME_MAX_THREADS &&
	    s->point < POINT_COUNT && s->thing < THING_COUNT;
}

bool
frame_times_ok(const struct frame *f)
{
	const struct frame_latency *t = &f->times;

	return t->lock <= FRAME_MAX_OBJECTS && t->hold <= 1 &&
	    t->bucket % TIMES_A_FRAME == 0 && t->bucket < TIMES_BUCKETS;
}

bool
frame_order_ok(const struct frame *f)
{
	return frame_object_ok(f->order.held) &&
	    frame_object_ok(f->order.taken);
}

bool
frame_explore_ok(const struct frame *f)
{
	return f->explore.state < EXPLORE_STATES;
}

bool
frame_trace_ok(const struct frame *f)
{
	const struct frame_trace *t = &f->trace;

	return t->slot < FRAME_MAX_SLOTS && t->index <= FRAME_MAX_THREADS &&
	    t->op >= TRACE_GET && t->op < TRACE_COUNT;
}

bool
frame_outcome_ok(const struct frame *f)
{
	return f->outcome.index < FRAME_MAX_OUTCOMES;
}

bool
frame_command_ok(const struct frame *f)
{
	return f->command.op >= COMMAND_LOCK && f->command.op < COMMAND_COUNT;
}

/* A type without a check does not link; FRAME_TYPES forgets none: -Wswitch. */
enum frame_verdict
frame_check(const struct frame *f)
{
	if (f->version != FRAME_VERSION || f->pid < 0 || f->tid < 0)
		return FRAME_BAD;
	switch ((enum frame_type)f->type) {
#define FRAME_CASE(NAME, member) \
	case FRAME_##NAME:       \
		return frame_##member##_ok(f) ? FRAME_OK : FRAME_BAD;
		FRAME_TYPES(FRAME_CASE)
	}
	return FRAME_UNKNOWN;
}

static void
frame_skip_one(struct frame_reader *r, uint64_t at)
{
	if (r->garbage == 0)
		r->damage = at;
	r->garbage++;
	r->lost = true;
	memmove(r->partial, r->partial + 1, --r->have);
}

void
frame_read(struct frame_reader *r, const void *buf, size_t len,
    void (*fn)(const struct frame *, void *arg), void *arg)
{
	const unsigned char *p = buf;

	while (len > 0) {
		size_t want = FRAME_SIZE - r->have;
		size_t take = len < want ? len : want;
		struct frame f;

		if (take == FRAME_SIZE) {
			memcpy(&f, p, sizeof f);
		} else {
			memcpy(r->partial + r->have, p, take);
			if (r->have + take == FRAME_SIZE)
				memcpy(&f, r->partial, sizeof f);
		}
		r->have += take;
		r->offset += take;
		p += take;
		len -= take;
		if (r->have < FRAME_SIZE)
			return;

		enum frame_verdict v = frame_check(&f);
		/* Out of sync, only a frame of a known type is trusted. */
		if (v == FRAME_BAD || (v == FRAME_UNKNOWN && r->lost)) {
			memcpy(r->partial, &f, sizeof f);
			frame_skip_one(r, r->offset - FRAME_SIZE);
			continue;
		}
		r->lost = false;
		r->have = 0;
		if (v == FRAME_OK)
			fn(&f, arg);
		else
			r->unknown++;
	}
}

int
frame_from_text(struct frame out[FRAME_TEXT_PARTS], enum frame_text kind,
    uint32_t index, const char *text)
{
	size_t len = strnlen(text, FRAME_TEXT_LEN * FRAME_TEXT_PARTS);
	int parts = len == 0 ? 1 : (int)((len - 1) / FRAME_TEXT_LEN + 1);

	for (int i = 0; i < parts; i++) {
		size_t at = (size_t)i * FRAME_TEXT_LEN;
		size_t n = len - at;

		if (n > FRAME_TEXT_LEN)
			n = FRAME_TEXT_LEN;
		out[i] = (struct frame){.type = FRAME_TEXT,
		    .version = FRAME_VERSION,
		    .text = {.kind = (uint8_t)kind,
			.part = (uint8_t)i,
			.parts = (uint8_t)parts,
			.len = (uint8_t)n,
			.index = index}};
		memcpy(out[i].text.text, text + at, n);
	}
	return parts;
}
