/* policy: which of the threads that can go takes the next step. */
#include "schedule/policy.h"

#include <stdlib.h>

#include "base/util_priv.h"
#include "lockstep/util.h"

uint64_t
policy_draw(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Biased by less than n / 2^32: too little for a class to notice. */
uint64_t
policy_below(uint64_t *state, uint64_t n)
{
	uint64_t z = policy_draw(state);

	return n <= UINT32_MAX ? (z >> 32) * n >> 32 : z % n;
}

void
policy_init(struct policy *c, enum frame_scheduler how, uint64_t seed,
    uint64_t expected)
{
	*c = (struct policy){.how = how, .state = seed};
	for (unsigned i = 0; i < CHOOSER_DEPTH - 1; i++)
		c->change[i] =
		    1 + policy_below(&c->state, expected > 0 ? expected : 1);
}

void
policy_free(struct policy *c)
{
	free(c->priority);
	c->priority = NULL;
}

/* Above the lowered priorities, which are 1 to CHOOSER_DEPTH - 1. */
static void
policy_draw_priorities(struct policy *c, unsigned nletters)
{
	if (nletters > c->room) {
		unsigned room = 2 * nletters;

		c->priority =
		    reallocarray(c->priority, room, sizeof *c->priority);
		if (c->priority == NULL)
			fatal("pct: out of memory for priorities");
		c->room = room;
	}
	for (; c->nletters < nletters; c->nletters++)
		c->priority[c->nletters] =
		    CHOOSER_DEPTH + (policy_draw(&c->state) >> 32);
}

static unsigned
policy_choose_pct(struct policy *c, const unsigned *letters, unsigned n)
{
	unsigned best = 0;

	policy_draw_priorities(c, letters[n - 1]);
	for (unsigned i = 1; i < n; i++)
		if (c->priority[letters[i] - 1] >
		    c->priority[letters[best] - 1])
			best = i;
	return best;
}

static unsigned
policy_choose_next(const struct policy *c, const unsigned *letters, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (letters[i] > c->last)
			return i;
	return 0;
}

unsigned
policy_choose(struct policy *c, const unsigned *letters, unsigned n)
{
	switch (c->how) {
	case SCHEDULER_RANDOM:
		return (unsigned)policy_below(&c->state, n);
	case SCHEDULER_PCT:
		return policy_choose_pct(c, letters, n);
	default:
		return policy_choose_next(c, letters, n);
	}
}

void
policy_took(struct policy *c, unsigned letter)
{
	c->taken++;
	c->last = letter;
	if (c->how != SCHEDULER_PCT)
		return;
	policy_draw_priorities(c, letter);
	for (unsigned i = 0; i < CHOOSER_DEPTH - 1; i++)
		if (c->change[i] == c->taken)
			c->priority[letter - 1] = i + 1;
}
