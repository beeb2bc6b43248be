/* test_gil: one at a time, handed over when asked, and nobody left asleep. */
#include "slot/gil.h"

#include "crowd.h"
#include "suite.h"

#define NEVER (3600 * NSEC_PER_SEC) /* an interval that does not end here */

struct room {
	struct gil gil;
	unsigned inside; /* guarded by the lock: ThreadSanitizer looks on */
	uint64_t entered;
	uint32_t last; /* who computed last */
	_Atomic unsigned left, ready;
	unsigned rounds, crowd;
};

static struct room *
room_new(uint64_t interval, unsigned crowd, unsigned rounds)
{
	struct room *r = crowd_memory(sizeof *r);

	r->gil.interval = interval;
	r->crowd = crowd;
	r->rounds = rounds;
	atomic_init(&r->left, crowd);
	return r;
}

static void
enter(struct room *r, uint32_t id)
{
	MUST(atomic_load(&r->gil.holder) == id);
	MUST(r->inside++ == 0);
	r->entered++;
	r->last = id;
	MUST(--r->inside == 0);
}

/* As one who waits for input all the time. */
static void
come_and_go(void *arg, unsigned who)
{
	struct room *r = arg;

	for (unsigned i = 0; i < r->rounds; i++) {
		gil_take(&r->gil, who + 1);
		enter(r, who + 1);
		gil_drop(&r->gil);
	}
}

/*
 * The interval never ends: only the wake-up of a drop can let one go on who
 * sleeps, and a lost one is a test that does not end.
 */
START_TEST(no_wake_up_is_lost)
{
	struct room *r = room_new(NEVER, 4, 20000);

	crowd_join(crowd_start(0, r->crowd, come_and_go, r));
	ck_assert_uint_eq(r->entered, 4 * 20000);
	ck_assert_uint_eq(atomic_load(&r->gil.holder), 0);
	ck_assert_uint_eq(atomic_load(&r->gil.wanted), 0);
	ck_assert_uint_le(atomic_load(&r->gil.turns), r->entered);
}
END_TEST

/* As one who only computes: it gives way when asked, and only then. */
static void
compute(void *arg, unsigned who)
{
	struct room *r = arg;
	uint32_t id = who + 1;

	gil_take(&r->gil, id);
	/* Once one has left, the others may be gone, and nobody asks. */
	for (unsigned i = 0; i < r->rounds;) {
		bool asked;

		enter(r, id);
		asked = gil_yield(&r->gil, id);
		if (atomic_load(&r->left) < r->crowd)
			break;
		/* It was forced: another had it in between. */
		MUST(!asked || r->last != id);
		i += asked;
	}
	atomic_fetch_sub(&r->left, 1);
	gil_drop(&r->gil);
}

START_TEST(who_computes_gives_way_to_another)
{
	struct room *r = room_new(50 * NSEC_PER_USEC, _i, 200);

	crowd_join(crowd_start(0, r->crowd, compute, r));
	ck_assert_uint_eq(atomic_load(&r->left), 0);
	ck_assert_uint_ge(atomic_load(&r->gil.turns), 200);
}
END_TEST

/* Some compute, some come and go, some do both. */
static void
mix(void *arg, unsigned who)
{
	struct room *r = arg;

	if (who % 2 != 0) {
		come_and_go(arg, who);
		return;
	}
	for (unsigned i = 0; i < r->rounds; i++) {
		gil_take(&r->gil, who + 1);
		for (int k = 0; k < 50; k++) {
			enter(r, who + 1);
			gil_yield(&r->gil, who + 1);
		}
		gil_drop(&r->gil);
	}
}

START_TEST(all_kinds_get_through)
{
	struct room *r = room_new(20 * NSEC_PER_USEC, 6, 300);

	crowd_join(crowd_start(0, r->crowd, mix, r));
	ck_assert_uint_eq(r->entered, 3 * 300 + 3 * 300 * 50);
}
END_TEST

static void
take_once(void *arg, unsigned who)
{
	struct room *r = arg;

	gil_take(&r->gil, who + 2);
	enter(r, who + 2);
	gil_drop(&r->gil);
	atomic_fetch_add(&r->ready, 1);
}

START_TEST(a_holder_is_asked_after_the_interval)
{
	struct room *r = room_new(NSEC_PER_MSEC, 1, 1);

	gil_take(&r->gil, 1);
	ck_assert(!gil_yield(&r->gil, 1));

	struct crowd *c = crowd_start(0, 1, take_once, r);

	UNTIL(gil_wanted(&r->gil));
	ck_assert_uint_eq(atomic_load(&r->gil.holder), 1);
	ck_assert(gil_yield(&r->gil, 1));
	ck_assert_uint_eq(r->last, 2);
	ck_assert_uint_eq(atomic_load(&r->gil.turns), 3);
	ck_assert(!gil_wanted(&r->gil));
	gil_drop(&r->gil);
	crowd_join(c);
}
END_TEST

START_TEST(and_not_before)
{
	struct room *r = room_new(NEVER, 1, 1);

	gil_take(&r->gil, 1);

	struct crowd *c = crowd_start(0, 3, take_once, r);

	UNTIL(eventcount_sleepers(&r->gil.free));
	ck_assert(!gil_yield(&r->gil, 1));
	ck_assert(!gil_wanted(&r->gil));
	gil_drop(&r->gil);
	UNTIL(atomic_load(&r->ready) == 3);
	ck_assert_uint_eq(atomic_load(&r->gil.turns), 4);
	crowd_join(c);
}
END_TEST

/* Who asked has got it elsewhere and is gone: it comes back in the end. */
START_TEST(nobody_there_after_all)
{
	struct gil g = {.interval = NSEC_PER_MSEC};

	gil_take(&g, 1);
	atomic_store(&g.wanted, 1);
	ck_assert(gil_yield(&g, 1));
	ck_assert_uint_eq(atomic_load(&g.holder), 1);
	ck_assert_uint_eq(atomic_load(&g.turns), 1);
	ck_assert(!gil_wanted(&g));
}
END_TEST

START_TEST(a_checkpoint_hands_over_only_if_requested)
{
	static struct thread_slot slot = {.id = 1, .state = STATE_RUNNING};
	struct room *r = room_new(NSEC_PER_MSEC, 1, 1);

	gil_checkpoint(NULL, &slot);
	gil_take(&r->gil, 1);
	gil_checkpoint(&r->gil, &slot);
	ck_assert_uint_eq(atomic_load(&slot.since), 0); /* no other state */

	struct crowd *c = crowd_start(0, 1, take_once, r);

	UNTIL(gil_wanted(&r->gil));
	gil_checkpoint(&r->gil, &slot);
	ck_assert_uint_eq(r->last, 2);
	ck_assert_uint_eq(atomic_load(&r->gil.holder), 1);
	ck_assert_uint_eq(atomic_load(&slot.state), STATE_RUNNING);
	ck_assert_uint_ne(atomic_load(&slot.since), 0);
	gil_drop(&r->gil);
	crowd_join(c);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("gil");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, no_wake_up_is_lost);
	tcase_add_loop_test(t, who_computes_gives_way_to_another, 2, 5);
	tcase_add_test(t, all_kinds_get_through);
	tcase_add_test(t, a_holder_is_asked_after_the_interval);
	tcase_add_test(t, and_not_before);
	tcase_add_test(t, nobody_there_after_all);
	tcase_add_test(t, a_checkpoint_hands_over_only_if_requested);
	return suite_run("gil", cases);
}
