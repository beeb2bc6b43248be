/* scheduler_script: a schedule that is given, step by step. */
#include "supervisor/scheduler_priv.h"

#include <stdio.h>

#include "options/schedule_string.h"

/* What a blocked thread waits for, in words. */
static void
say_wait(const struct supervisor *sv, const struct thread_slot *r, char *buf,
    size_t size)
{
	static const char *const things[THING_COUNT] = {
	    [THING_NONE] = "",
	    [THING_SUM] = " for the sum",
	    [THING_LOCK] = " for the lock around the sum",
	    [THING_ITEM_QUEUE] = " for the queue",
	    [THING_QUEUE] = " for a queue",
	    [THING_MUTEX] = " for a lock",
	    [THING_EXECUTOR] = " for an executor",
	    [THING_PIPE] = " for a pipe",
	};
	unsigned thing = atomic_load(&r->thing) >> 8;
	uint32_t id = atomic_load(&r->owner);

	snprintf(buf, size, "it waits%s%s%s",
	    thing < THING_COUNT ? things[thing] : "",
	    supervisor_tid(sv, id) != 0 ? " held by " : "",
	    supervisor_tid(sv, id) != 0
		? slot_name(&sv->shared->tslots[id - 1]).text
		: "");
}

static void
end_given(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;

	s->undoing = false;
	s->scheduler = s->watched ? SCHEDULER_HAND : SCHEDULER_ROUND_ROBIN;
	policy_free(&s->choose);
	policy_init(&s->choose, s->watched ? s->chooser : SCHEDULER_ROUND_ROBIN,
	    sv->options->seed, schedule_string_expected(sv->options));
	s->choose.last =
	    s->taken.n > 0 ? s->taken.run[s->taken.n - 1].letter : 0;
	supervisor_look_now(sv);
}

/* The schedule does not fit: log why; without a dashboard, end the run. */
static void
give_up_given(struct supervisor *sv, unsigned letter, const char *why)
{
	struct scheduler *s = sv->scheduler;
	char name[LETTER_TEXT], text[256];

	snprintf(text, sizeof text,
	    "the schedule does not fit: step %llu of %llu is by %s: %s",
	    (unsigned long long)s->taken.steps + 1,
	    (unsigned long long)s->given.steps, letter_format(letter, name),
	    why);
	report_log(&sv->report, "%s", text);
	report_text(&sv->report, TEXT_BANNER, BANNER_SCHEDULE, 0, text);
	if (s->watched) {
		end_given(sv);
		return;
	}
	s->failed = true;
	run_stop(sv);
}

void
scheduler_over(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;
	unsigned letter = schedule_next(&s->given, &s->at);

	if (s->scheduler == SCHEDULER_GIVEN && letter != 0 && !sv->stop.begun)
		give_up_given(sv, letter, "the run ends before it");
}

bool
scheduler_follow(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;
	unsigned letter = schedule_next(&s->given, &s->at);
	char why[160], name[LETTER_TEXT];

	if (letter == 0) {
		s->ended = !s->undoing;
		end_given(sv);
		scheduler_stir(sv);
		return true;
	}
	struct thread_slot *r = scheduler_find(sv, letter);
	if (r != NULL && scheduler_may_go(r) && scheduler_is_step(sv, r)) {
		schedule_advance(&s->given, &s->at);
		scheduler_grant(sv, r, letter);
		return true;
	}
	if (r == NULL && letter > s->nletters)
		snprintf(why, sizeof why, "no thread %s takes a step here",
		    letter_format(letter, name));
	else if (r == NULL)
		snprintf(why, sizeof why, "that thread has exited");
	else
		say_wait(sv, r, why, sizeof why);
	give_up_given(sv, letter, why);
	scheduler_stir(sv);
	return !sv->stop.begun;
}
