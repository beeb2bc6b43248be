/* test_sum: what is lost, what is not, and what a death leaves behind. */
#include "slot/ledger.h"
#include "sum/lock_kinds.h"
#include "sum/sum.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crowd.h"
#include "suite.h"

#define RINGS    48
#define ADDS     20000
#define SWITCHES (suite_long() ? 1500U : 500U)

enum {
	NONE,
	MUTEX,
	SPIN,
	SEMAPHORE,
	ATOMIC,
	UNSHARED,
	TICKET,
	CAS,
	FILE_LOCK,
	PARTIAL,
	OWNER,
	KINDS
};

struct world {
	struct gate gate;
	struct sum_control sum;
	struct trace_control tracing;
	struct cell cell;
	struct thread_slot tslots[RINGS];
	_Atomic bool enough;
	uint64_t times; /* adds of a thread */
};

static struct world *
world_new(unsigned kind)
{
	struct world *w = crowd_memory(sizeof *w);
	const char *call;

	gate_init(&w->gate);
	MUST(cell_init(&w->cell) == 0);
	for (unsigned i = 0; i < lock_nkinds; i++)
		MUST(lock_prepare(i, &call) == 0);
	atomic_store(&w->sum.kind, kind);
	w->sum.wanted = kind;
	w->times = ADDS;
	for (unsigned i = 0; i < RINGS; i++) {
		w->tslots[i].id = i + 1;
		w->tslots[i].control = &w->tracing;
	}
	return w;
}

static struct adder
adder(struct world *w, unsigned who)
{
	return (struct adder){.cell = &w->cell,
	    .control = &w->sum,
	    .gate = &w->gate,
	    .tslot = &w->tslots[who]};
}

static struct ledger
books(const struct world *w)
{
	struct ledger sum = {0};

	for (unsigned i = 0; i < RINGS; i++) {
		struct ledger l = ledger_read(&w->tslots[i]);
		ledger_add(&sum, &l);
	}
	return sum;
}

static int64_t
value(const struct world *w)
{
	return cell_value(&w->cell, w->tslots, RINGS);
}

static bool
exact(int kind)
{
	return lock_kinds[kind].exact;
}

/* A kind whose adds are settled after a death: none is ever in doubt. */
static bool
settles(unsigned kind)
{
	return lock_kinds[kind].recover != NULL;
}

/* Its lock is a robust mutex, or the owner's is. */
#define NEED_RECOVERY(kind)                             \
	do {                                            \
		if ((kind) == MUTEX || (kind) == OWNER) \
			NEED_ROBUST();                  \
	} while (0)

static void
check_identity(const struct world *w)
{
	struct ledger l = books(w);

	ck_assert_int_eq(value(w) + l.lost, l.expected);
}

static void
check_nothing_lost(const struct world *w, uint64_t adds)
{
	struct ledger l = books(w);

	check_identity(w);
	ck_assert_int_eq(l.lost, 0);
	ck_assert_uint_eq(l.lost_updates, 0);
	ck_assert_uint_eq(l.adds, adds);
}

static void
add_times(void *arg, unsigned who)
{
	struct world *w = arg;
	struct adder a = adder(w, who);

	MUST(sum_add(&a, who + 1, w->times));
}

/* So many that those far behind in line sleep. */
START_TEST(a_long_line_for_tickets)
{
	struct world *w = world_new(TICKET);

	w->times = 300;
	atomic_store(&w->sum.window, 1);
	ck_assert_uint_eq(
	    crowd_join(crowd_start(2, RINGS / 2, add_times, w)), 0);
	check_nothing_lost(w, RINGS * w->times);
}
END_TEST

START_TEST(exact_kinds_lose_nothing)
{
	struct world *w = world_new((unsigned)_i);

	if (!exact(_i))
		return;
	/* A ticket is for one thread: each add waits until that has a core. */
	w->times = _i == TICKET ? ADDS / 100 : ADDS;
	ck_assert_uint_eq(crowd_join(crowd_start(3, 2, add_times, w)), 0);
	check_nothing_lost(w, 6 * w->times);
	ck_assert_int_eq(value(w), (int64_t)w->times * (1 + 2 + 3 + 4 + 5 + 6));
	ck_assert_uint_eq(word_id(atomic_load(&w->cell.word)) != 0,
	    _i != ATOMIC && _i != PARTIAL);
}
END_TEST

START_TEST(exact_kinds_lose_nothing_with_a_window)
{
	struct world *w = world_new((unsigned)_i);

	if (!exact(_i))
		return;
	atomic_store(&w->sum.window, 20 * NSEC_PER_USEC);
	w->times = 300;
	ck_assert_uint_eq(crowd_join(crowd_start(2, 2, add_times, w)), 0);
	check_nothing_lost(w, 4 * 300);
}
END_TEST

START_TEST(without_a_lock_the_books_say_what_is_lost)
{
	struct world *w = world_new(NONE);

	atomic_store(&w->sum.window, 100);
	ck_assert_uint_eq(crowd_join(crowd_start(3, 2, add_times, w)), 0);
	check_identity(w);
	ck_assert_uint_eq(books(w).adds, 6 * ADDS);
	ck_assert_int_eq(books(w).expected, ADDS * (1 + 2 + 3 + 4 + 5 + 6));
}
END_TEST

static bool
in_window(struct world *w, unsigned who)
{
	return atomic_load(&w->tslots[who].state) == STATE_WINDOW;
}

/* Everybody between load and store at once: all but the last are lost. */
START_TEST(in_a_wide_window_all_but_one_are_lost)
{
	struct world *w = world_new(NONE);

	atomic_store(&w->sum.window, 1000 * NSEC_PER_SEC);
	w->times = 1;
	struct crowd *c = crowd_start(2, 2, add_times, w);
	for (unsigned i = 0; i < 4; i++)
		UNTIL(in_window(w, i));
	atomic_store(&w->sum.window, 0);
	gate_stop(&w->gate); /* ends a window, not an add */
	crowd_join(c);
	check_identity(w);
	struct ledger l = books(w);
	ck_assert_int_eq(l.expected, 1 + 2 + 3 + 4);
	ck_assert_uint_eq(l.lost_updates, 3);
	ck_assert_int_ge(l.lost, 1 + 2 + 3);
	ck_assert_int_eq(l.lost + value(w), 10);
	ck_assert_int_ge(value(w), 1);
	ck_assert_int_le(value(w), 4);
}
END_TEST

START_TEST(a_mutex_not_shared_keeps_threads_of_one_process_apart)
{
	struct world *w = world_new(UNSHARED);

	ck_assert(!lock_kinds[UNSHARED].exact);
	atomic_store(&w->sum.window, 20 * NSEC_PER_USEC);
	w->times = 300;
	ck_assert_uint_eq(crowd_join(crowd_start(0, 4, add_times, w)), 0);
	check_nothing_lost(w, 4 * 300);
}
END_TEST

static unsigned
how_many_in_window(struct world *w)
{
	unsigned n = 0;

	for (unsigned i = 0; i < RINGS; i++)
		n += in_window(w, i);
	return n;
}

static uint64_t
how_many_contended(struct world *w)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < RINGS; i++)
		n += atomic_load(&w->tslots[i].contended);
	return n;
}

/* One of each process is between load and store: all but one are lost. */
START_TEST(a_mutex_not_shared_does_not_keep_processes_apart)
{
	struct world *w = world_new(UNSHARED);

	atomic_store(&w->sum.window, 1000 * NSEC_PER_SEC);
	w->times = 1;
	struct crowd *c = crowd_start(3, 2, add_times, w);
	UNTIL(how_many_in_window(w) == 3 && how_many_contended(w) == 3);
	atomic_store(&w->sum.window, 0);
	gate_stop(&w->gate);
	crowd_join(c);
	check_identity(w);
	ck_assert_uint_ge(books(w).lost_updates, 2);
	ck_assert_int_eq(books(w).expected, 1 + 2 + 3 + 4 + 5 + 6);
}
END_TEST

static void
add_until_enough(void *arg, unsigned who)
{
	struct world *w = arg;
	struct adder a = adder(w, who);

	while (!atomic_load(&w->enough))
		MUST(sum_add(&a, 1, 100));
}

/* At random, but never the same. */
static unsigned
next_exact(unsigned kind)
{
	static unsigned long seed = 1;
	unsigned next;

	do {
		seed = seed * 6364136223846793005UL + 1442695040888963407UL;
		next = (unsigned)(seed >> 33) % lock_nkinds;
	} while (next == kind || !exact((int)next));
	return next;
}

START_TEST(switching_between_exact_kinds_loses_nothing)
{
	struct world *w = world_new(MUTEX);
	struct crowd *c =
	    crowd_start(_i == 0 ? 0 : 2, _i == 0 ? 4 : 2, add_until_enough, w);
	unsigned kind = MUTEX;

	UNTIL(books(w).adds > 0);
	for (unsigned i = 0; i < SWITCHES; i++) {
		kind = next_exact(kind);
		sum_switch(&w->sum, kind);
		ck_assert_uint_eq(w->sum.wanted, kind);
		UNTIL(sum_switched(&w->sum, w->tslots, RINGS));
		ck_assert_uint_eq(sum_kind(&w->sum), kind);
	}
	atomic_store(&w->enough, true);
	ck_assert_uint_eq(crowd_join(c), 0);
	check_nothing_lost(w, books(w).adds);
	ck_assert_uint_eq(atomic_load(&w->sum.switches), SWITCHES);
}
END_TEST

START_TEST(switching_to_none_and_back_keeps_the_identity)
{
	struct world *w = world_new(MUTEX);
	struct crowd *c = crowd_start(2, 2, add_until_enough, w);

	for (unsigned i = 0; i < SWITCHES; i++) {
		sum_switch(&w->sum, i % lock_nkinds);
		UNTIL(sum_switched(&w->sum, w->tslots, RINGS));
	}
	atomic_store(&w->enough, true);
	ck_assert_uint_eq(crowd_join(c), 0);
	check_identity(w);
}
END_TEST

START_TEST(a_switch_may_be_taken_back)
{
	struct world *w = world_new(MUTEX);

	sum_switch(&w->sum, MUTEX);
	ck_assert(sum_switched(&w->sum, w->tslots, RINGS));
	atomic_store(&w->tslots[0].adding, MUTEX + 1);
	sum_switch(&w->sum, SPIN);
	ck_assert(!sum_switched(&w->sum, w->tslots, RINGS));
	ck_assert_uint_eq(sum_kind(&w->sum), MUTEX);
	sum_switch(&w->sum, MUTEX);
	atomic_store(&w->tslots[0].adding, 0);
	ck_assert(sum_switched(&w->sum, w->tslots, RINGS));
	ck_assert_uint_eq(atomic_load(&w->sum.switches), 0);
}
END_TEST

#define WINDOW (100 * NSEC_PER_SEC) /* at SPEED_MAX a tenth of a second */

static void
add_once(void *arg)
{
	struct adder a = adder(arg, 0);

	MUST(sum_add(&a, 100, 1));
}

static pid_t
child_in_window(struct world *w)
{
	atomic_store(&w->sum.window, WINDOW);
	pid_t pid = crowd_child(add_once, w);
	UNTIL(in_window(w, 0));
	atomic_store(&w->sum.window, 0);
	return pid;
}

/* All but the child, who has ring 0. */
static void
others_add(void *arg, unsigned who)
{
	struct world *w = arg;
	struct adder a = adder(w, who + 1);

	MUST(sum_add(&a, 1, w->times));
}

/* Stopped in the window, with the lock or without: the switch waits. */
START_TEST(a_stopped_add_holds_a_switch_up_and_no_more)
{
	if (_i == ATOMIC)
		return; /* it has no window */
	struct world *w = world_new((unsigned)_i);
	unsigned other = _i == SPIN ? MUTEX : SPIN;
	pid_t pid = child_in_window(w);
	int status;

	kill(pid, SIGSTOP);
	ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
	sum_switch(&w->sum, other);
	struct crowd *c = crowd_start(0, 2, others_add, w);
	for (int i = 0; i < 1000; i++) {
		ck_assert(!sum_switched(&w->sum, w->tslots, RINGS));
		crowd_yield();
	}
	ck_assert_uint_eq(sum_kind(&w->sum), (unsigned)_i);
	ck_assert_uint_eq(books(w).adds, 0);
	gate_set_speed(&w->gate, SPEED_MAX);
	kill(pid, SIGCONT);
	UNTIL(sum_switched(&w->sum, w->tslots, RINGS));
	ck_assert_uint_eq(sum_kind(&w->sum), other);
	ck_assert_uint_eq(crowd_join(c), 0);
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	check_nothing_lost(w, 2 * ADDS + 1);
}
END_TEST

/* The dead one has ring `who`; returns how many adds are in doubt. */
static int
recover(struct world *w, unsigned who)
{
	int doubt = -EAGAIN;

	UNTIL(
	    (doubt = sum_recover(&w->sum, &w->cell, &w->tslots[who], 1)) >= 0);
	ck_assert_uint_eq(atomic_load(&w->tslots[who].adding), 0);
	ck_assert(!ledger_pending(&w->tslots[who]));
	return doubt;
}

START_TEST(a_death_in_the_window_gives_the_lock_back)
{
	if (_i == ATOMIC)
		return; /* it has no window */
	NEED_RECOVERY(_i);
	struct world *w = world_new((unsigned)_i);
	pid_t pid = child_in_window(w);
	struct crowd *c = crowd_start(0, 2, others_add, w);

	if (lock_kinds[_i].acquire != NULL)
		UNTIL(_i == UNSHARED || cell_holder(&w->cell) == 1);
	crowd_kill(pid);
	ck_assert_int_eq(recover(w, 0), 0);
	ck_assert_uint_ne(cell_holder(&w->cell), 1);
	ck_assert_uint_eq(crowd_join(c), 0);
	if (lock_kinds[_i].exact)
		check_nothing_lost(w, 2 * ADDS + (_i == OWNER));
	check_identity(w);
}
END_TEST

/* Dies in the very middle of an add: `stored` or not. */
static struct {
	struct world *w;
	bool stored;
} victim;

static void
die_adding(void *arg)
{
	struct adder a = adder(victim.w, 0);
	unsigned kind = sum_kind(&victim.w->sum);

	(void)arg;
	atomic_store(&a.tslot->adding, kind + 1);
	if (lock_kinds[kind].acquire != NULL)
		MUST(lock_kinds[kind].acquire(&a));
	if (kind == OWNER) { /* at its own mailbox */
		MUST(pthread_mutex_lock(&a.cell->owner) == 0);
		atomic_store(&a.cell->applying, a.tslot->id);
	}
	int64_t seen = kind == PARTIAL ? atomic_load(&a.tslot->part)
				       : word_value(atomic_load(&a.cell->word));
	ledger_amount(a.tslot, 100);
	if (kind == OWNER)
		atomic_store(&a.tslot->posted, 1);
	if (kind == PARTIAL)
		ledger_part_begin(a.tslot);
	else
		ledger_intend(a.tslot, seen);
	if (victim.stored && kind == PARTIAL)
		atomic_store(&a.tslot->part, seen + 100);
	else if (victim.stored)
		atomic_store(&a.cell->word, word_make(seen + 100, a.tslot->id));
	kill(getpid(), SIGKILL);
}

static bool
stored(int i)
{
	return i % 2 != 0;
}

static unsigned
kind_of(int i)
{
	return (unsigned)i / 2;
}

START_TEST(an_add_cut_short_is_settled)
{
	struct world *w = world_new(kind_of(_i));
	bool guarded = settles(kind_of(_i));

	NEED_RECOVERY(kind_of(_i));
	if (kind_of(_i) != OWNER) /* there is none yet */
		others_add(w, 2);
	victim.w = w;
	victim.stored = stored(_i);
	pid_t pid = crowd_child(die_adding, NULL);
	waitpid(pid, NULL, 0);
	/* The next to come inherits the mutex, or the supervisor does. */
	if (kind_of(_i) == MUTEX || kind_of(_i) == FILE_LOCK || !guarded)
		others_add(w, 3);
	ck_assert_int_eq(recover(w, 0), guarded ? 0 : 1);
	others_add(w, 4);
	struct ledger l = ledger_read(&w->tslots[0]);
	/* What was handed in is added all the same. */
	bool booked = guarded && (stored(_i) || kind_of(_i) == OWNER);
	ck_assert_uint_eq(l.adds, booked ? 1 : 0);
	ck_assert_int_eq(l.expected, booked ? 100 : 0);
	if (guarded)
		check_nothing_lost(w, books(w).adds);
	ck_assert_int_eq(
	    value(w) - books(w).expected, !guarded && stored(_i) ? 100 : 0);
}
END_TEST

static void
add_for_ever(void *arg)
{
	struct world *w = arg;
	struct adder a = adder(w, 0);

	for (;;)
		sum_add(&a, 1, 1000);
}

/* Or a switch would have to wait for as many windows as adds. */
START_TEST(a_window_is_for_what_is_handed_in_after_it)
{
	struct world *w = world_new(OWNER);
	struct thread_slot *r = &w->tslots[0];

	ledger_amount(r, 1);
	atomic_store(&r->posted, 500);
	atomic_store(&w->cell.crowds[0], 1);
	atomic_store(&w->cell.callers[0], 1U << r->id);
	atomic_store(&w->sum.window, 1000 * NSEC_PER_SEC);
	w->times = 1;
	struct crowd *c = crowd_start(1, 1, others_add, w);
	UNTIL(ledger_read(r).adds == 500 && in_window(w, 1));
	gate_stop(&w->gate);
	crowd_join(c);
	check_nothing_lost(w, 501);
}
END_TEST

START_TEST(random_deaths_leave_nothing_open)
{
	struct world *w = world_new((unsigned)_i);
	struct crowd *c;
	int64_t doubt = 0;

	NEED_RECOVERY(_i);
	w->times = UINT64_MAX;
	c = crowd_start(1, 2, others_add, w);
	for (unsigned i = 0; i < (suite_long() ? 60 : 20); i++) {
		uint64_t before = ledger_read(&w->tslots[0]).adds;
		pid_t pid = crowd_child(add_for_ever, w);

		UNTIL(ledger_read(&w->tslots[0]).adds > before + i * 17);
		crowd_kill(pid);
		int in_doubt = recover(w, 0);
		ck_assert_int_le(in_doubt, settles((unsigned)_i) ? 0 : 1);
		doubt += in_doubt;
	}
	crowd_kill(crowd_pid(c, 0));
	crowd_join(c);
	doubt += recover(w, 1) + recover(w, 2);
	struct ledger l = books(w);
	int64_t off = value(w) + l.lost - l.expected;
	if (doubt == 0 || settles((unsigned)_i))
		ck_assert_int_eq(off, 0);
	ck_assert(!lock_kinds[_i].exact || (off >= 0 && off <= doubt));
	ck_assert(!lock_kinds[_i].exact || l.lost == 0);
}
END_TEST

static void
add_until_stopped(void *arg, unsigned who)
{
	struct adder a = adder(arg, who);

	MUST(!sum_add(&a, 1, UINT64_MAX));
}

START_TEST(stop_ends_an_endless_add)
{
	struct world *w = world_new((unsigned)_i);
	struct crowd *c;

	c = crowd_start(2, 1, add_until_stopped, w);
	UNTIL(books(w).adds > 0);
	gate_stop(&w->gate);
	ck_assert_uint_eq(crowd_join(c), 0);
	ck_assert_uint_eq(atomic_load(&w->tslots[0].adding), 0);
	check_identity(w);
}
END_TEST

static void
slot_1(void *arg, unsigned who)
{
	add_times(arg, who + 1);
}

static void
slot_2(void *arg, unsigned who)
{
	add_times(arg, who + 2);
}

static void
slot_3(void *arg, unsigned who)
{
	add_times(arg, who + 3);
}

static uint64_t
acquired(struct world *w, unsigned who)
{
	return atomic_load(&w->tslots[who].acquired);
}

static uint64_t
drawn(struct world *w)
{
	return atomic_load(&w->cell.next) >> CELL_ID_BITS;
}

/* Three wait in line; the one in the middle dies. */
START_TEST(who_dies_in_the_line_is_passed_over)
{
	struct world *w = world_new(TICKET);
	struct crowd *c[4];

	atomic_store(&w->sum.window, WINDOW);
	w->times = 1;
	pid_t holder = child_in_window(w);
	for (unsigned i = 1; i <= 3; i++) {
		c[i] = crowd_start(1, 1,
		    i == 1       ? slot_1
			: i == 2 ? slot_2
				 : slot_3,
		    w);
		UNTIL(drawn(w) == i + 1);
	}
	crowd_kill(crowd_pid(c[2], 0));
	crowd_join(c[2]);
	ck_assert_int_eq(recover(w, 2), 0);
	ck_assert_uint_eq(acquired(w, 1) + acquired(w, 3), 0);
	if (_i == 0) {
		gate_set_speed(&w->gate, SPEED_MAX);
		waitpid(holder, NULL, 0);
	} else {
		crowd_kill(holder);
		ck_assert_int_eq(recover(w, 0), 0);
	}
	ck_assert_uint_eq(crowd_join(c[1]) + crowd_join(c[3]), 0);
	check_nothing_lost(w, _i == 0 ? 3 : 2);
	ck_assert_uint_eq(acquired(w, 2), 0);
	ck_assert_uint_eq(atomic_load(&w->cell.serving), 4);
}
END_TEST

/* Whole laps of dead drawers leave the line as it was. */
START_TEST(dead_drawers_leave_free_places)
{
	struct world *w = world_new(TICKET);

	w->times = 1;
	for (unsigned i = 0; i < 3 * CELL_TICKETS; i++) {
		uint64_t t = drawn(w);

		/* Only `next` says whose it is, unless others have come. */
		atomic_store(
		    &w->cell.next, (t + 1) << CELL_ID_BITS | w->tslots[0].id);
		if (i % 16 == 0) {
			struct crowd *c = crowd_start(1, 1, slot_1, w);

			UNTIL(drawn(w) == t + 2);
			ck_assert_int_eq(recover(w, 0), 0);
			ck_assert_uint_eq(crowd_join(c), 0);
			continue;
		}
		ck_assert_int_eq(recover(w, 0), 0);
		add_times(w, 1);
	}
	check_nothing_lost(w, 3 * CELL_TICKETS);
}
END_TEST

/* Both have read before either swaps: one must try again. */
START_TEST(a_swap_in_vain_is_counted)
{
	struct world *w = world_new(CAS);

	atomic_store(&w->sum.window, WINDOW);
	w->times = 1;
	struct crowd *c = crowd_start(2, 1, add_times, w);
	UNTIL(how_many_in_window(w) == 2);
	gate_set_speed(&w->gate, SPEED_MAX);
	ck_assert_uint_eq(crowd_join(c), 0);
	check_nothing_lost(w, 2);
	ck_assert_uint_eq(atomic_load(&w->tslots[0].contended) +
		atomic_load(&w->tslots[1].contended),
	    1);
}
END_TEST

START_TEST(the_part_of_a_dead_thread_stays)
{
	struct world *w = world_new(PARTIAL);

	w->times = 1;
	add_times(w, 4);
	ck_assert_int_eq(word_value(atomic_load(&w->cell.word)), 0);
	ck_assert_int_eq(value(w), 5);
	ck_assert_int_eq(recover(w, 4), 0);
	ck_assert_int_eq(atomic_load(&w->tslots[4].part), 0);
	ck_assert_int_eq(value(w), 5);
	check_identity(w);
}
END_TEST

/* As many as go by before the number of an add comes again in a note. */
START_TEST(adds_without_a_note_leave_none_open)
{
	static const unsigned from[] = {NONE, ATOMIC, CAS, PARTIAL};
	struct world *w = world_new(from[_i / KINDS]);
	struct adder a = adder(w, 0);

	ck_assert(sum_add(&a, 3, LEDGER_TAG));
	sum_switch(&w->sum, (unsigned)_i % KINDS);
	ck_assert(sum_switched(&w->sum, w->tslots, RINGS));
	ck_assert_int_eq(recover(w, 0), 0);
	check_nothing_lost(w, LEDGER_TAG);
}
END_TEST

START_TEST(kinds_have_names)
{
	ck_assert_int_eq(lock_find("none"), NONE);
	ck_assert_int_eq(lock_find("mutex"), MUTEX);
	ck_assert_int_eq(lock_find("spin"), SPIN);
	ck_assert_int_eq(lock_find("semaphore"), SEMAPHORE);
	ck_assert_int_eq(lock_find("atomic"), ATOMIC);
	ck_assert_int_eq(lock_find("unshared"), UNSHARED);
	ck_assert_int_eq(lock_find("ticket"), TICKET);
	ck_assert_int_eq(lock_find("cas"), CAS);
	ck_assert_int_eq(lock_find("file"), FILE_LOCK);
	ck_assert_int_eq(lock_find("partial"), PARTIAL);
	ck_assert_int_eq(lock_find("owner"), OWNER);
	ck_assert_int_eq(lock_find(""), -1);
	ck_assert_uint_eq(lock_nkinds, KINDS);
	ck_assert(!lock_kinds[NONE].exact);
}
END_TEST

START_TEST(a_word_holds_value_and_writer)
{
	static const int64_t values[] = {0, 1, -1, CELL_MAX, -CELL_MAX};

	for (unsigned i = 0; i < 5; i++) {
		uint64_t word = word_make(values[i], CELL_MAX_ID);

		ck_assert_int_eq(word_value(word), values[i]);
		ck_assert_uint_eq(word_id(word), CELL_MAX_ID);
	}
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("sum");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, a_long_line_for_tickets);
	tcase_add_loop_test(t, exact_kinds_lose_nothing, MUTEX, KINDS);
	tcase_add_loop_test(
	    t, exact_kinds_lose_nothing_with_a_window, MUTEX, KINDS);
	tcase_add_test(t, without_a_lock_the_books_say_what_is_lost);
	tcase_add_test(
	    t, a_mutex_not_shared_keeps_threads_of_one_process_apart);
	tcase_add_test(t, a_mutex_not_shared_does_not_keep_processes_apart);
	tcase_add_test(t, in_a_wide_window_all_but_one_are_lost);
	tcase_add_loop_test(
	    t, switching_between_exact_kinds_loses_nothing, 0, 2);
	tcase_add_test(t, switching_to_none_and_back_keeps_the_identity);
	tcase_add_test(t, a_switch_may_be_taken_back);
	tcase_add_loop_test(
	    t, a_stopped_add_holds_a_switch_up_and_no_more, NONE, KINDS);
	tcase_add_loop_test(
	    t, a_death_in_the_window_gives_the_lock_back, NONE, KINDS);
	tcase_add_loop_test(t, an_add_cut_short_is_settled, 0, 2 * KINDS);
	tcase_add_test(t, a_window_is_for_what_is_handed_in_after_it);
	tcase_add_loop_test(t, random_deaths_leave_nothing_open, 0, KINDS);
	tcase_add_loop_test(t, stop_ends_an_endless_add, 0, KINDS);
	tcase_add_loop_test(t, who_dies_in_the_line_is_passed_over, 0, 2);
	tcase_add_test(t, dead_drawers_leave_free_places);
	tcase_add_test(t, a_swap_in_vain_is_counted);
	tcase_add_test(t, the_part_of_a_dead_thread_stays);
	tcase_add_loop_test(
	    t, adds_without_a_note_leave_none_open, 0, 4 * KINDS);
	tcase_add_test(t, kinds_have_names);
	tcase_add_test(t, a_word_holds_value_and_writer);
	return suite_run("sum", cases);
}
