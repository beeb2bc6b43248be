/* lint_queues: a program's queues: full, joined in vain, short of sentinels. */
#include "model/lints_priv.h"
#include "model/wait_graph.h"

/*
 * Everybody waits and main waits for the end of somebody: nobody is left who
 * would put a sentinel for those that still get.
 */
bool
lint_sentinels(const struct lint_sight *s, char text[LINT_TEXT])
{
	const struct model *m = s->m;
	const struct model_proc *main = model_main(m);
	char name[MODEL_NAME];

	if (!m->control.program || main == NULL || !lint_all_wait(m))
		return false;
	if (main->now.ended == ENDED_NOT && main->nthreads > 0 &&
	    !state_waits_for(main->threads[0].now.state, OBJECT_THREAD))
		return false;
	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		const struct frame_queue *f = &m->queue[i].now;

		if (!m->queue[i].known || f->getters == 0 ||
		    (f->flags & (QUEUE_PIPE | QUEUE_CLOSED)) != 0 ||
		    f->put != f->got || f->putters != 0)
			continue;
		lint_say(text,
		    "%u sentinel%s put into %s, and %u more worker%s wait%s "
		    "for one: each needs its own",
		    f->sentinels, f->sentinels == 1 ? "" : "s",
		    model_queue_name(m, i, name), f->getters,
		    f->getters == 1 ? "" : "s", f->getters == 1 ? "s" : "");
		return true;
	}
	return false;
}

bool
lint_join(const struct lint_sight *s, char text[LINT_TEXT])
{
	const struct model *m = s->m;
	char name[MODEL_NAME];

	if (!m->control.program || !lint_all_wait(m))
		return false;
	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		const struct frame_queue *f = &m->queue[i].now;
		uint64_t open = f->put > f->done ? f->put - f->done : 0;

		if (!m->queue[i].known || f->joiners == 0 || open == 0 ||
		    f->put != f->got)
			continue;
		lint_say(text,
		    "join of %s waits for %llu item%s that %s got and never "
		    "marked done",
		    model_queue_name(m, i, name), (unsigned long long)open,
		    open == 1 ? "" : "s", open == 1 ? "was" : "were");
		return true;
	}
	return false;
}

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
	char name[MODEL_NAME], who[CIRCLE_NAME];
	unsigned long long depth = f->put > f->got ? f->put - f->got : 0;

	if (state_info(t->now.state)->wants != WANTS_ROOM ||
	    t->now.object == 0 || !m->queue[t->now.object].known ||
	    f->capacity == 0 || depth < f->capacity ||
	    lint_age(b->s->now, t) < LINT_PACE)
		return false;
	wait_graph_name(m, (struct circle_thread){p, t}, who);
	lint_say(b->text, "%s waits for room in %s: %llu of %u are in it, %s",
	    who, model_queue_name(m, t->now.object, name), depth, f->capacity,
	    f->getters == 0 ? "and nobody is there to take one"
			    : "who takes is slower than who puts");
	return true;
}

bool
lint_producer(const struct lint_sight *s, char text[LINT_TEXT])
{
	struct blocked b = {.s = s, .text = text};

	return s->m->control.program && lint_threads(s->m, lint_is_blocked, &b);
}
