/* test_slot: the trace keeps to its budget, the books are all or nothing. */
#include "slot/ledger.h"
#include "slot/slot.h"
#include "slot/trace.h"

#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "suite.h"

#define COMMITS 300000
#define KILLS   100

static struct trace_control control;

struct shared {
	struct thread_slot tslot;
	_Atomic bool over;
};

static uint64_t
head(const struct thread_slot *r)
{
	return atomic_load(&r->head);
}

START_TEST(a_tick_has_a_budget)
{
	struct thread_slot r = {.control = &control};

	atomic_store(&control.budget, 5);
	for (int i = 0; i < 20; i++)
		trace(&r, TRACE_GET, 0, i);
	ck_assert_uint_eq(head(&r), 0); /* tick 0: no tracing */
	for (unsigned tick = 1; tick < 4; tick++) {
		atomic_store(&control.tick, tick);
		for (int i = 0; i < 20; i++)
			trace(&r, TRACE_GET, 0, i);
		ck_assert_uint_eq(head(&r), 5 * tick);
	}
	atomic_store(&control.budget, 0);
	atomic_store(&control.tick, 9);
	ck_assert(!trace_on(&r));
}
END_TEST

START_TEST(events_say_what_when_and_where)
{
	struct thread_slot r = {.control = &control};

	atomic_store(&r.item, 7);
	atomic_store(&r.task, 3);
	for (int i = 0; i < TRACE_EVENTS + 2; i++)
		trace_write(&r, 1000 + (uint64_t)i, TRACE_LOST, -i, i, 42);
	ck_assert_uint_eq(head(&r), TRACE_EVENTS + 2);
	const struct trace_event *e = &r.events[1]; /* of the second round */
	ck_assert_uint_eq(atomic_load(&e->stamp), 1000 + TRACE_EVENTS + 1);
	ck_assert_uint_eq(atomic_load(&e->what), 42ULL << 32 | TRACE_LOST);
	ck_assert_int_eq(atomic_load(&e->seen), -(TRACE_EVENTS + 1));
	ck_assert_int_eq(atomic_load(&e->value), TRACE_EVENTS + 1);
	ck_assert_uint_eq(atomic_load(&e->where), 3ULL << 32 | 7);
	trace_write(&r, 0, TRACE_GET, 0, 0, 0);
	ck_assert_uint_gt(atomic_load(&r.events[2].stamp), 2000);
}
END_TEST

START_TEST(a_state_has_a_beginning)
{
	struct thread_slot r = {.control = &control};

	slot_state_at(&r, STATE_SLEEPING, 5);
	slot_state(&r, STATE_SLEEPING);
	ck_assert_uint_eq(atomic_load(&r.since), 5); /* it goes on */
	slot_state(&r, STATE_RUNNING);
	ck_assert_uint_eq(atomic_load(&r.state), STATE_RUNNING);
	ck_assert_uint_gt(atomic_load(&r.since), 5);
}
END_TEST

/* Every commit: 3 added, 2 lost, one update. */
static void
commit(struct thread_slot *r)
{
	ledger_amount(r, 3);
	ledger_intend(r, 0);
	ledger_commit_lost(r, 2);
}

static void
check(const struct thread_slot *r, uint64_t *least)
{
	struct ledger l = ledger_read(r);

	MUST(l.expected == 3 * (int64_t)l.adds);
	MUST(l.lost == 2 * (int64_t)l.adds);
	MUST(l.lost_updates == l.adds);
	MUST(l.adds >= *least);
	*least = l.adds;
}

static void
write_or_read(void *arg, unsigned who)
{
	struct shared *s = arg;
	uint64_t least = 0;

	if (who == 0) {
		for (int i = 0; i < COMMITS; i++)
			commit(&s->tslot);
		atomic_store(&s->over, true);
		return;
	}
	while (!atomic_load(&s->over))
		check(&s->tslot, &least);
	check(&s->tslot, &least);
	MUST(least == COMMITS);
}

START_TEST(a_copy_of_living_books_is_whole)
{
	struct shared *s = crowd_memory(sizeof *s);
	unsigned processes = _i == 0 ? 0 : 2;

	ck_assert_uint_eq(crowd_join(crowd_start(
			      processes, _i == 0 ? 2 : 1, write_or_read, s)),
	    0);
}
END_TEST

static void
commit_for_ever(void *arg)
{
	struct shared *s = arg;

	for (;;)
		commit(&s->tslot);
}

START_TEST(books_of_the_killed_are_whole)
{
	struct shared *s = crowd_memory(sizeof *s);
	uint64_t least = 0;

	for (int i = 0; i < KILLS; i++) {
		uint64_t before = ledger_adds(&s->tslot);
		pid_t pid = crowd_child(commit_for_ever, s);

		UNTIL(ledger_adds(&s->tslot) > before + (uint64_t)(i * 37));
		crowd_kill(pid);
		check(&s->tslot, &least);
		if (i % 2 == 0 && ledger_pending(&s->tslot))
			ledger_commit_lost(&s->tslot, 2);
		else
			ledger_cancel(&s->tslot);
		ck_assert(!ledger_pending(&s->tslot));
		check(&s->tslot, &least);
	}
}
END_TEST

START_TEST(an_add_is_pending_until_booked)
{
	struct thread_slot r = {.control = &control};

	ck_assert(!ledger_pending(&r));
	ledger_amount(&r, 3);
	ledger_intend(&r, 10);
	ck_assert(ledger_pending(&r));
	ledger_cancel(&r);
	ck_assert(!ledger_pending(&r));
	ck_assert_uint_eq(ledger_read(&r).adds, 0);
	ledger_intend(&r, 10);
	ledger_commit_lost(&r, -4);
	ck_assert(!ledger_pending(&r));
	struct ledger l = ledger_read(&r);
	ck_assert_int_eq(l.expected, 3);
	ck_assert_int_eq(l.lost, -4);
	ck_assert_uint_eq(l.adds, 1);
	ck_assert_uint_eq(l.lost_updates, 1);
	ledger_add(&l, &l);
	ck_assert_int_eq(l.expected, 6);
	ck_assert_int_eq(l.lost, -8);
	ck_assert_uint_eq(l.adds, 2);
	ck_assert_uint_eq(l.lost_updates, 2);
}
END_TEST

START_TEST(events_made_are_known_from_the_counters)
{
	struct thread_slot r = {.control = &control};

	commit(&r);
	SLOT_BUMP(r.tasks, 2);
	SLOT_BUMP(r.acquired, 3);
	ck_assert_uint_eq(trace_made(&r), 2 * (1 + 2 + 3) + 1);
}
END_TEST

static bool
is_called(const struct thread_slot *r, const char *name)
{
	return strcmp(slot_name(r).text, name) == 0;
}

START_TEST(a_long_name_is_cut)
{
	struct thread_slot r = {.control = &control};

	slot_begin(&r, 1, "sixteen letters!");
	ck_assert(is_called(&r, "sixteen letters"));
	slot_begin(&r, 2, "two");
	ck_assert(is_called(&r, "two"));
}
END_TEST

START_TEST(reset_forgets_but_who_it_is)
{
	struct thread_slot r = {
	    .control = &control, .id = 5, .slot = 2, .index = 3};

	slot_begin(&r, 77, "one");
	ck_assert_int_eq(atomic_load(&r.tid), 77);
	commit(&r);
	trace_write(&r, 1, TRACE_GET, 0, 0, 0);
	atomic_store(&r.adding, 1);
	atomic_store(&r.posted, 9);
	atomic_store(&r.part, 4); /* others may be adding it up */
	ck_assert(is_called(&r, "one"));
	slot_reset(&r);
	ck_assert_int_eq(atomic_load(&r.part), 4);
	ck_assert_uint_eq(atomic_load(&r.posted), 0);
	ck_assert_int_eq(atomic_load(&r.last_tid), 77);
	ck_assert(is_called(&r, ""));
	ck_assert_ptr_eq(r.control, &control);
	ck_assert_uint_eq(r.id, 5);
	ck_assert_uint_eq(r.slot, 2);
	ck_assert_uint_eq(r.index, 3);
	ck_assert_int_eq(atomic_load(&r.tid), 0);
	ck_assert_uint_eq(head(&r), 0);
	ck_assert_uint_eq(atomic_load(&r.adding), 0);
	ck_assert_uint_eq(ledger_read(&r).adds, 0);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("slot");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, a_tick_has_a_budget);
	tcase_add_test(t, events_say_what_when_and_where);
	tcase_add_test(t, a_state_has_a_beginning);
	tcase_add_loop_test(t, a_copy_of_living_books_is_whole, 0, 2);
	tcase_add_test(t, books_of_the_killed_are_whole);
	tcase_add_test(t, an_add_is_pending_until_booked);
	tcase_add_test(t, events_made_are_known_from_the_counters);
	tcase_add_test(t, a_long_name_is_cut);
	tcase_add_test(t, reset_forgets_but_who_it_is);
	return suite_run("slot", cases);
}
