/* shape: frames that frame_check() lets pass. */
#include "shape.h"

#include <string.h>

#define FIRST_PID 1000
#define SOME      8 /* processes, threads, objects: most of the time */

/* Out of range: small, so that many frames are about the same things. */
static unsigned
within(unsigned value, unsigned limit)
{
	return value < limit ? value : value % (limit < SOME ? limit : SOME);
}

static uint16_t
slot_within(unsigned slot)
{
	return (uint16_t)within(slot, FRAME_MAX_SLOTS);
}

static uint16_t
index_within(unsigned index)
{
	return (uint16_t)within(index, FRAME_MAX_THREADS + 1);
}

static uint16_t
object_within(unsigned number)
{
	return (uint16_t)(1 + within(number - 1, FRAME_MAX_OBJECTS));
}

static void
mend_hello(struct frame_hello *h)
{
	memcpy(h->magic, FRAME_MAGIC, sizeof h->magic);
	h->wire = FRAME_VERSION;
	h->demo[sizeof h->demo - 1] = '\0';
}

static void
mend_text(struct frame_text_body *t)
{
	t->parts = (uint8_t)(1 + within(t->parts - 1U, FRAME_TEXT_PARTS));
	t->part = (uint8_t)(t->part % t->parts);
	t->len = (uint8_t)(t->len % (FRAME_TEXT_LEN + 1));
}

static void
mend_proc(struct frame_proc *p)
{
	p->slot = slot_within(p->slot);
	p->threads = index_within(p->threads);
	p->state = (uint8_t)within(p->state, STATE_COUNT);
	p->ended = (uint8_t)within(p->ended, ENDED_STOPPED + 1);
}

static void
mend_thread(struct frame_thread *t)
{
	t->slot = slot_within(t->slot);
	t->index = index_within(t->index);
	t->state = t->state % STATE_COUNT & 0x7f;
}

static void
mend_lock(struct frame_lock *l)
{
	l->kind = (uint16_t)within(l->kind, FRAME_MAX_LOCKS);
	l->wanted = (uint16_t)within(l->wanted, FRAME_MAX_LOCKS);
}

static void
mend_control(struct frame_control *c)
{
	c->phase = (uint8_t)within(c->phase, PHASE_COUNT);
	c->sum_mode = (uint8_t)within(c->sum_mode, SUM_PRIVATE + 1);
	c->speed += c->speed == 0;
	c->lock = (uint8_t)within(c->lock, FRAME_MAX_LOCKS);
	c->lock_other = (uint8_t)within(c->lock_other, FRAME_MAX_LOCKS);
	c->result = -(int32_t)within((unsigned)c->result, FRAME_MAX_ERRNO + 1);
}

static void
mend_executor(struct frame_executor *e)
{
	e->index = object_within(e->index);
	e->kind = (uint8_t)within(e->kind, EXECUTOR_KINDS);
	e->threads = index_within(e->threads);
}

static void
mend_future(struct frame_future *f)
{
	f->executor = (uint8_t)object_within(f->executor);
	f->state = (uint8_t)within(f->state, FUTURE_STATES);
	f->slot = slot_within(f->slot);
	f->index = index_within(f->index);
}

static void
mend_step(struct frame_step *s)
{
	s->slot = slot_within(s->slot);
	s->index = index_within(s->index);
	s->point = (uint8_t)within(s->point, POINT_COUNT);
	s->thing = (uint8_t)within(s->thing, THING_COUNT);
}

static void
mend_times(struct frame_latency *t)
{
	t->lock = (uint16_t)within(t->lock, FRAME_MAX_OBJECTS + 1);
	t->hold &= 1;
	t->bucket %= TIMES_BUCKETS;
	t->bucket = (uint8_t)(t->bucket - t->bucket % TIMES_A_FRAME);
}

static void
mend_trace(struct frame_trace *t)
{
	t->op = (uint16_t)(TRACE_GET + within(t->op - 1U, TRACE_COUNT - 1));
	t->slot = slot_within(t->slot);
	t->index = index_within(t->index);
}

/* Those of the lab. */
static void
mend_lab(struct frame *f)
{
	switch (f->type) {
	case FRAME_SCHEDULE:
		f->lab.scheduler =
		    (uint8_t)within(f->lab.scheduler, SCHEDULER_COUNT);
		f->lab.chooser =
		    (uint8_t)within(f->lab.chooser, SCHEDULER_COUNT);
		break;
	case FRAME_STEP:
		mend_step(&f->step);
		break;
	case FRAME_LATENCY:
		mend_times(&f->times);
		break;
	case FRAME_LOCK_ORDER:
		f->order.held = object_within(f->order.held);
		f->order.taken = object_within(f->order.taken);
		break;
	case FRAME_EXPLORE:
		f->explore.state =
		    (uint8_t)within(f->explore.state, EXPLORE_STATES);
		break;
	case FRAME_OUTCOME:
		f->outcome.index =
		    (uint16_t)within(f->outcome.index, FRAME_MAX_OUTCOMES);
		break;
	default:
		break;
	}
}

void
shape_mend(struct frame *f)
{
	f->version = FRAME_VERSION;
	f->pid &= INT32_MAX;
	f->tid &= INT32_MAX;
	switch (f->type) {
	case FRAME_HELLO:
		mend_hello(&f->hello);
		break;
	case FRAME_BYE:
		f->bye.outcome = within(f->bye.outcome, OUTCOME_HUNG + 1);
		break;
	case FRAME_TEXT:
		mend_text(&f->text);
		break;
	case FRAME_PROC:
		mend_proc(&f->proc);
		break;
	case FRAME_THREAD:
		mend_thread(&f->thread);
		break;
	case FRAME_LOCK:
		mend_lock(&f->lock);
		break;
	case FRAME_CONTROL:
		mend_control(&f->control);
		break;
	case FRAME_QUEUE:
		f->queue.index = object_within(f->queue.index);
		break;
	case FRAME_MUTEX:
		f->mutex.index = (uint8_t)object_within(f->mutex.index);
		break;
	case FRAME_EXECUTOR:
		mend_executor(&f->executor);
		break;
	case FRAME_FUTURE:
		mend_future(&f->future);
		break;
	case FRAME_MEASURE:
		f->measure.kind =
		    (uint8_t)within(f->measure.kind, EXECUTOR_KINDS);
		break;
	case FRAME_TRACE:
		mend_trace(&f->trace);
		break;
	case FRAME_COMMAND:
		f->command.op =
		    COMMAND_LOCK + within(f->command.op - 1, COMMAND_COUNT - 1);
		break;
	default:
		mend_lab(f);
	}
}

/* ---- of a seed: splitmix64 ---- */

static uint64_t
draw(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

static unsigned
draw_below(uint64_t *seed, unsigned limit)
{
	return (unsigned)(draw(seed) % limit);
}

/* Mostly small; else an edge, of 8 bits to 64, or anything. */
static uint64_t
draw_number(uint64_t *seed)
{
	static const uint64_t edge[] = {0, 1, 127, 128, 255, 32767, 65535,
	    INT32_MAX, (uint64_t)INT32_MAX + 1, UINT32_MAX, INT64_MAX,
	    (uint64_t)INT64_MAX + 1, UINT64_MAX, UINT64_MAX - 1};
	unsigned how = draw_below(seed, 8);

	if (how < 5)
		return draw_below(seed, how < 2 ? 2 : SOME);
	if (how == 5)
		return draw(seed) >> draw_below(seed, 64);
	return edge[draw_below(seed, sizeof edge / sizeof edge[0])];
}

/* Numbers of one width after the other, whatever fields there are. */
static void
fill(struct frame *f, uint64_t *seed)
{
	static const unsigned char widths[] = {1, 2, 4, 8};

	for (size_t at = 0; at < sizeof f->bytes; at += 8) {
		unsigned width = widths[draw_below(seed, sizeof widths)];

		for (size_t i = 0; i < 8; i += width) {
			uint64_t n = draw_number(seed);

			memcpy(f->bytes + at + i, &n, width);
		}
	}
}

static int32_t
pid_of(unsigned slot)
{
	return (int32_t)(FIRST_PID + slot);
}

static int32_t
tid_of(unsigned slot, unsigned index)
{
	return (int32_t)(FIRST_PID + slot + index * FRAME_MAX_SLOTS);
}

static int32_t
some_tid(uint64_t *seed)
{
	unsigned slot = draw_below(seed, SOME), index = draw_below(seed, SOME);

	return draw_below(seed, 4) == 0 ? 0 : tid_of(slot, index);
}

/* Ids that go with the place. */
static void
place(struct frame *f, unsigned slot, unsigned index)
{
	f->pid = pid_of(slot);
	f->tid = tid_of(slot, index);
}

static void
place_frame(struct frame *f, uint64_t *seed)
{
	switch (f->type) {
	case FRAME_PROC:
		place(f, f->proc.slot, 0);
		f->proc.ppid = pid_of(draw_below(seed, 2));
		break;
	case FRAME_THREAD:
		place(f, f->thread.slot, f->thread.index);
		f->thread.owner = some_tid(seed);
		break;
	case FRAME_STEP:
		place(f, f->step.slot, f->step.index);
		f->step.owner = some_tid(seed);
		break;
	case FRAME_TRACE:
		place(f, f->trace.slot, f->trace.index);
		f->trace.other = some_tid(seed);
		break;
	case FRAME_LOCK:
		f->lock.holder = some_tid(seed);
		break;
	case FRAME_MUTEX:
		f->mutex.holder = some_tid(seed);
		break;
	default:
		f->tid = some_tid(seed);
	}
}

/* What is easily printed, and what must not be. */
static size_t
draw_text(char text[FRAME_TEXT_LEN * FRAME_TEXT_PARTS + 1], uint64_t *seed)
{
	static const char *const piece[] = {"a", " ", "12 ", "b STORE sum: 1",
	    "lost", "\33[2J", "\a", "\302\233", "\342\200\256", "\346\274\242",
	    "\314\201", "\360\237\230\200", "\377", "\343\201", "\177", "a1b2",
	    "=", "race,threads=2:a1", "%s", "\t", "\303\251",
	    "a word and another one"};
	size_t limit = FRAME_TEXT_LEN * FRAME_TEXT_PARTS, len = 0;
	unsigned n = draw_below(seed, 8) == 0 ? 200 : draw_below(seed, 12);

	for (unsigned i = 0; i < n; i++) {
		const char *p =
		    piece[draw_below(seed, sizeof piece / sizeof piece[0])];
		size_t more = strlen(p);

		if (len + more > limit)
			break;
		memcpy(text + len, p, more);
		len += more;
	}
	text[len] = '\0';
	return len;
}

/* Of a text: two small numbers, the one above the other. */
static uint32_t
draw_index(uint64_t *seed)
{
	uint32_t low = (uint32_t)draw_number(seed);
	uint32_t high = (uint32_t)draw_below(seed, SOME);

	return draw_below(seed, 2) == 0
	    ? low
	    : high << 8 * draw_below(seed, 4) | low % SOME;
}

static int
make_text(struct frame out[FRAME_TEXT_PARTS], uint64_t *seed)
{
	char text[FRAME_TEXT_LEN * FRAME_TEXT_PARTS + 1];
	unsigned kind = 1 + draw_below(seed, TEXT_SPOILT + 1);
	uint32_t index = draw_index(seed);

	draw_text(text, seed);
	return frame_from_text(out, (enum frame_text)kind, index, text);
}

int
shape_make(struct frame out[FRAME_TEXT_PARTS], unsigned type, uint64_t seed)
{
	static const uint8_t types[] = {FRAME_TEXT, FRAME_PROC, FRAME_THREAD,
	    FRAME_ITEM_QUEUE, FRAME_SUM, FRAME_LOCK, FRAME_CONTROL, FRAME_QUEUE,
	    FRAME_MUTEX, FRAME_EXECUTOR, FRAME_FUTURE, FRAME_MEASURE,
	    FRAME_SCHEDULE, FRAME_STEP, FRAME_LATENCY, FRAME_LOCK_ORDER,
	    FRAME_EXPLORE, FRAME_TRACE, FRAME_OUTCOME, FRAME_THREAD,
	    FRAME_THREAD, FRAME_TRACE, FRAME_TEXT, FRAME_BYE, FRAME_COMMAND,
	    FRAME_HELLO};

	out[0] = (struct frame){.type = types[type % sizeof types]};
	if (out[0].type == FRAME_TEXT)
		return make_text(out, &seed);
	fill(&out[0], &seed);
	shape_mend(&out[0]);
	if (draw_below(&seed, 16) == 0)
		out[0].pid = out[0].tid = (int32_t)draw_below(&seed, INT32_MAX);
	else
		place_frame(&out[0], &seed);
	return 1;
}

int
shape_begin(struct frame out[FRAME_TEXT_PARTS], uint64_t seed)
{
	out[0] = (struct frame){.type = FRAME_HELLO,
	    .pid = FIRST_PID,
	    .hello = {.processes = (uint16_t)(1 + draw_below(&seed, SOME)),
		.threads = (uint16_t)(1 + draw_below(&seed, SOME)),
		.demo = "race"}};
	out[1] = (struct frame){.type = FRAME_CONTROL,
	    .pid = FIRST_PID,
	    .control = {.start = 1,
		.speed = 1000,
		.phase = PHASE_RUNNING,
		.program = (uint8_t)draw_below(&seed, 2),
		.sum_mode = (uint8_t)draw_below(&seed, 2)}};
	shape_mend(&out[0]);
	shape_mend(&out[1]);
	return 2;
}
