/* blame: whose amounts a store has overwritten. */
#include "explore/blame.h"

#include <inttypes.h>
#include <string.h>

#include "wire/wait_graph.h"

/* The amount of each thread in a number. */
struct shares {
	int64_t of[STEPS_THREADS];
};

struct ledger {
	struct shares number[STEPS_OBJECTS];
	struct shares seen[STEPS_THREADS]; /* at the last load */
	int64_t own[STEPS_THREADS];        /* added to the register since */
};

static void
blame_store(struct ledger *l, unsigned thread, unsigned object,
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
		blame_store(l, thread, s->object, blame);
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
		unsigned thread = s->thread[i];

		blame_follow(&l, thread, steps_next(p, &at, thread), &blame[i]);
		at.at[thread]++;
	}
}

void
explore_blame_list(char *buf, size_t size, const struct explore_blame *b)
{
	struct wait_text text = {.buf = buf, .size = size};

	for (unsigned t = 0; t < STEPS_THREADS; t++)
		if (b->wiped[t] != 0)
			wait_add(&text, "%s%s=%" PRId64,
			    text.len > 0 ? "," : "", LETTER(t + 1),
			    b->wiped[t]);
	if (text.len == 0)
		wait_add(&text, "-");
}

/* "a's 1, c's 2": the amounts of one sign; nothing if there are none. */
static void
blame_add(struct wait_text *text, const struct explore_blame *b, int sign,
    const char *verb)
{
	const char *between = verb;

	for (unsigned t = 0; t < STEPS_THREADS; t++) {
		int64_t amount = b->wiped[t] * sign;

		if (amount <= 0)
			continue;
		wait_add(
		    text, "%s%s's %" PRId64, between, LETTER(t + 1), amount);
		between = ", ";
	}
}

void
explore_blame_format(
    char *buf, size_t size, unsigned thread, const struct explore_blame *b)
{
	struct wait_text text = {.buf = buf, .size = size};

	wait_add(&text, "%s's STORE", LETTER(thread + 1));

	size_t named = text.len;

	blame_add(&text, b, 1, " wiped out ");
	blame_add(&text, b, -1,
	    text.len > named ? " and brought back " : " brought back ");
	if (text.len == named)
		buf[0] = '\0';
}

void
explore_blame_all(char *buf, size_t size, const struct interleaving *s,
    const struct explore_blame blame[static STEPS_MAX])
{
	struct wait_text text = {.buf = buf, .size = size};

	buf[0] = '\0';
	for (unsigned i = 0; i < s->length; i++) {
		char one[256];

		explore_blame_format(one, sizeof one, s->thread[i], &blame[i]);
		if (one[0] != '\0')
			wait_add(&text, "%sstep %u: %s",
			    text.len > 0 ? "; " : "", i + 1, one);
	}
}
