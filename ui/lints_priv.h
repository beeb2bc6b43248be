/* lints_priv: what the rules see and say. */
#ifndef LOCKSTEP_LINTS_PRIV_H
#define LOCKSTEP_LINTS_PRIV_H

#include "lints.h"
#include "model.h"

/* What a rule sees. */
struct lint_sight {
	const struct model *m;
	uint64_t now;
	const struct lints *lints;
	const struct lint_look *then; /* a second ago; NULL: not so old yet */
};

/* Does it hold? Then the sentence. */
typedef bool lint_rule(const struct lint_sight *, char text[LINT_TEXT]);

/* lint_rules.c; the updates and frames themselves. */
lint_rule lint_lost, lint_unshared, lint_cores, lint_dropped, lint_idle;

/* lint_locks.c */
lint_rule lint_deadlock, lint_order, lint_held, lint_convoy, lint_starving,
    lint_orphaned;

/* lint_queues.c */
lint_rule lint_sentinels, lint_join, lint_producer;

/* Calls fn for each thread that lives; stops at the first `true`. */
bool lint_threads(const struct model *,
    bool (*fn)(void *, const struct model_proc *, const struct model_thread *),
    void *);

/* ns that it has been in its state. */
uint64_t lint_age(const struct lint_sight *, const struct model_thread *);

/* No thread of the program computes, sleeps or reads: all wait for others. */
bool lint_all_wait(const struct model *);

/* The sentences that count something. */
void lint_say_lost(const struct model *, char text[LINT_TEXT]);
void lint_say_dropped(const struct model *, char text[LINT_TEXT]);

void lint_say(char text[LINT_TEXT], const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
