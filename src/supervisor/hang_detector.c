/* hang_detector: which threads of a program wait forever. */
#include "supervisor/hang_priv.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "executor/executor_recovery.h"
#include "program/mutex_priv.h"
#include "program/queue_priv.h"
#include "wire/state.h"

#define AGAIN \
	(200 * NSEC_PER_MSEC) /* between two checks of what was reported */

/* ---- what every thread says ---- */

/* Stuck until it turns out that it is not. */
static enum wait_role
hang_role_of(const struct hang_thread *t)
{
	bool timed = atomic_load_explicit(&t->tslot->patience, RELAXED) != 0;

	switch (state_info(t->state)->ends) {
	case ENDS_NEVER:
		return WAIT_GONE;
	case ENDS_BY_WORK:
		return WAIT_IDLE;
	case ENDS_BY_OWNER:
	case ENDS_BY_OTHER:
		return timed || state_is_of_run(t->state, t->object)
		    ? WAIT_ABLE
		    : WAIT_STUCK;
	case ENDS_BY_ITSELF:
		break;
	}
	return WAIT_ABLE;
}

/*
 * What tells one wait of a thread from its next: when it began. A thread that
 * waits for a result wakes up now and then, so there it is how many results
 * there are.
 */
static uint64_t
hang_wait_of(const struct hang_thread *t)
{
	struct frame_executor f = {0};
	struct executor *e;

	if (t->state != STATE_WAIT_FUTURE)
		return atomic_load_explicit(&t->tslot->since, RELAXED);
	e = hang_object(REGISTRY_EXECUTOR, t->object);
	if (e != NULL)
		executor_frame(e, &f);
	return f.done;
}

static enum wait_role
hang_look_at(struct hang_thread *t)
{
	struct thread_slot *r = t->tslot;

	t->tid = atomic_load_explicit(&r->tid, memory_order_acquire);
	if (t->tid == 0)
		return WAIT_GONE;
	t->state = atomic_load_explicit(&r->state, memory_order_acquire);
	t->object = atomic_load_explicit(&r->object, RELAXED);
	t->owner = atomic_load_explicit(&r->owner, RELAXED);
	t->wait = hang_wait_of(t);
	return hang_role_of(t);
}

/* True if it is being born or has just died, so that more will happen. */
static bool
hang_look_at_slot(const struct supervisor *sv, struct hang *h, unsigned slot)
{
	const struct process *proc = &sv->procs[slot];
	unsigned threads = 0;

	if (proc->last_pid == 0) /* it never had a process */
		return false;
	for (unsigned i = 0; i < sv->shared->stride; i++) {
		struct thread_slot *r = supervisor_tslot(sv, slot, i);
		struct hang_thread *t = &h->threads[r->id - 1];
		enum wait_role role;

		t->tslot = r;
		t->index = slot << 16 | i;
		t->tid = 0;
		role = proc->pid != 0 ? hang_look_at(t) : WAIT_GONE;
		if (role != WAIT_GONE) {
			t->pid = proc->pid;
			threads++;
			if (proc->stopped)
				role = WAIT_ABLE;
		}
		t->node = WAIT_NONE;
		if (t->tid != 0 || t->first != 0 || t->told != 0) {
			t->node = h->nlive;
			h->node[h->nlive] = (struct wait_node){.role = role};
			h->live[h->nlive++] = t;
		}
	}
	return proc->recovering || (proc->pid != 0 && threads == 0);
}

/* Is a process being born, or is the state of a dead one being repaired? */
static bool
is_child_under_way(void)
{
	for (unsigned i = 0; i < REGISTRY_CHILDREN; i++)
		switch (atomic_load(&registry->children[i].state)) {
		case CHILD_FILLING:
		case CHILD_REQUESTED:
		case CHILD_DYING:
			return true;
		default:
			break;
		}
	return false;
}

/* ---- is it certain? ---- */

/* Does /proc use the same pid for us as we do? It may be another namespace's.
 */
static bool
proc_is_ours(void)
{
	char name[16] = "";

	return readlink("/proc/self", name, sizeof name - 1) > 0 &&
	    strtol(name, NULL, 10) == getpid();
}

/*
 * Does the kernel, too, say that it sleeps? A thread that was woken a moment
 * ago and has not run yet looks blocked in every other way.
 */
static bool
is_asleep(const struct hang_thread *t)
{
	char path[64], stat[256];

	snprintf(path, sizeof path, "/proc/%d/task/%d/stat", t->pid, t->tid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = read(fd, stat, sizeof stat - 1);
	close(fd);
	stat[n > 0 ? n : 0] = '\0';
	const char *end = strrchr(stat, ')');
	return end != NULL && strncmp(end, ") S", 3) == 0;
}

/* Is it still in the wait that it was in when this look began? */
static bool
is_still(const struct hang_thread *t)
{
	const struct thread_slot *r = t->tslot;

	return atomic_load(&r->tid) == t->tid &&
	    atomic_load(&r->state) == t->state && hang_wait_of(t) == t->wait;
}

/* True if it was stuck in another wait before: so it was not stuck. */
static bool
hang_remember(const struct hang *h, struct hang_thread *t, uint64_t now)
{
	bool was_stuck = t->first != 0;

	if (h->node[t->node].role != WAIT_STUCK) {
		t->first = 0;
		t->sure = false;
		return false;
	}
	if (was_stuck && t->stuck_tid == t->tid && t->stuck_wait == t->wait)
		return false;
	t->stuck_tid = t->tid;
	t->stuck_wait = t->wait;
	t->first = now;
	t->sure = false;
	return was_stuck;
}

/* A thread moved, so others may move now: every wait begins again. */
static void
start_over(struct hang *h, uint64_t now)
{
	for (unsigned i = 0; i < h->nlive; i++)
		if (h->node[i].role == WAIT_STUCK && !h->live[i]->sure)
			h->live[i]->first = now;
}

static bool
is_due(const struct hang *h, const struct hang_thread *t, uint64_t now)
{
	return h->node[t->node].role == WAIT_STUCK && !t->sure &&
	    now - t->first >= (h->unasked ? HANG_UNASKED : HANG_SURE);
}

/* How many of the stuck are so for certain. */
static unsigned
make_sure(struct hang *h, uint64_t now)
{
	unsigned sure = 0;
	bool moved = false;

	for (unsigned i = 0; i < h->nlive; i++)
		moved |= hang_remember(h, h->live[i], now);
	for (unsigned i = 0; i < h->nlive && !moved; i++)
		moved = is_due(h, h->live[i], now) &&
		    !((h->unasked || is_asleep(h->live[i])) &&
			is_still(h->live[i]));
	if (moved)
		start_over(h, now);
	for (unsigned i = 0; i < h->nlive; i++) {
		h->live[i]->sure |= is_due(h, h->live[i], now);
		sure += h->live[i]->sure;
	}
	return sure;
}

/* ---- what is reported ---- */

/* What was reported no longer holds. */
static void
hang_withdraw(struct supervisor *sv)
{
	for (unsigned i = 0; i < sv->hang.nlive; i++) {
		struct hang_thread *t = sv->hang.live[i];

		if (t->sure || t->told == 0)
			continue;
		t->told = 0;
		report_text(&sv->report, TEXT_REASON, t->index, t->pid, "");
	}
}

/* The reasons that are new; those reported before may have changed. */
static void
hang_report(struct supervisor *sv, uint64_t now)
{
	struct hang *h = &sv->hang;
	char text[HANG_TEXT + 1];
	unsigned logged = 0;
	bool again = now >= h->again;

	for (unsigned i = 0; i < h->nlive; i++) {
		struct hang_thread *t = h->live[i];

		if (!t->sure || (t->told != 0 && !again))
			continue;
		h->again = now + AGAIN;
		hang_why(h, t, text);
		uint64_t is = hash_text(text);
		if (is == t->told)
			continue;
		t->told = is;
		report_text(&sv->report, TEXT_REASON, t->index, t->pid, text);
		if (logged++ < HANG_LOG)
			report_log(&sv->report, "%s", text);
	}
	if (logged > HANG_LOG)
		report_log(&sv->report, "... and %u more threads wait forever",
		    logged - HANG_LOG);
}

/* Room for what is known of every thread; false: there is none. */
static bool
hang_begin(struct supervisor *sv)
{
	struct hang *h = &sv->hang;
	unsigned n = supervisor_tslot_count(sv);

	if (h->threads != NULL && h->n == n && h->run == sv->run)
		return true;
	hang_free(h);
	h->threads = calloc(n, sizeof *h->threads);
	h->live = calloc(n, sizeof(struct hang_thread *));
	h->node = calloc(n, sizeof *h->node);
	if (h->threads == NULL || h->live == NULL || h->node == NULL) {
		hang_free(h);
		return false;
	}
	h->n = n;
	h->run = sv->run;
	h->unasked = !proc_is_ours();
	if (h->unasked)
		report_log(&sv->report,
		    "/proc does not show our processes: a hang is reported "
		    "only after 5 s in which no thread moved");
	return true;
}

void
hang_look(struct supervisor *sv)
{
	struct hang *h = &sv->hang;
	uint64_t now = now_ns();
	unsigned stuck = 0;
	bool anyone = false;

	/* Once the run is stopping, threads stay where they are. */
	if (sv->stop.begun || !hang_begin(sv))
		return;
	h->nlive = 0;
	for (unsigned slot = 1; slot < sv->shared->nslots; slot++)
		anyone |= hang_look_at_slot(sv, h, slot);
	for (unsigned i = 0; i < h->nlive; i++) {
		anyone |= h->node[i].role == WAIT_ABLE;
		stuck += h->node[i].role == WAIT_STUCK;
	}
	if (stuck > 0) {
		anyone = anyone || is_child_under_way();
		stuck = hang_reduce(h, &anyone);
	}
	unsigned sure = make_sure(h, now);
	bool hung = stuck > 0 && !anyone && sure == stuck;
	if (hung && !h->hung)
		h->since = now;
	h->hung = hung;
	hang_withdraw(sv);
	hang_report(sv, now);
}

void
hang_free(struct hang *h)
{
	free(h->threads);
	free(h->live);
	free(h->node);
	*h = (struct hang){0};
}
