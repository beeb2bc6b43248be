/*
 * primes: counts the primes up to some limits by trial division, with a
 * process for each limit.
 *
 * The processes wait for nothing but a processor, and each has one, as long as
 * there are enough processors.
 */
#include <stdio.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/program.h"
#include "lockstep/util.h"

#define ROOT 10000 /* of the largest limit */

/*
 * i divides n exactly if n * inverse[i], with inverse[i] = 2^64 / i rounded up
 * and what is above 64 bits left out, is less than inverse[i]: the same answer
 * as n % i == 0 for numbers of 32 bits, three times as fast (D. Lemire,
 * O. Kaser and N. Kurz, "Faster remainder by direct computation", 2019).
 */
static uint64_t inverse[ROOT + 1];

static void
find_inverses(void)
{
	for (uint32_t i = 2; i <= ROOT; i++)
		inverse[i] = UINT64_MAX / i + 1;
}

static bool
is_prime(uint32_t n)
{
	for (uint32_t i = 2; i * i <= n; i++)
		if (n * inverse[i] < inverse[i]) /* n % i == 0 */
			return false;
	return true;
}

static int
count_primes(const void *arg, size_t size)
{
	uint32_t limit, primes = 0;
	char name[PROGRAM_LINE];

	memcpy(&limit, arg, size);
	find_inverses();
	for (uint32_t n = 2; n <= limit; n++) {
		primes += is_prime(n);
		self_checkpoint(); /* a pause takes effect here */
	}
	self_add(primes, 1);
	say("%u primes up to %u, in %.3f s of CPU time", primes, limit,
	    (double)self_usage().cpu / (double)NSEC_PER_SEC);
	snprintf(name, sizeof name, "primes up to %u", limit);
	result_set(name, primes);
	return 0;
}

/* True if it counted its primes. */
static bool
join(uint64_t limit, struct child *c)
{
	int status = 0;

	if (c == NULL) {
		say("up to %u: cannot start a process", (unsigned)limit);
		return false;
	}
	process_join(c, FOREVER, &status);
	if (status < 0)
		say("up to %u: killed by signal %d, not counted",
		    (unsigned)limit, -status);
	return status == 0;
}

static int
run(const struct params *p)
{
	struct child *children[PARAMS_MAX_LIMITS];
	unsigned counted = 0;

	for (unsigned i = 0; i < p->nlimits; i++) {
		uint32_t limit = (uint32_t)p->limits[i];
		char name[32];

		snprintf(name, sizeof name, "to-%u", limit);
		children[i] =
		    process_start(name, count_primes, &limit, sizeof limit);
	}
	for (unsigned i = 0; i < p->nlimits; i++)
		counted += join(p->limits[i], children[i]);
	return counted == p->nlimits ? 0 : 1;
}

static const char *const lesson[] = {
    "Three processes count the primes up to 10000, 20000 and 30000: they try "
    "to divide each number by all numbers up to its square root.",
    "The processes run and never wait: the work is CPU-bound, and more "
    "processes than cores do not help.",
    "It is over in no time: --limits 5000000,10000000,15000000 gives you "
    "something to watch.",
    "In Python threads would not help, because only one at a time can "
    "compute: see `compare --work cpu --gil`.",
    NULL,
};

const struct demo demo_primes = {
    .name = "primes",
    .title = "count primes up to some limits by trial division, a process "
	     "for each",
    .lesson = lesson,
    .processes = 3,
    .threads = 1,
    .task_work = "none",
    .lock = "mutex",
    .window = "0",
    .limits = "10000,20000,30000",
    .stepped = true,
    .main = run,
};
