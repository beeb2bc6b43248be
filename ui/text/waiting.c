/* waiting: what a thread waits for, and which thread it waits for, in words. */
#include "text/waiting.h"

#include <stdio.h>
#include <string.h>

#include "wire/state.h"

/*
 * A program's own processes and threads have names that say enough: a process's
 * first thread needs no name of its own, and a thread of the same process needs
 * no process name.
 */
static void
waiting_name_in_program(const struct model_proc *here,
    const struct model_proc *proc, const struct model_thread *t, bool brief,
    char buf[WAITS_LEN])
{
	if (proc == here)
		snprintf(buf, WAITS_LEN, "%s", t->name);
	else if (t->now.index == 0)
		snprintf(buf, WAITS_LEN, "%s", proc->name);
	else if (brief)
		snprintf(buf, WAITS_LEN, "%s", t->name);
	else
		snprintf(buf, WAITS_LEN, "%s/%s", proc->name, t->name);
}

static bool
waiting_owner_of(const struct model *m, const struct model_proc *here,
    const struct model_thread *t, bool brief, char buf[WAITS_LEN])
{
	const struct model_proc *proc;
	const struct model_thread *other;

	if (t->now.owner == 0)
		return false;
	other = model_thread_by_tid(m, t->now.owner, &proc);
	if (other == NULL)
		snprintf(buf, WAITS_LEN, "tid %d", (int)t->now.owner);
	else if (m->control.program)
		waiting_name_in_program(here, proc, other, brief, buf);
	else if (brief)
		snprintf(buf, WAITS_LEN, "%s", other->name);
	else
		snprintf(buf, WAITS_LEN, "%s/%s", proc->name, other->name);
	return true;
}

bool
waiting_owner(const struct model *m, const struct model_proc *proc,
    const struct model_thread *t, bool brief, char buf[WAITS_LEN])
{
	return !state_waits_for(t->now.state, OBJECT_THREAD) &&
	    waiting_owner_of(m, proc, t, brief, buf);
}

const char *
waiting_object(const struct model *m, const struct model_proc *proc,
    const struct model_thread *t, char buf[WAITS_LEN])
{
	unsigned object = t->now.object;
	char name[MODEL_NAME];
	const char *text = name;

	if (state_waits_for(t->now.state, OBJECT_THREAD))
		return waiting_owner_of(m, proc, t, true, buf) ? buf : NULL;
	if (object == 0)
		return NULL;
	switch (state_info(t->now.state)->object) {
	case OBJECT_LOCK:
		text = model_mutex_name(m, object, name);
		break;
	case OBJECT_QUEUE:
	case OBJECT_PIPE:
		text = model_queue_name(m, object, name);
		break;
	case OBJECT_EXECUTOR:
		text = model_executor_name(m, object, name);
		break;
	case OBJECT_THREAD:
	case OBJECT_NONE:
		return NULL;
	}
	snprintf(buf, WAITS_LEN, "%s", text);
	return buf;
}

/* Why it waits at a queue, if that is still so. */
static const char *
waiting_matter(const struct model *m, const struct model_thread *t)
{
	const struct state_info *s = state_info(t->now.state);
	const struct model_queue *q = &m->queue[t->now.object];

	if (s->object != OBJECT_QUEUE)
		return "";
	if (s->wants == WANTS_ONE && model_depth(q) == 0)
		return " (empty)";
	if (s->wants == WANTS_ROOM && q->now.capacity > 0 &&
	    model_depth(q) >= q->now.capacity)
		return " (full)";
	return "";
}

void
waiting_for(const struct model *m, const struct model_proc *proc,
    const struct model_thread *t, char buf[WAITS_LEN])
{
	const struct state_info *s = state_info(t->now.state);
	char space[WAITS_LEN];
	const char *name = waiting_object(m, proc, t, space);

	if (name == NULL) {
		snprintf(buf, WAITS_LEN, "%s",
		    s->waits_for != NULL ? s->waits_for : "");
		return;
	}
	/* Even if the name is long, the end of the phrase is visible. */
	int room = WAITS_LEN - (int)strlen(s->named) - 10;
	const char *at = strstr(s->named, "%s");
	snprintf(buf, WAITS_LEN, "%.*s%.*s%s%s", (int)(at - s->named), s->named,
	    room, name, at + 2, waiting_matter(m, t));
}
