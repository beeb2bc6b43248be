/* numbers: a joinable queue of numbers, and who puts, gets and joins. */
#include "numbers.h"

#include <errno.h>

struct queue *f;
_Atomic unsigned *times_got;

void
setup(void)
{
	pose_open(THREADS);
	make(8, true);
}

void
make(unsigned capacity, bool joinable)
{
	f = queue_new("numbers", capacity, sizeof(uint32_t), joinable);
	ck_assert_ptr_nonnull(f);
}

int
put(uint32_t number)
{
	return queue_put(f, &number, sizeof number, 0);
}

long
get(uint64_t timeout)
{
	uint32_t number;
	long got = queue_get(f, &number, sizeof number, timeout);

	return got == sizeof number ? (long)number : got;
}

struct frame_queue
frame(void)
{
	struct frame_queue out;

	queue_frame(f, &out);
	return out;
}

void
check_counts(uint64_t puts, uint64_t gots, uint64_t dones)
{
	struct frame_queue now = frame();

	ck_assert_uint_eq(now.put, puts);
	ck_assert_uint_eq(now.got, gots);
	ck_assert_uint_eq(now.done, dones);
	ck_assert_uint_eq(queue_depth(f), puts - gots);
	ck_assert_uint_eq(queue_unfinished(f), puts - dones);
}

void
join(void *arg, unsigned who)
{
	(void)arg;
	be(who);
	MUST(queue_join(f, LONG) == 0);
	self_end(self);
}

void
consume(unsigned who, bool in_order)
{
	long got, last = 0;

	be(who);
	while ((got = get(LONG)) > 0) {
		atomic_fetch_add(&times_got[got], 1);
		MUST(!in_order || got % 2 != last % 2 || got > last);
		last = got;
		MUST(queue_done(f) == 0);
	}
	MUST(got == -EPIPE);
	self_end(self);
}
