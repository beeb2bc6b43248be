/* lint_queues: queues that are full, joined forever, short of sentinels. */
#include <stdio.h>

#include "model/lints_priv.h"
#include "model/model_waits.h"
#include "wire/wait_graph.h"

/* ---- stuck ---- */

struct stuck {
	const struct model *m;
	unsigned queue;
	struct wait_link link;
};

/* The first thread in this state over this queue gives the sentence a name. */
static bool
lint_is_stuck(
    void *arg, const struct model_proc *p, const struct model_thread *t)
{
	struct stuck *k = arg;

	if (t->now.state != k->link.state || t->now.object != k->queue)
		return false;
	waits_name(k->m, (struct waiter){p, t}, k->link.who);
	return true;
}

static void
lint_say_stuck(const struct model *m, enum frame_state state, unsigned queue,
    const struct wait_facts *f, char text[LINT_TEXT])
{
	struct stuck k = {.m = m,
	    .queue = queue,
	    .link = {.state = state, .who = "a thread"}};
	struct wait_text t = {.buf = text, .size = LINT_TEXT};
	char name[MODEL_NAME];

	lint_threads(m, lint_is_stuck, &k);
	snprintf(k.link.object, WAIT_NAME, "queue '%s'",
	    model_queue_name(m, queue, name));
	wait_add(&t, "%s ", k.link.who);
	wait_add_end(&t, &k.link, f, NULL);
}

/*
 * Every thread waits, and main waits for another to end: no thread is left to
 * put a sentinel for those that still get.
 */
bool
lint_sentinels(const struct lint_sight *s, char text[LINT_TEXT])
{
	const struct model *m = s->m;
	const struct model_proc *main = model_main(m);

	if (!m->control.program || main == NULL || !lint_all_wait(m))
		return false;
	if (main->now.ended == ENDED_NOT && main->nthreads > 0 &&
	    !state_waits_for(main->threads[0].now.state, OBJECT_THREAD))
		return false;
	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		const struct frame_queue *f = &m->queue[i].now;
		struct wait_facts facts = {.known = true,
		    .put = f->put,
		    .done = f->done,
		    .unfinished = f->put != f->done,
		    .sentinels = f->sentinels,
		    .consumers = f->sentinels + f->getters};

		if (!m->queue[i].known || f->getters == 0 ||
		    (f->flags & (QUEUE_PIPE | QUEUE_CLOSED)) != 0 ||
		    f->put != f->got || f->putters != 0)
			continue;
		lint_say_stuck(m, STATE_WAIT_QUEUE, i, &facts, text);
		return true;
	}
	return false;
}

bool
lint_join(const struct lint_sight *s, char text[LINT_TEXT])
{
	const struct model *m = s->m;

	if (!m->control.program || !lint_all_wait(m))
		return false;
	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		const struct frame_queue *f = &m->queue[i].now;
		uint64_t open = f->put > f->done ? f->put - f->done : 0;
		struct wait_facts facts = {
		    .known = true, .put = f->put, .unfinished = (unsigned)open};

		if (!m->queue[i].known || f->joiners == 0 || open == 0 ||
		    f->put != f->got)
			continue;
		lint_say_stuck(m, STATE_WAIT_JOIN, i, &facts, text);
		return true;
	}
	return false;
}

/* ---- full ---- */

struct blocked {
	const struct lint_sight *s;
	char *text;
};

static bool
lint_is_blocked(
    void *arg, const struct model_proc *p, const struct model_thread *t)
{
	struct blocked *b = arg;
	const struct model *m = b->s->m;
	const struct frame_queue *f = &m->queue[t->now.object].now;
	char name[MODEL_NAME], who[WAITER_NAME];
	unsigned long long depth = f->put > f->got ? f->put - f->got : 0;

	if (lint_state(t)->wants != WANTS_ROOM || t->now.object == 0 ||
	    !m->queue[t->now.object].known || f->capacity == 0 ||
	    depth < f->capacity || lint_age(b->s->now, t) < LINT_PACE)
		return false;
	waits_name(m, (struct waiter){p, t}, who);
	lint_say(b->text, "%s waits for room in %s: %llu of %u are in it, %s",
	    who, model_queue_name(m, t->now.object, name), depth, f->capacity,
	    f->getters == 0 ? "and no thread takes one"
			    : "the consumers are slower");
	return true;
}

bool
lint_producer(const struct lint_sight *s, char text[LINT_TEXT])
{
	struct blocked b = {.s = s, .text = text};

	return s->m->control.program && lint_threads(s->m, lint_is_blocked, &b);
}
