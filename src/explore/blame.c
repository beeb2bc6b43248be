/* blame: whose amounts a store has wiped out. */
#include "explore/blame.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What each thread's amounts come to. */
struct shares {
	int64_t of[STEPS_THREADS];
};

struct ledger {
	struct shares number[STEPS_OBJECTS];
	struct shares seen[STEPS_THREADS]; /* at the last load */
	int64_t own[STEPS_THREADS];        /* added to the register since */
};

static void
blame_put_back(struct ledger *l, unsigned thread, unsigned object,
    struct explore_blame *blame)
{
	struct shares *now = &l->number[object];
	const struct shares *seen = &l->seen[thread];

	for (unsigned t = 0; t < STEPS_THREADS; t++)
		blame->wiped[t] = now->of[t] - seen->of[t];
	*now = *seen;
	now->of[thread] += l->own[thread];
}

static void
blame_follow(struct ledger *l, unsigned thread, const struct step *s,
    struct explore_blame *blame)
{
	switch (s->op) {
	case STEP_LOAD:
		l->seen[thread] = l->number[s->object];
		l->own[thread] = 0;
		break;
	case STEP_ADD:
		l->own[thread] += s->amount;
		break;
	case STEP_STORE:
		l->own[thread] += s->amount;
		blame_put_back(l, thread, s->object, blame);
		break;
	case STEP_FETCH_ADD:
		l->number[s->object].of[thread] += s->amount;
		break;
	default:
		break;
	}
}

void
explore_blame(const struct steps_program *p, const struct interleaving *s,
    struct explore_blame blame[static STEPS_MAX])
{
	struct ledger l = {0};
	struct steps_state at = {0};

	memset(blame, 0, STEPS_MAX * sizeof *blame);
	for (unsigned i = 0; i < s->length; i++) {
		unsigned who = s->thread[i];

		blame_follow(&l, who, steps_next(p, &at, who), &blame[i]);
		at.at[who]++;
	}
}

/* "a's 1, c's 2": those above 0 of one sign. False: there are none. */
static bool
blame_list(FILE *out, const struct explore_blame *b, int sign, const char *verb)
{
	const char *between = verb;

	for (unsigned t = 0; t < STEPS_THREADS; t++) {
		int64_t amount = b->wiped[t] * sign;

		if (amount <= 0)
			continue;
		fprintf(
		    out, "%s%c's %" PRId64, between, (char)('a' + t), amount);
		between = ", ";
	}
	return between != verb;
}

static bool
blame_innocent(const struct explore_blame *b)
{
	for (unsigned t = 0; t < STEPS_THREADS; t++)
		if (b->wiped[t] != 0)
			return false;
	return true;
}

void
explore_blame_format(char *buf, size_t size, const struct interleaving *s,
    const struct explore_blame blame[static STEPS_MAX], unsigned step)
{
	const struct explore_blame *b = &blame[step];
	FILE *out;

	buf[0] = '\0';
	if (blame_innocent(b) || (out = fmemopen(buf, size, "w")) == NULL)
		return;
	fprintf(out, "%c's STORE", (char)('a' + s->thread[step]));
	bool wiped = blame_list(out, b, 1, " wiped out ");
	blame_list(out, b, -1, wiped ? " and brought back " : " brought back ");
	fclose(out);
	buf[size - 1] = '\0';
}

void
explore_blame_all(char *buf, size_t size, const struct interleaving *s,
    const struct explore_blame blame[static STEPS_MAX])
{
	size_t used = 0;

	buf[0] = '\0';
	for (unsigned i = 0; i < s->length && used < size; i++) {
		char one[256];

		explore_blame_format(one, sizeof one, s, blame, i);
		if (one[0] == '\0')
			continue;
		int n = snprintf(buf + used, size - used, "%sstep %u: %s",
		    used > 0 ? "; " : "", i + 1, one);
		used += n > 0 ? (size_t)n : 0;
	}
}
