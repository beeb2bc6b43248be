/*
 * objects: what a program has created (queues, locks, executors, futures), what
 * it has printed and found, and why its threads wait forever.
 *
 * frame_check() has checked the numbers; rows and texts are checked here.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_priv.h"

#define NUMBER_BITS 24 /* of a future, in the index of its text */
#define NUMBER_MASK ((1U << NUMBER_BITS) - 1)

static unsigned
objects_futures_kept(const struct model *m)
{
	return m->futures_total < MODEL_MAX_FUTURES ? (unsigned)m->futures_total
						    : MODEL_MAX_FUTURES;
}

/*
 * A place for the future of this number, taken from the oldest one if
 * necessary. Futures come in order, so the one after the last is tried first.
 */
static struct model_future *
objects_future_of(struct model *m, unsigned executor, uint32_t number)
{
	unsigned kept = objects_futures_kept(m);

	for (unsigned i = 0; i < kept; i++) {
		unsigned at = (m->priv->future + i) % kept;
		struct model_future *f = &m->future[at];

		if (f->now.executor == executor &&
		    (f->now.number & NUMBER_MASK) == (number & NUMBER_MASK)) {
			m->priv->future = (at + 1) % kept;
			return f;
		}
	}

	struct model_future *f =
	    &m->future[m->futures_total++ % MODEL_MAX_FUTURES];

	*f = (struct model_future){
	    .now = {.executor = (uint8_t)executor, .number = number}};
	return f;
}

void
model_take_future(struct model *m, const struct frame *f)
{
	struct model_future *to =
	    objects_future_of(m, f->future.executor, f->future.number);

	to->now = f->future;
	to->seen = f->ns;
	to->known = true;
}

void
model_take_measure(struct model *m, const struct frame *f)
{
	unsigned row = f->measure.index;

	if (row >= MODEL_MAX_MEASURES)
		return;
	m->measure[row] = f->measure;
	m->measured[row] = true;
}

void
model_take_queue(struct model *m, const struct frame *f)
{
	m->queue[f->queue.index].now = f->queue;
	m->queue[f->queue.index].known = true;
}

void
model_take_mutex(struct model *m, const struct frame *f)
{
	m->mutex[f->mutex.index].now = f->mutex;
	m->mutex[f->mutex.index].known = true;
}

void
model_take_executor(struct model *m, const struct frame *f)
{
	m->executor[f->executor.index].now = f->executor;
	m->executor[f->executor.index].known = true;
}

static void
objects_output(struct model *m, const char *text, size_t len)
{
	struct model_log *line =
	    &m->output[m->output_total++ % MODEL_MAX_OUTPUT];

	line->ns = m->now;
	line->kind = LINE_OUTPUT;
	model_clean(line->text, sizeof line->text, text, len);
	model_line(m, LINE_OUTPUT, text, len);
}

/* "value name" */
static void
objects_result(struct model *m, uint32_t index, const char *text, size_t len)
{
	char line[MODEL_LINE + 1], *end;

	if (index >= MODEL_MAX_RESULTS)
		return;
	if (len > MODEL_LINE)
		len = MODEL_LINE;
	memcpy(line, text, len);
	line[len] = '\0';
	errno = 0;

	long long value = strtoll(line, &end, 10);

	if (end == line || *end != ' ' || end[1] == '\0' || errno != 0)
		return;
	m->result[index].value = value;
	end++;
	model_clean(m->result[index].name, sizeof m->result[index].name, end,
	    strlen(end));
}

static void
objects_name(char to[MODEL_NAME], const char *text, size_t len)
{
	if (len > 0)
		model_clean(to, MODEL_NAME, text, len);
}

void
model_object_text(struct model *m, enum frame_text kind, uint32_t index,
    const char *text, size_t len)
{
	bool object = index >= 1 && index <= FRAME_MAX_OBJECTS;
	unsigned executor = index >> NUMBER_BITS;

	if (kind == TEXT_QUEUE && object)
		objects_name(m->queue[index].name, text, len);
	else if (kind == TEXT_MUTEX && object)
		objects_name(m->mutex[index].name, text, len);
	else if (kind == TEXT_EXECUTOR && object)
		objects_name(m->executor[index].name, text, len);
	else if (kind == TEXT_FUTURE && executor >= 1)
		model_clean(
		    objects_future_of(m, executor, index & NUMBER_MASK)->label,
		    MODEL_LABEL, text, len);
	else if (kind == TEXT_FAILURE && executor >= 1)
		model_clean(
		    objects_future_of(m, executor, index & NUMBER_MASK)->why,
		    MODEL_WHY, text, len);
	else if (kind == TEXT_REASON)
		model_reason_text(m, index, text, len);
	else if (kind == TEXT_OUTPUT)
		objects_output(m, text, len);
	else if (kind == TEXT_RESULT)
		objects_result(m, index, text, len);
}

static const char *
objects_named(
    const char *name_, const char *what, unsigned number, char buf[MODEL_NAME])
{
	if (name_ != NULL && name_[0] != '\0')
		return name_;
	snprintf(buf, MODEL_NAME, "%s %u", what, number);
	return buf;
}

const char *
model_queue_name(const struct model *m, unsigned number, char buf[MODEL_NAME])
{
	const struct model_queue *f = &m->queue[number % MODEL_OBJECTS];

	return objects_named(
	    f->name, f->now.flags & QUEUE_PIPE ? "pipe" : "queue", number, buf);
}

const char *
model_mutex_name(const struct model *m, unsigned number, char buf[MODEL_NAME])
{
	return objects_named(
	    m->mutex[number % MODEL_OBJECTS].name, "lock", number, buf);
}

const char *
model_executor_name(
    const struct model *m, unsigned number, char buf[MODEL_NAME])
{
	return objects_named(
	    m->executor[number % MODEL_OBJECTS].name, "executor", number, buf);
}

const char *
model_future_label(const struct model_future *f, char buf[MODEL_LABEL])
{
	if (f->label[0] != '\0')
		return f->label;
	snprintf(buf, MODEL_LABEL, "%s", "task");
	return buf;
}

const char *
model_future_why(const struct model_future *f)
{
	return f->why[0] != '\0' ? f->why : strerror(f->now.error);
}

uint64_t
model_depth(const struct model_queue *f)
{
	return f->now.put > f->now.got ? f->now.put - f->now.got : 0;
}

struct model_futures
model_futures(const struct model *m)
{
	struct model_futures n = {.executors = 0};

	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		const struct frame_executor *e = &m->executor[i].now;

		if (!m->executor[i].known)
			continue;
		n.executors++;
		n.pending += e->pending;
		n.running += e->running;
		n.done += e->done;
		n.failed += e->failed;
		n.cancelled += e->cancelled;
	}
	return n;
}

const struct model_future *
model_future_at(const struct model *m, unsigned n)
{
	unsigned kept = objects_futures_kept(m);

	if (n >= kept)
		return NULL;
	return &m->future[(m->futures_total - kept + n) % MODEL_MAX_FUTURES];
}

const struct model_future *
model_future_of(const struct model *m, unsigned slot, unsigned index)
{
	for (unsigned i = objects_futures_kept(m); i-- > 0;) {
		const struct frame_future *f = &m->future[i].now;

		if (f->state == FUTURE_RUNNING && m->future[i].known &&
		    f->slot == slot && f->index == index && slot > 0)
			return &m->future[i];
	}
	return NULL;
}

const struct model_log *
model_output_at(const struct model *m, unsigned n)
{
	uint64_t kept = m->output_total < MODEL_MAX_OUTPUT ? m->output_total
							   : MODEL_MAX_OUTPUT;

	if (n >= kept)
		return NULL;
	return &m->output[(m->output_total - kept + n) % MODEL_MAX_OUTPUT];
}

const struct frame_measure *
model_measure(const struct model *m, enum frame_executor_kind kind, bool gil)
{
	for (unsigned i = MODEL_MAX_MEASURES; i-- > 0;) {
		const struct frame_measure *r = &m->measure[i];

		if (m->measured[i] && r->kind == kind && (r->gil != 0) == gil)
			return r;
	}
	return NULL;
}

bool
model_measured(const struct model *m)
{
	for (unsigned i = 0; i < MODEL_MAX_MEASURES; i++)
		if (m->measured[i])
			return true;
	return false;
}

const char *
model_kind_name(unsigned kind)
{
	static const char *const names[EXECUTOR_KINDS] = {
	    [EXECUTOR_SEQUENTIAL] = "sequential",
	    [EXECUTOR_THREADS] = "threads",
	    [EXECUTOR_PROCESSES] = "processes",
	    [EXECUTOR_HYBRID] = "hybrid",
	};

	return kind < EXECUTOR_KINDS ? names[kind] : "?";
}
