/* util: the clock, exit statuses, and times as text. */
#ifndef LOCKSTEP_UTIL_H
#define LOCKSTEP_UTIL_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#pragma GCC visibility push(default)

_Static_assert(sizeof(void *) == 8, "lockstep needs a 64-bit machine");

#define NSEC_PER_USEC 1000ULL
#define NSEC_PER_MSEC 1000000ULL
#define NSEC_PER_SEC  1000000000ULL

#define EXIT_ACCOUNTING 1 /* the accounting does not hold */
#define EXIT_USAGE      2
#define EXIT_START      3 /* could not start */
#define EXIT_HUNG       4 /* the program waited forever */

/* CLOCK_MONOTONIC in ns. */
static inline uint64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

/* `ns` after `at`; UINT64_MAX, which means never, if it overflows. */
static inline uint64_t
time_add(uint64_t at, uint64_t ns)
{
	return ns > UINT64_MAX - at ? UINT64_MAX : at + ns;
}

/* `ns` from now. */
static inline uint64_t
time_after(uint64_t ns)
{
	return time_add(now_ns(), ns);
}

/*
 * "500ms", "20us", "3s", "0" -> ns. Every time but 0 needs a unit (ns, us, ms,
 * s); fractions as in "1.5s" are fine. 0, -EINVAL or -ERANGE (over a day).
 */
int parse_time(const char *text, uint64_t *ns);

/* "20us", "1.5s": the shortest that parse_time() reads back to within 1 %. */
void format_time(char *buf, size_t size, uint64_t ns);

/*
 * A text that fits into `size` bytes: `text` itself, or `buf` with its
 * beginning, "..." and its end. The end gets more room, because it says more of
 * a path. size > 8.
 */
const char *text_shorten(char *buf, size_t size, const char *text);

#pragma GCC visibility pop

#endif
