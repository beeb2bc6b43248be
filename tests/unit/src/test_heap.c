/* test_heap: blocks are one taker's only, come back, and survive the dead. */
#include "memory/heap.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "crowd.h"
#include "suite.h"

#define SIZE   (64ULL << 20)
#define LINE   ((size_t)ARENA_LINE)
#define MIB    ((size_t)1 << 20)
#define ROUNDS 20000
#define HOLD   8
#define KILLS  60

static struct arena arena;
static struct heap *h;

static void
setup(void)
{
	ck_assert_int_eq(arena_open(&arena, SIZE + 65536), 0);
	h = heap_new(&arena, SIZE);
	ck_assert_ptr_nonnull(h);
}

static void
teardown(void)
{
	arena_close(&arena);
}

START_TEST(a_block_is_aligned_and_its_own)
{
	char *blocks[64];

	for (int i = 0; i < 64; i++) {
		blocks[i] = heap_take(h, (size_t)i * 37);
		ck_assert_ptr_nonnull(blocks[i]);
		ck_assert_uint_eq((uintptr_t)blocks[i] % LINE, 0);
		memset(blocks[i], i, (size_t)i * 37);
	}
	for (int i = 0; i < 64; i++)
		for (int k = 0; k < i * 37; k++)
			ck_assert_int_eq(blocks[i][k], i);
}
END_TEST

START_TEST(sizes_are_rounded_up_to_powers_of_two)
{
	static const size_t sizes[][2] = {{0, 64}, {1, 64}, {64, 64}, {65, 128},
	    {128, 128}, {129, 256}, {4096, 4096}, {4097, 8192},
	    {1 << 20, 1 << 20}, {(1 << 20) + 1, 1 << 21}};

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		void *p = heap_take(h, sizes[i][0]);
		ck_assert_uint_eq(heap_used(h), sizes[i][1]);
		heap_give(h, p);
		ck_assert_uint_eq(heap_used(h), 0);
	}
}
END_TEST

START_TEST(what_is_given_back_is_taken_again)
{
	char *p = heap_take(h, MIB);

	for (size_t i = 0; i < 10 * SIZE / MIB; i++) {
		heap_give(h, p);
		ck_assert_ptr_eq(heap_take(h, MIB - i), p);
	}
	heap_give(h, NULL);
	ck_assert_uint_eq(heap_used(h), MIB);
}
END_TEST

START_TEST(it_says_when_there_is_no_more)
{
	void *all[SIZE / MIB];
	unsigned n = 0;

	while ((all[n] = heap_take(h, MIB)) != NULL)
		n++;
	ck_assert_uint_ge(n, SIZE / MIB * 9 / 10);
	ck_assert_uint_eq(heap_used(h), n * MIB);
	ck_assert_ptr_null(heap_take(h, SIZE));
	ck_assert_ptr_null(heap_take(h, SIZE_MAX));
	while (heap_take(h, 64) != NULL) /* the rest */
		;
	heap_give(h, all[0]);
	/* A large block will do for a small one, and stays large. */
	size_t used = heap_used(h);
	ck_assert_ptr_eq(heap_take(h, 64), all[0]);
	ck_assert_uint_eq(heap_used(h), used + MIB);
	heap_give(h, all[0]);
	ck_assert_ptr_eq(heap_take(h, MIB), all[0]);
}
END_TEST

START_TEST(zeroed_is_zero_also_the_second_time)
{
	for (int i = 0; i < 3; i++) {
		char *p = heap_take_zeroed(h, 5000);

		for (int k = 0; k < 5000; k++)
			ck_assert_int_eq(p[k], 0);
		memset(p, 1, 5000);
		heap_give(h, p);
	}
}
END_TEST

START_TEST(no_room_for_a_heap)
{
	ck_assert_ptr_null(heap_new(&arena, SIZE));
}
END_TEST

static void
give_twice(void *arg)
{
	void *p = heap_take(h, 100);

	(void)arg;
	heap_give(h, p);
	heap_give(h, p);
}

static void
give_a_stranger(void *arg)
{
	heap_give(h, arg);
}

static int
ending(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

START_TEST(a_block_is_given_back_once)
{
	char here;

	ck_assert_int_eq(ending(crowd_child(give_twice, NULL)), SIGABRT);
	ck_assert_int_eq(ending(crowd_child(give_a_stranger, &here)), SIGABRT);
	ck_assert_int_eq(
	    ending(crowd_child(give_a_stranger, (char *)heap_take(h, 64) + 1)),
	    SIGABRT);
}
END_TEST

/* Each block bears its taker's mark from end to end while it is held. */
static void
take_and_give(void *arg, unsigned who)
{
	unsigned char *held[HOLD] = {0}, mark = (unsigned char)(who + 1);
	size_t sizes[HOLD] = {0};
	unsigned seed = who + 1;

	(void)arg;
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned k = i % HOLD;

		for (size_t n = 0; n < sizes[k]; n += LINE - 1)
			MUST(held[k][n] == mark);
		heap_give(h, held[k]);
		seed = seed * 1103515245 + 12345;
		sizes[k] = 1 + (seed >> 16) % 1000;
		held[k] = heap_take(h, sizes[k]);
		MUST(held[k] != NULL);
		memset(held[k], mark, sizes[k]);
	}
	for (unsigned k = 0; k < HOLD; k++)
		heap_give(h, held[k]);
}

START_TEST(nobody_gets_the_block_of_another)
{
	unsigned processes = _i == 0 ? 0 : 3;

	ck_assert_uint_eq(crowd_join(crowd_start(
			      processes, _i == 0 ? 4 : 1, take_and_give, NULL)),
	    0);
	ck_assert_uint_eq(heap_used(h), 0);
}
END_TEST

static void
take_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		take_and_give(NULL, 7);
}

START_TEST(a_kill_leaks_what_the_dead_had)
{
	for (unsigned i = 0; i < KILLS; i++) {
		size_t used = heap_used(h);
		pid_t pid = crowd_child(take_for_ever, NULL);

		UNTIL(heap_used(h) > used + (i % 7) * LINE);
		crowd_kill(pid);
		/* All that it held, and the one it was about. */
		ck_assert_uint_le(heap_used(h), used + (HOLD + 1) * 1024);
	}
	size_t used = heap_used(h);
	take_and_give(NULL, 1);
	ck_assert_uint_eq(heap_used(h), used);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("heap");
	TCase *const cases[] = {t, NULL};

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_block_is_aligned_and_its_own);
	tcase_add_test(t, sizes_are_rounded_up_to_powers_of_two);
	tcase_add_test(t, what_is_given_back_is_taken_again);
	tcase_add_test(t, it_says_when_there_is_no_more);
	tcase_add_test(t, zeroed_is_zero_also_the_second_time);
	tcase_add_test(t, no_room_for_a_heap);
	tcase_add_test(t, a_block_is_given_back_once);
	tcase_add_loop_test(t, nobody_gets_the_block_of_another, 0, 2);
	tcase_add_test(t, a_kill_leaks_what_the_dead_had);
	return suite_run("heap", cases);
}
