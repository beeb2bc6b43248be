/* step_program: small programs of a few threads, step by step, as plain data.
 */
#include "explore/step_program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "schedule/schedule.h"
#include "wire/wait_graph.h"

/* What an operation does to its object. */
enum effect {
	EFFECT_NONE,
	EFFECT_READ,
	EFFECT_WRITE,
	EFFECT_ACQUIRE,
	EFFECT_RELEASE
};

static const struct op {
	const char *name;
	enum effect effect;
	bool amount; /* it is worth a word */
} ops[STEP_OPS] = {
    [STEP_LOAD] = {.name = "LOAD", .effect = EFFECT_READ},
    [STEP_ADD] = {.name = "ADD", .amount = true},
    [STEP_STORE] = {.name = "STORE", .effect = EFFECT_WRITE},
    [STEP_FETCH_ADD] = {.name = "FETCH_ADD", .effect = EFFECT_WRITE},
    [STEP_LOCK] = {.name = "LOCK", .effect = EFFECT_ACQUIRE},
    [STEP_UNLOCK] = {.name = "UNLOCK", .effect = EFFECT_RELEASE},
    [STEP_TAKE] = {.name = "TAKE", .effect = EFFECT_ACQUIRE},
    [STEP_GIVE] = {.name = "GIVE", .effect = EFFECT_RELEASE},
    [STEP_EAT] = {.name = "EAT"},
};

void
steps_init(struct steps_program *p)
{
	memset(p, 0, sizeof *p);
}

unsigned
steps_object(struct steps_program *p, unsigned permits, const char *name)
{
	struct steps_object *o = &p->object[p->nobjects];

	snprintf(o->name, sizeof o->name, "%s", name);
	o->permits = permits;
	return p->nobjects++;
}

void
steps_thread(struct steps_program *p)
{
	p->step[p->nthreads++] = &p->all[p->total];
}

bool
steps_push(
    struct steps_program *p, enum step_op op, unsigned object, int amount)
{
	if (p->total == STEPS_MAX)
		return false;
	p->all[p->total++] =
	    (struct step){.op = op, .object = object, .amount = amount};
	p->length[p->nthreads - 1]++;
	return true;
}

const struct step *
steps_next(
    const struct steps_program *p, const struct steps_state *s, unsigned thread)
{
	if (s->at[thread] == p->length[thread])
		return NULL;
	return &p->step[thread][s->at[thread]];
}

/* Permits of the object that the thread has by now. */
static unsigned
steps_held(const struct steps_program *p, const struct steps_state *s,
    unsigned thread, unsigned object)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->at[thread]; i++) {
		const struct step *step = &p->step[thread][i];

		if (step->object != object)
			continue;
		n += ops[step->op].effect == EFFECT_ACQUIRE;
		n -= ops[step->op].effect == EFFECT_RELEASE;
	}
	return n;
}

static bool
taken(
    const struct steps_program *p, const struct steps_state *s, unsigned object)
{
	unsigned n = 0;

	for (unsigned t = 0; t < p->nthreads; t++)
		n += steps_held(p, s, t, object);
	return n >= p->object[object].permits;
}

uint32_t
steps_enabled(const struct steps_program *p, const struct steps_state *s)
{
	uint32_t enabled = 0;

	for (unsigned t = 0; t < p->nthreads; t++) {
		const struct step *step = steps_next(p, s, t);

		if (step == NULL)
			continue;
		if (ops[step->op].effect == EFFECT_ACQUIRE &&
		    taken(p, s, step->object))
			continue;
		enabled |= 1U << t;
	}
	return enabled;
}

uint32_t
steps_holders(
    const struct steps_program *p, const struct steps_state *s, unsigned object)
{
	uint32_t holders = 0;

	for (unsigned t = 0; t < p->nthreads; t++)
		if (steps_held(p, s, t, object) > 0)
			holders |= 1U << t;
	return holders;
}

uint32_t
steps_left(const struct steps_program *p, const struct steps_state *s)
{
	uint32_t left = 0;

	for (unsigned t = 0; t < p->nthreads; t++)
		if (steps_next(p, s, t) != NULL)
			left |= 1U << t;
	return left;
}

bool
steps_independent(const struct step *a, const struct step *b)
{
	enum effect x = ops[a->op].effect, y = ops[b->op].effect;

	if (x == EFFECT_NONE || y == EFFECT_NONE || a->object != b->object)
		return true;
	return x == EFFECT_READ && y == EFFECT_READ;
}

const char *
step_name(enum step_op op)
{
	return ops[op].name;
}

void
step_format(char *buf, size_t size, const struct steps_program *p,
    const struct step *step)
{
	const struct op *op = &ops[step->op];

	if (op->effect != EFFECT_NONE)
		snprintf(
		    buf, size, "%s %s", op->name, p->object[step->object].name);
	else if (op->amount)
		snprintf(buf, size, "%s %d", op->name, step->amount);
	else
		snprintf(buf, size, "%s", op->name);
}

/* ---- deadlocks in words ---- */

struct steps_at {
	const struct steps_program *program;
	const struct steps_state *state;
};

/* The holders of what the thread waits for; all of them have yet to end. */
static uint32_t
steps_next_waiter(const void *arg, uint32_t thread, unsigned nth)
{
	const struct steps_at *at = arg;
	uint32_t holders = steps_holders(at->program, at->state,
	    steps_next(at->program, at->state, thread)->object);

	while (nth-- > 0)
		holders &= holders - 1;
	return holders != 0 ? (uint32_t)__builtin_ctz(holders) : WAIT_NONE;
}

static void
steps_describe(const void *arg, uint32_t thread, struct wait_link *l)
{
	const struct steps_at *at = arg;
	unsigned object = steps_next(at->program, at->state, thread)->object;
	struct wait_text owner = {.buf = l->owner, .size = WAIT_NAME};
	uint32_t holder;

	*l = (struct wait_link){.state = STATE_WAIT_LOCK};
	snprintf(l->who, WAIT_NAME, "%s", LETTER(thread + 1));
	snprintf(l->object, WAIT_NAME, "%s", at->program->object[object].name);
	for (unsigned i = 0;
	     (holder = steps_next_waiter(at, thread, i)) != WAIT_NONE; i++)
		wait_add(
		    &owner, "%s%s", i > 0 ? " and " : "", LETTER(holder + 1));
}

static void
steps_add_wait(
    struct wait_text *text, const struct steps_at *at, unsigned thread)
{
	struct wait_link l;

	steps_describe(at, thread, &l);
	wait_add_clause(text, &l);
}

void
steps_deadlock_format(char *buf, size_t size, const struct steps_program *p,
    const struct steps_state *s)
{
	struct steps_at at = {p, s};
	struct wait_graph g = {.arg = &at, .next = steps_next_waiter};
	struct wait_text text = {.buf = buf, .size = size};
	uint32_t left = steps_left(p, s), cycle[STEPS_THREADS];
	unsigned n;

	if (size > 0)
		buf[0] = '\0';
	if (left == 0)
		return;
	n = wait_cycle(&g, (uint32_t)__builtin_ctz(left), cycle, STEPS_THREADS);
	for (unsigned i = 0; i < n; i++) {
		steps_add_wait(&text, &at, cycle[i]);
		left &= ~(1U << cycle[i]);
	}
	for (unsigned t = 0; t < p->nthreads; t++)
		if ((left >> t & 1) != 0)
			steps_add_wait(&text, &at, t);
}

/* ---- schedules as text ---- */

unsigned
interleaving_switches(const struct interleaving *s)
{
	unsigned n = 0;

	for (unsigned i = 1; i < s->length; i++)
		n += s->thread[i] != s->thread[i - 1];
	return n;
}

void
interleaving_format(char buf[static STEPS_TEXT], const struct interleaving *s)
{
	struct schedule runs = {0};
	size_t len;

	for (unsigned i = 0; i < s->length; i++)
		schedule_push(&runs, s->thread[i] + 1U);

	const char *text = schedule_text(&runs, &len);

	snprintf(buf, STEPS_TEXT, "%s", text != NULL ? text : "");
	schedule_free(&runs);
}

/* One step more, if the thread can go. */
static int
steps_follow(struct interleaving *s, struct steps_state *at,
    const struct steps_program *p, unsigned thread, char *why, size_t size)
{
	const struct step *step = steps_next(p, at, thread);

	if (step == NULL) {
		snprintf(why, size, "step %u: %s has only %u steps",
		    s->length + 1, LETTER(thread + 1), p->length[thread]);
		return -EINVAL;
	}
	if ((steps_enabled(p, at) >> thread & 1) == 0) {
		int n = snprintf(why, size, "step %u: ", s->length + 1);
		struct wait_text text = {
		    .buf = why + n, .size = size - (size_t)n};

		steps_add_wait(&text, &(struct steps_at){p, at}, thread);
		return -EINVAL;
	}
	s->thread[s->length++] = (uint8_t)thread;
	at->at[thread]++;
	return 0;
}

/* All steps of the runs, as far as the program can go so. 0 or -EINVAL. */
static int
steps_follow_runs(struct interleaving *s, struct steps_state *at,
    const struct steps_program *p, const struct schedule *runs, char *why,
    size_t size)
{
	struct schedule_cursor c = {0};
	unsigned next;

	for (; (next = schedule_next(runs, &c)) != 0;
	     schedule_advance(runs, &c)) {
		if (next > p->nthreads) {
			snprintf(why, size,
			    "step %u: there is no thread %s, only a to %s",
			    s->length + 1, LETTER(next), LETTER(p->nthreads));
			return -EINVAL;
		}
		if (steps_follow(s, at, p, next - 1, why, size) != 0)
			return -EINVAL;
	}
	return 0;
}

int
interleaving_parse(struct interleaving *s, const struct steps_program *p,
    const char *text, char *why, size_t size)
{
	struct steps_state at = {0};
	struct schedule runs = {0};
	int err = schedule_parse(&runs, text, why, size);

	s->length = 0;
	if (err == 0)
		err = steps_follow_runs(s, &at, p, &runs, why, size);
	schedule_free(&runs);
	if (err != 0 || steps_enabled(p, &at) == 0)
		return err;
	snprintf(why, size, "it ends after %u of %u steps, and %s can go on",
	    s->length, p->total,
	    LETTER((unsigned)__builtin_ctz(steps_enabled(p, &at)) + 1));
	return -EINVAL;
}
