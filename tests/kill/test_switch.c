/*
 * test_switch: kinds that lose nothing, switched at random thousands of times
 * while all threads of all workers add, lose nothing; also if workers die.
 *
 * As many commands as are acknowledged are sent anew: so the engine sets the
 * pace, which is more than a thousand a second on an idle machine and much
 * less on a busy one. What counts is switches that came into force; most are
 * overtaken by the next.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine.h"
#include "suite.h"

#define SWITCHES      1500
#define LONG_SWITCHES 10000
#define KILLS         8
#define AT_ONCE       16 /* commands on their way */

/*
 * Rows of the engine's table: all but none and unshared. Under the first of
 * them an add that a death cuts short is settled, under the others in doubt.
 */
static const int64_t exact[] = {1, 2, 3, 6, 8, 9, 10, 4, 7};
#define SETTLED 7
#define ALL     9

static unsigned switches;
static uint64_t seed;

static uint64_t
next(void)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return seed >> 33;
}

static struct engine *
start(const char *shape)
{
	char words[256];

	snprintf(words, sizeof words,
	    "race %s --items 8x100000000 --adds 50 --window 0 --lock mutex",
	    shape);
	struct engine *e = engine_start("LOCKSTEP_ENGINE", NULL, NULL, words);
	ENGINE_UNTIL(
	    e, e->control.phase == PHASE_RUNNING && e->sum.expected > 0);
	return e;
}

/* To another one of the first n; back when few enough are on their way. */
static int64_t
switch_once(struct engine *e, int64_t kind, unsigned n)
{
	int64_t other;

	do
		other = exact[next() % n];
	while (other == kind);
	engine_send(e, COMMAND_LOCK, other);
	ENGINE_UNTIL(e, e->asked - e->control.ack < AT_ONCE);
	ck_assert_int_eq(e->control.result, 0);
	ck_assert_int_eq(e->sum.lost, 0);
	return other;
}

/* Kills while it goes on, evenly spread, each when the last one is known. */
static void
switch_all(struct engine *e, unsigned n, unsigned kills)
{
	struct engine_proc *victim;
	unsigned killed = 0;
	int64_t kind = exact[0];

	while (e->lock.switches < switches || killed < kills) {
		kind = switch_once(e, kind, n);
		if (killed == kills || engine_killed(e) < killed ||
		    e->lock.switches < switches / (kills + 1) * (killed + 1) ||
		    (victim = engine_worker(e, 0)) == NULL)
			continue;
		kill(victim->pid, SIGKILL);
		killed++;
	}
	ENGINE_UNTIL(e, e->control.ack == e->asked);
	ENGINE_UNTIL(e, engine_killed(e) == kills);
	ck_assert_uint_eq(engine_alive(e) + kills, e->nprocs);
}

/* An add in doubt is in the sum, or it is not. */
static void
stop(struct engine *e)
{
	engine_send(e, COMMAND_STOP, 0);
	ck_assert_int_eq(engine_end(e), 0);
	ck_assert_str_eq(e->errors, "");
	ck_assert_uint_eq(e->byes, 1);
	ck_assert_int_gt(e->sum.expected, switches);
	ck_assert_int_eq(e->sum.lost, 0);
	ck_assert_uint_eq(e->sum.lost_updates, 0);
	ck_assert_int_ge(e->sum.sum, e->sum.expected);
	ck_assert_int_le(e->sum.sum, e->sum.expected + e->sum.in_doubt);
	free(e);
}

static const char *const shapes[] = {"--processes 1 --threads 4",
    "--processes 4 --threads 1", "--processes 2 --threads 3"};

START_TEST(switching_loses_nothing)
{
	struct engine *e = start(shapes[_i]);

	seed = (unsigned)_i;
	e->exact = true;
	switch_all(e, ALL, 0);
	stop(e);
}
END_TEST

START_TEST(deaths_meanwhile_lose_nothing)
{
	bool settled = _i == 0;
	struct engine *e = start("--processes 3 --threads 2");

	seed = (unsigned)_i;
	e->exact = settled;
	switch_all(e, settled ? SETTLED : ALL, KILLS);
	stop(e);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("switch");
	TCase *const cases[] = {t, NULL};

	switches = suite_long() ? LONG_SWITCHES : SWITCHES;
	tcase_add_loop_test(t, switching_loses_nothing, 0, 3);
	tcase_add_loop_test(t, deaths_meanwhile_lose_nothing, 0, 2);
	return suite_run("switch", cases);
}
