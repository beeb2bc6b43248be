/* executor_clock: the time, cheap enough to be read for every task. */
#include "executor/executor_priv.h"
#include "lockstep/util.h"

#if defined(__x86_64__)
/*
 * The clock is read once a millisecond. In between, the ticks of the
 * processor's counter are converted to ns.
 */
static _Thread_local struct {
	uint64_t ticks, ns; /* at the last reading */
	uint64_t span;      /* ticks per millisecond; 0: unknown */
	double rate;        /* ns per tick */
} counter;

static uint64_t
read_clock(uint64_t ticks)
{
	uint64_t ns = now_ns(), took = __builtin_ia32_rdtsc() - ticks;
	uint64_t since = ns - counter.ns;

	/* Interrupted in between: the two readings do not match. */
	if (took > 2000) {
		counter.ns = counter.span = 0;
		return ns;
	}
	if (counter.ns != 0 && since < NSEC_PER_MSEC / 4)
		return ns;
	if (counter.ns != 0 && ticks > counter.ticks) {
		counter.rate = (double)since / (double)(ticks - counter.ticks);
		counter.span = (uint64_t)(NSEC_PER_MSEC / counter.rate);
	}
	counter.ticks = ticks;
	counter.ns = ns;
	return ns;
}

uint64_t
executor_now(void)
{
	uint64_t ticks = __builtin_ia32_rdtsc();
	uint64_t since = ticks - counter.ticks;

	if (since >= counter.span)
		return read_clock(ticks);
	return counter.ns + (uint64_t)((double)(int64_t)since * counter.rate);
}
#else
uint64_t
executor_now(void)
{
	return now_ns();
}
#endif
