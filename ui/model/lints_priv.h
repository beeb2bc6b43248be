/* lints_priv: what the rules see and say. */
#ifndef LOCKSTEP_LINTS_PRIV_H
#define LOCKSTEP_LINTS_PRIV_H

#include "model/lints.h"
#include "model/model.h"
#include "wire/state.h"

/*
 * Counted in one pass over all threads that live. There may be thousands, so a
 * rule goes through them only if it finds here that it may hold.
 */
struct lint_census {
	unsigned running; /* they compute */
	unsigned threads; /* without dispatchers, which take no lock */
	unsigned waiting[MODEL_OBJECTS]; /* by lock */
	bool cycles;                     /* one waits as if in a cycle */
	bool starves;                    /* one has long waited for a lock */
	bool gets;                       /* one has long waited for an item */
};

#define LINT_STARVES 1000000000ULL /* ns in line for a lock: that is long */
#define LINT_GETS    1000000000ULL /* ns in get */

/* What a rule sees. */
struct lint_sight {
	const struct model *m;
	uint64_t now;
	const struct lints *lints;
	const struct lint_census *census;
	const struct lint_look *then; /* a second ago; NULL: not so old yet */
};

/* lint_common.c */

/* frame_check() has let the state pass. */
static inline const struct state_info *
lint_state(const struct model_thread *t)
{
	return &state_infos[t->now.state];
}

/*
 * Calls fn for each thread that lives; stops at the first `true`. Inline, as is
 * the next: called for thousands of threads many times a second.
 */
static inline bool
lint_threads(const struct model *m,
    bool (*fn)(void *, const struct model_proc *, const struct model_thread *),
    void *arg)
{
	for (unsigned i = 1; i < m->nslots; i++) {
		const struct model_proc *p = m->slot[i];

		if (p == NULL || p->now.ended != ENDED_NOT)
			continue;
		for (unsigned j = 0; j < p->nthreads; j++) {
			const struct model_thread *t = &p->threads[j];

			if (t->tid == 0 || lint_state(t)->ends == ENDS_NEVER)
				continue;
			if (fn(arg, p, t))
				return true;
		}
	}
	return false;
}

/* ns that it has been in its state, at `now`. */
static inline uint64_t
lint_age(uint64_t now, const struct model_thread *t)
{
	return now > t->since ? now - t->since : 0;
}

/* No thread of the program computes, sleeps or reads: all wait for others. */
bool lint_all_wait(const struct model *);

void lint_say(char text[LINT_TEXT], const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* lint_run.c: the sentences that count something. */
void lint_say_lost(const struct model *, char text[LINT_TEXT]);
void lint_say_dropped(const struct model *, char text[LINT_TEXT]);

#endif
