/* frame: checks frames, reads them from bytes, and splits texts into frames. */
#include "lockstep/frame.h"

#include <string.h>

static bool
frame_text_ok(const struct frame_text_body *t)
{
	return t->parts >= 1 && t->parts <= FRAME_TEXT_PARTS &&
	    t->part < t->parts && t->len <= FRAME_TEXT_LEN;
}

static bool
frame_proc_ok(const struct frame_proc *p)
{
	return p->slot < FRAME_MAX_SLOTS && p->threads <= FRAME_MAX_THREADS &&
	    p->state < STATE_COUNT && p->ended <= ENDED_STOPPED;
}

static bool
frame_thread_ok(const struct frame_thread *t)
{
	return t->slot < FRAME_MAX_SLOTS && t->index <= FRAME_MAX_THREADS &&
	    t->state < STATE_COUNT;
}

static bool
frame_lock_ok(const struct frame_lock *l)
{
	return l->kind < FRAME_MAX_LOCKS && l->wanted < FRAME_MAX_LOCKS;
}

static bool
frame_control_ok(const struct frame_control *c)
{
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

static bool
frame_executor_ok(const struct frame_executor *e)
{
	return frame_object_ok(e->index) && e->kind < EXECUTOR_KINDS &&
	    e->threads <= FRAME_MAX_THREADS;
}

static bool
frame_future_ok(const struct frame_future *f)
{
	return frame_object_ok(f->executor) && f->state < FUTURE_STATES &&
	    f->slot < FRAME_MAX_SLOTS && f->index <= FRAME_MAX_THREADS;
}

static bool
frame_lab_ok(const struct frame_schedule *l)
{
	return l->scheduler < SCHEDULER_COUNT && l->chooser < SCHEDULER_COUNT;
}

static bool
frame_step_ok(const struct frame_step *s)
{
	return s->slot < FRAME_MAX_SLOTS && s->index <= FRAME_MAX_THREADS &&
	    s->point < POINT_COUNT && s->thing < THING_COUNT;
}

static bool
frame_times_ok(const struct frame_latency *t)
{
	return t->lock <= FRAME_MAX_OBJECTS && t->hold <= 1 &&
	    t->bucket % TIMES_A_FRAME == 0 && t->bucket < TIMES_BUCKETS;
}

static bool
frame_trace_ok(const struct frame_trace *t)
{
	return t->slot < FRAME_MAX_SLOTS && t->index <= FRAME_MAX_THREADS &&
	    t->op >= TRACE_GET && t->op < TRACE_COUNT;
}

static bool
frame_hello_ok(const struct frame_hello *h)
{
	return memcmp(h->magic, FRAME_MAGIC, sizeof h->magic) == 0 &&
	    h->wire == FRAME_VERSION &&
	    memchr(h->demo, '\0', sizeof h->demo) != NULL;
}

enum frame_verdict
frame_check(const struct frame *f)
{
	bool ok = true;

	if (f->version != FRAME_VERSION || f->pid < 0 || f->tid < 0)
		return FRAME_BAD;
	switch (f->type) {
	case FRAME_HELLO:
		ok = frame_hello_ok(&f->hello);
		break;
	case FRAME_BYE:
		ok = f->bye.outcome <= OUTCOME_HUNG;
		break;
	case FRAME_TEXT:
		ok = frame_text_ok(&f->text);
		break;
	case FRAME_PROC:
		ok = frame_proc_ok(&f->proc);
		break;
	case FRAME_THREAD:
		ok = frame_thread_ok(&f->thread);
		break;
	case FRAME_CONTROL:
		ok = frame_control_ok(&f->control);
		break;
	case FRAME_QUEUE:
		ok = frame_object_ok(f->queue.index);
		break;
	case FRAME_MUTEX:
		ok = frame_object_ok(f->mutex.index);
		break;
	case FRAME_EXECUTOR:
		ok = frame_executor_ok(&f->executor);
		break;
	case FRAME_FUTURE:
		ok = frame_future_ok(&f->future);
		break;
	case FRAME_MEASURE:
		ok = f->measure.kind < EXECUTOR_KINDS;
		break;
	case FRAME_SCHEDULE:
		ok = frame_lab_ok(&f->lab);
		break;
	case FRAME_STEP:
		ok = frame_step_ok(&f->step);
		break;
	case FRAME_LATENCY:
		ok = frame_times_ok(&f->times);
		break;
	case FRAME_LOCK_ORDER:
		ok = frame_object_ok(f->order.held) &&
		    frame_object_ok(f->order.taken);
		break;
	case FRAME_EXPLORE:
		ok = f->explore.state < EXPLORE_STATES;
		break;
	case FRAME_OUTCOME:
		ok = f->outcome.index < FRAME_MAX_OUTCOMES;
		break;
	case FRAME_TRACE:
		ok = frame_trace_ok(&f->trace);
		break;
	case FRAME_COMMAND:
		ok = f->command.op >= COMMAND_LOCK &&
		    f->command.op < COMMAND_COUNT;
		break;
	case FRAME_LOCK:
		ok = frame_lock_ok(&f->lock);
		break;
	case FRAME_ITEM_QUEUE:
	case FRAME_SUM:
		break;
	default:
		return FRAME_UNKNOWN;
	}
	return ok ? FRAME_OK : FRAME_BAD;
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
