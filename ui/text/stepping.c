/* stepping: a run whose threads stop at gates, in words. */
#include "text/stepping.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text/waiting.h"
#include "wire/wait_graph.h"

bool
stepping_gated(const struct model *m)
{
	return m->lab.scheduler != SCHEDULER_NONE;
}

bool
stepping_by_hand(const struct model *m)
{
	return m->lab.scheduler == SCHEDULER_HAND && !m->ended && !m->broken;
}

bool
stepping_is_stuck(const struct model *m)
{
	return stepping_gated(m) && !m->ended && m->lab.flags & SCHEDULE_STUCK;
}

bool
stepping_undoes(const struct model *m)
{
	return m->lab.taken > 0 && (m->lab.flags & SCHEDULE_SPOILT) == 0 &&
	    (m->ended || stepping_by_hand(m));
}

bool
stepping_shown(const struct model *m)
{
	return stepping_gated(m) || m->lab.taken > 0;
}

bool
stepping_lives(const struct model_proc *p, const struct model_thread *t)
{
	return t->tid != 0 && p->now.ended == ENDED_NOT &&
	    !state_is_gone(p->now.state) && !state_is_gone(t->now.state);
}

/* Iterates over the live threads of all processes but the supervisor. */
struct each {
	unsigned slot;
	unsigned next; /* index of the next one to look at */
	const struct model_proc *p;
	const struct model_thread *t;
};

static bool
stepping_each_next(const struct model *m, struct each *e)
{
	if (e->slot == 0)
		e->slot = 1;
	for (; e->slot < m->nslots; e->slot++, e->next = 0) {
		e->p = m->slot[e->slot];
		while (e->p != NULL && e->next < e->p->nthreads) {
			e->t = &e->p->threads[e->next++];
			if (stepping_lives(e->p, e->t))
				return true;
		}
	}
	return false;
}

const struct model_thread *
stepping_find(
    const struct model *m, unsigned letter, const struct model_proc **proc)
{
	struct each e = {.slot = 0};

	while (letter != 0 && stepping_each_next(m, &e)) {
		if (model_step(e.t)->letter != letter)
			continue;
		*proc = e.p;
		return e.t;
	}
	return NULL;
}

bool
stepping_may_go(const struct model_thread *t)
{
	return model_step(t)->point != POINT_NONE &&
	    (model_step(t)->flags & STEP_BLOCKED) == 0;
}

/* ---- operations ---- */

static const char *const verbs[POINT_COUNT] = {
    [POINT_NONE] = "",
    [POINT_LOAD] = "LOAD",
    [POINT_ADD] = "ADD",
    [POINT_STORE] = "STORE",
    [POINT_FETCH_ADD] = "FETCH_ADD",
    [POINT_SWAP] = "SWAP",
    [POINT_LOCK] = "LOCK",
    [POINT_UNLOCK] = "UNLOCK",
    [POINT_TAKE] = "TAKE",
    [POINT_GIVE] = "GIVE",
    [POINT_EAT] = "EAT",
    [POINT_GET] = "GET",
    [POINT_PUT] = "PUT",
    [POINT_DONE] = "DONE",
    [POINT_JOIN] = "JOIN",
    [POINT_TASK] = "TASK",
    [POINT_SLEEP] = "SLEEP",
    [POINT_WAIT] = "WAIT",
};

/* The name of the object it works on. */
static const char *
stepping_thing(
    const struct model *m, const struct frame_step *s, char buf[MODEL_NAME])
{
	switch ((enum frame_thing)s->thing) {
	case THING_SUM:
	case THING_LOCK:
		return "sum";
	case THING_ITEM_QUEUE: /* the item in hand comes from it: no news */
		return s->point == POINT_TASK ? "" : "queue";
	case THING_QUEUE:
	case THING_PIPE:
		return model_queue_name(m, s->object, buf);
	case THING_MUTEX:
		return model_mutex_name(m, s->object, buf);
	case THING_EXECUTOR:
		return model_executor_name(m, s->object, buf);
	default:
		return "";
	}
}

/* What blocks it there, as a suffix. */
static const char *
stepping_matter(const struct frame_step *s)
{
	if ((s->flags & STEP_BLOCKED) == 0)
		return "";
	switch ((enum frame_point)s->point) {
	case POINT_GET:
		return ": empty";
	case POINT_PUT:
		return ": full";
	case POINT_TAKE:
		return s->owner == 0 ? ": none left" : "";
	case POINT_JOIN:
		return ": not all done";
	case POINT_TASK:
		return ": none";
	default:
		return "";
	}
}

static void
stepping_number(
    const struct model *m, const char *verb, int64_t n, char buf[STEPPING_LEN])
{
	if (m->masked)
		snprintf(buf, STEPPING_LEN, "%s ?", verb);
	else
		snprintf(buf, STEPPING_LEN, "%s %" PRId64, verb, n);
}

/* If the wait is over, there is nothing left to name. */
static void
stepping_wait(const struct model *m, const struct model_proc *p,
    const struct model_thread *t, char buf[STEPPING_LEN])
{
	char stepping_what[WAITS_LEN];

	waiting_for(m, p, t, stepping_what);
	if ((model_step(t)->flags & STEP_BLOCKED) == 0)
		snprintf(buf, STEPPING_LEN, "CONTINUE");
	else
		snprintf(buf, STEPPING_LEN, "WAIT %.*s", STEPPING_LEN - 6,
		    stepping_what[0] != '\0' ? stepping_what : "its turn");
}

void
stepping_operation(const struct model *m, const struct model_proc *p,
    const struct model_thread *t, char buf[STEPPING_LEN])
{
	const struct frame_step *s = model_step(t);
	const char *verb = verbs[s->point], *on;
	char name[MODEL_NAME];

	switch ((enum frame_point)s->point) {
	case POINT_ADD:
	case POINT_FETCH_ADD:
		snprintf(buf, STEPPING_LEN, "%s %" PRId64, verb, s->amount);
		break;
	case POINT_STORE:
	case POINT_SWAP:
		stepping_number(m, verb, s->value, buf);
		break;
	case POINT_EAT:
		snprintf(buf, STEPPING_LEN, "%s, %" PRId64 " so far", verb,
		    s->value);
		break;
	case POINT_WAIT:
		stepping_wait(m, p, t, buf);
		break;
	default:
		on = stepping_thing(m, s, name);
		snprintf(buf, STEPPING_LEN, "%s%s%s%s", verb,
		    on[0] != '\0' ? " " : "", on, stepping_matter(s));
	}
}

/* ---- blocked ---- */

static void
stepping_name_of(const struct model *m, const struct model_proc *here,
    int32_t tid, bool brief, char buf[STEPPING_LEN])
{
	const struct model_proc *proc;
	const struct model_thread *t = model_thread_by_tid(m, tid, &proc);
	char letter[LETTER_TEXT];

	if (t == NULL)
		snprintf(buf, STEPPING_LEN, "tid %d", (int)tid);
	else if (brief && model_step(t)->letter != 0)
		snprintf(buf, STEPPING_LEN, "%s",
		    letter_format(model_step(t)->letter, letter));
	else if (proc == here || t->now.index > 0)
		snprintf(buf, STEPPING_LEN, "%s", t->name);
	else
		snprintf(buf, STEPPING_LEN, "%s", proc->name);
}

bool
stepping_blocker(const struct model *m, const struct model_proc *here,
    const struct model_thread *t, bool brief, char buf[STEPPING_LEN])
{
	if ((model_step(t)->flags & STEP_BLOCKED) == 0 ||
	    model_step(t)->owner == 0 || model_step(t)->point == POINT_WAIT)
		return false;
	stepping_name_of(m, here, model_step(t)->owner, brief, buf);
	return true;
}

/* "a thread-1": the letter, if it has one, and the name that rows have. */
static void
who(const struct model_proc *p, const struct model_thread *t,
    char buf[STEPPING_LEN])
{
	char space[LETTER_TEXT];
	const char *letter = letter_format(model_step(t)->letter, space);

	snprintf(buf, STEPPING_LEN, "%s%s%s", letter,
	    letter[0] != '\0' ? " " : "", t->now.index > 0 ? t->name : p->name);
}

/* The wait that a thread begins at these points; at others it has begun. */
static const enum frame_state stepping_begins[POINT_COUNT] = {
    [POINT_LOCK] = STATE_WAIT_LOCK,
    [POINT_TAKE] = STATE_WAIT_LOCK,
    [POINT_GET] = STATE_WAIT_QUEUE,
    [POINT_PUT] = STATE_WAIT_PUT,
    [POINT_JOIN] = STATE_WAIT_JOIN,
};

/* `named`: all threads are named, so its blocker needs only a letter. */
static void
stepping_describe(const struct model *m, const struct model_proc *p,
    const struct model_thread *t, bool named, struct wait_link *l)
{
	const struct frame_step *s = model_step(t);
	const struct model_thread *other;
	char name[WAITS_LEN];
	const char *object = name;

	*l = (struct wait_link){.state = stepping_begins[s->point]};
	who(p, t, l->who);
	if (l->state == STATE_STARTING) {
		l->state = (enum frame_state)t->now.state;
		object = waiting_object(m, p, t, name);
	} else
		object = stepping_thing(m, s, name);
	if (object != NULL)
		snprintf(l->object, WAIT_NAME, "%s%s",
		    s->point == POINT_TAKE ? "a permit of " : "", object);
	if (!stepping_blocker(m, p, t, true, l->owner))
		return;
	other = model_thread_by_tid(m, s->owner, &p);
	if (!named && other != NULL)
		who(p, other, l->owner);
}

void
stepping_blocked(const struct model *m, const struct model_proc *p,
    const struct model_thread *t, char buf[STEPPING_LEN])
{
	struct wait_text text = {.buf = buf, .size = STEPPING_LEN};
	struct wait_link l;

	stepping_describe(m, p, t, false, &l);
	wait_add_clause(&text, &l);
}

bool
stepping_refuses(const struct model *m, const struct model_proc *p,
    const struct model_thread *t, char buf[STEPPING_LEN])
{
	if (!stepping_lives(p, t))
		snprintf(buf, STEPPING_LEN, "%s has ended", t->name);
	else if (model_step(t)->point == POINT_NONE)
		snprintf(buf, STEPPING_LEN, "%s is not at its gate", t->name);
	else if (model_step(t)->flags & STEP_BLOCKED)
		stepping_blocked(m, p, t, buf);
	else
		return false;
	return true;
}

/* ---- the run ---- */

/* Threads that wait for others to end say least, so they come last. */
void
stepping_stuck(const struct model *m, char *buf, size_t size)
{
	struct wait_text text = {.buf = buf, .size = size};
	struct wait_link l;

	buf[0] = '\0';
	for (int waits = 0; waits <= 1; waits++) {
		struct each e = {.slot = 0};

		while (stepping_each_next(m, &e)) {
			unsigned point = model_step(e.t)->point;

			if (point == POINT_NONE ||
			    (point == POINT_WAIT) != (waits == 1))
				continue;
			stepping_describe(m, e.p, e.t, true, &l);
			wait_add_clause(&text, &l);
		}
	}
}

void
stepping_spoilt(const struct model *m, char *buf, size_t size)
{
	if ((m->lab.flags & SCHEDULE_SPOILT) == 0)
		buf[0] = '\0';
	else
		snprintf(buf, size, "%s",
		    m->spoilt[0] != '\0' ? m->spoilt : "see the log");
}

void
stepping_counts(const struct model *m, char buf[STEPPING_LEN])
{
	const struct frame_schedule *l = &m->lab;

	snprintf(buf, STEPPING_LEN, "%" PRIu32 " step%s, %" PRIu32 " switch%s",
	    l->taken, l->taken == 1 ? "" : "s", l->switches,
	    l->switches == 1 ? "" : "es");
}

static const char *const schedulers[SCHEDULER_COUNT] = {
    [SCHEDULER_NONE] = "free",
    [SCHEDULER_HAND] = "by hand",
    [SCHEDULER_GIVEN] = "as given",
    [SCHEDULER_RANDOM] = "random",
    [SCHEDULER_ROUND_ROBIN] = "round-robin",
    [SCHEDULER_PCT] = "pct",
};

/* A thread that is still on its way to its gate. */
static bool
stepping_still_running(const struct model *m, char buf[STEPPING_LEN])
{
	struct each e = {.slot = 0};

	if (m->ended || m->lab.flags & SCHEDULE_SETTLED)
		return false;
	while (stepping_each_next(m, &e)) {
		if (model_step(e.t)->point != POINT_NONE)
			continue;
		snprintf(buf, STEPPING_LEN, "waiting for %s", e.t->name);
		return true;
	}
	snprintf(buf, STEPPING_LEN, "waiting");
	return true;
}

void
stepping_who(const struct model *m, char buf[STEPPING_LEN])
{
	if (m->lab.scheduler != SCHEDULER_HAND ||
	    !stepping_still_running(m, buf))
		stepping_scheduler(m, buf);
}

void
stepping_scheduler(const struct model *m, char buf[STEPPING_LEN])
{
	const struct frame_schedule *l = &m->lab;
	int n;

	if (l->scheduler == SCHEDULER_HAND && l->flags & SCHEDULE_ENDED &&
	    l->taken == l->given) {
		snprintf(buf, STEPPING_LEN, "at the end of the given schedule");
		return;
	}
	/*
	 * Without anyone to choose, it continues round-robin if a thread can
	 * run.
	 */
	if (l->scheduler == SCHEDULER_ROUND_ROBIN &&
	    l->flags & SCHEDULE_ENDED) {
		snprintf(buf, STEPPING_LEN,
		    l->taken > l->given
			? "as given, round-robin from step %" PRIu64
			: "as given",
		    (uint64_t)l->given + 1);
		return;
	}
	n = snprintf(buf, STEPPING_LEN, "%s", schedulers[l->scheduler]);
	if (l->scheduler == SCHEDULER_HAND && l->chooser == SCHEDULER_GIVEN)
		snprintf(buf + n, STEPPING_LEN - (size_t)n,
		    ", N: as given, of %" PRIu32, l->given);
	if (l->scheduler == SCHEDULER_RANDOM || l->scheduler == SCHEDULER_PCT)
		snprintf(buf + n, STEPPING_LEN - (size_t)n, ", seed %" PRIu64,
		    l->seed);
	else if (l->scheduler == SCHEDULER_GIVEN)
		snprintf(buf + n, STEPPING_LEN - (size_t)n, ", of %" PRIu32,
		    l->given);
}

/* Without anyone to choose, the engine keeps to the given schedule. */
bool
stepping_misfits(const struct model *m)
{
	return m->ended && m->bye.outcome == OUTCOME_FAILED &&
	    m->lab.scheduler == SCHEDULER_GIVEN;
}

bool
stepping_repeats(const struct model *m)
{
	return (m->lab.flags & SCHEDULE_SPOILT) == 0 &&
	    m->schedule[0] != '\0' && !m->schedule_cut &&
	    strlen(m->schedule) == m->lab.length;
}
