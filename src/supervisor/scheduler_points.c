/*
 * scheduler_points: where threads stand, the letters of those at a step, and
 * how one of them is resumed.
 */
#include "supervisor/scheduler_priv.h"

#include <stdlib.h>

#include "lockstep/util.h"
#include "supervisor/report_trace.h"

bool
scheduler_is_step(const struct supervisor *sv, const struct thread_slot *r)
{
	enum frame_point op = atomic_load(&r->point);

	if (sv->options->steps == 0)
		return true;
	if (op == POINT_ADD)
		return sv->options->steps == 3;
	return op > POINT_NONE && op <= POINT_EAT;
}

struct step_thread *
scheduler_thread(const struct supervisor *sv, const struct thread_slot *r)
{
	struct step_thread *t = &sv->scheduler->threads[r->id - 1];
	int32_t tid = atomic_load(&r->tid);

	if (t->tid != tid)
		*t = (struct step_thread){.tid = tid, .sent = t->sent};
	return t;
}

static void
give_letter(struct supervisor *sv, struct step_thread *t, uint32_t id)
{
	struct scheduler *s = sv->scheduler;

	if (t->letter != 0 || s->nletters == RUNS_LETTERS)
		return;
	if (s->nletters == s->letters_room) {
		unsigned room = 2 * s->letters_room + 64;

		s->of_letter =
		    reallocarray(s->of_letter, room, sizeof *s->of_letter);
		if (s->of_letter == NULL)
			fatal("no memory for letters");
		s->letters_room = room;
	}
	s->of_letter[s->nletters++] = id;
	t->letter = s->nletters;
}

struct thread_slot *
scheduler_find(const struct supervisor *sv, unsigned letter)
{
	const struct scheduler *s = sv->scheduler;

	if (letter == 0 || letter > s->nletters)
		return NULL;
	struct thread_slot *r =
	    &sv->shared->tslots[s->of_letter[letter - 1] - 1];
	if (atomic_load(&r->tid) == 0 || scheduler_has_left(r) ||
	    scheduler_thread(sv, r)->letter != letter)
		return NULL;
	return r;
}

bool
scheduler_may_go(const struct thread_slot *r)
{
	return scheduler_stands(r) && atomic_load(&r->blocked) != 1;
}

unsigned
scheduler_prompt(const struct scheduler *s)
{
	return s->strayed ? 0 : schedule_next(&s->script, &s->line);
}

void
scheduler_read_on(struct scheduler *s, unsigned letter)
{
	if (scheduler_prompt(s) == letter)
		schedule_advance(&s->script, &s->line);
	else
		s->strayed = true; /* until that is undone */
}

void
scheduler_grant(struct supervisor *sv, struct thread_slot *r, unsigned letter)
{
	struct scheduler *s = sv->scheduler;

	s->granted = r;
	s->did = atomic_load(&r->point);
	s->did_thing = scheduler_thing(r);
	s->looked = false;
	if (letter != 0) {
		s->last = r->id;
		scheduler_thread(sv, r)->steps++;
		schedule_push(&s->taken, letter);
		s->ntaken++;
		policy_took(&s->choose, letter);
		scheduler_read_on(s, letter);
	}
	if (!scheduler_quiet(sv) && report_trace_urgent(sv, r))
		supervisor_look_now(sv);
	if (!gate_grant(r))
		fatal("a thread has left its gate without a grant");
}

struct thread_slot *
scheduler_find_silent(const struct supervisor *sv, uint32_t blocked)
{
	const struct scheduler *s = sv->scheduler;

	for (unsigned i = 0; i < s->nlive; i++)
		if (atomic_load(&s->live[i]->blocked) == blocked &&
		    !scheduler_is_step(sv, s->live[i]))
			return s->live[i];
	return NULL;
}

unsigned
scheduler_list_letters(struct supervisor *sv, uint32_t blocked)
{
	struct scheduler *s = sv->scheduler;
	unsigned n = 0;

	for (unsigned i = 0; i < s->nlive; i++) {
		struct thread_slot *r = s->live[i];
		unsigned letter, at = n;

		if (!scheduler_is_step(sv, r))
			continue;
		give_letter(sv, scheduler_thread(sv, r), r->id);
		letter = scheduler_thread(sv, r)->letter;
		if (letter == 0 || atomic_load(&r->blocked) != blocked)
			continue;
		for (; at > 0 && s->letters[at - 1] > letter; at--)
			s->letters[at] = s->letters[at - 1];
		s->letters[at] = letter;
		n++;
	}
	return n;
}
