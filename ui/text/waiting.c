/* waiting: for what a thread waits, and because of whom, in words. */
#include "text/waiting.h"

#include <stdio.h>

#include "style/theme.h"

/*
 * A program's own processes and threads have names that say enough: of a
 * process its first thread needs none, and of a thread beside it no process.
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

/* For these the one that they wait for is what they wait for. */
static bool
waiting_is_for_owner(unsigned state)
{
	return state == STATE_WAIT_THREAD || state == STATE_WAIT_PROCESS;
}

bool
waiting_owner(const struct model *m, const struct model_proc *proc,
    const struct model_thread *t, bool brief, char buf[WAITS_LEN])
{
	return !waiting_is_for_owner(t->now.state) &&
	    waiting_owner_of(m, proc, t, brief, buf);
}

static void
waiting_for_owner(const struct model *m, const struct model_proc *proc,
    const struct model_thread *t, char buf[WAITS_LEN])
{
	char name[WAITS_LEN];
	bool thread = t->now.state == STATE_WAIT_THREAD;

	if (waiting_owner_of(m, proc, t, true, name))
		snprintf(buf, WAITS_LEN, "%.*s to end", WAITS_LEN - 8, name);
	else
		snprintf(
		    buf, WAITS_LEN, "%s", thread ? "a thread" : "a process");
}

/* A queue or pipe, and what is the matter with it. */
static void
waiting_for_queue(const struct model *m, const struct model_thread *t,
    const char *verb, char buf[WAITS_LEN])
{
	const struct model_queue *f = &m->queue[t->now.object];
	uint64_t depth = model_depth(f);
	const char *what = "", *name;
	char number[MODEL_NAME];

	name = model_queue_name(m, t->now.object, number);
	switch (t->now.state) {
	case STATE_WAIT_PIPE:
		snprintf(buf, WAITS_LEN, "%s: empty", name);
		return;
	case STATE_WRITING:
		snprintf(buf, WAITS_LEN, "%s: full", name);
		return;
	case STATE_WAIT_PUT:
		if (f->now.capacity > 0 && depth >= f->now.capacity)
			what = " (full)";
		break;
	case STATE_WAIT_QUEUE:
		if (depth == 0)
			what = " (empty)";
		break;
	default:
		break;
	}
	snprintf(buf, WAITS_LEN, "%s %s%s", verb, name, what);
}

void
waiting_for(const struct model *m, const struct model_proc *proc,
    const struct model_thread *t, char buf[WAITS_LEN])
{
	const char *waits = theme_state(t->now.state)->waits;
	unsigned object = t->now.object;
	char name[MODEL_NAME];

	snprintf(buf, WAITS_LEN, "%s", waits != NULL ? waits : "");
	if (waiting_is_for_owner(t->now.state)) {
		waiting_for_owner(m, proc, t, buf);
		return;
	}
	if (object == 0)
		return;
	switch ((enum frame_state)t->now.state) {
	case STATE_WAIT_LOCK:
		snprintf(buf, WAITS_LEN, "lock %s",
		    model_mutex_name(m, object, name));
		break;
	case STATE_WAIT_QUEUE:
		waiting_for_queue(m, t, "get", buf);
		break;
	case STATE_WAIT_PUT:
		waiting_for_queue(m, t, "put", buf);
		break;
	case STATE_WAIT_JOIN:
		waiting_for_queue(m, t, "join", buf);
		break;
	case STATE_WAIT_PIPE:
	case STATE_WRITING:
		waiting_for_queue(m, t, "", buf);
		break;
	case STATE_WAIT_FUTURE:
		snprintf(buf, WAITS_LEN, "future of %s",
		    model_executor_name(m, object, name));
		break;
	case STATE_WAIT_TASK:
		snprintf(buf, WAITS_LEN, "a task of %s",
		    model_executor_name(m, object, name));
		break;
	default:
		break;
	}
}
