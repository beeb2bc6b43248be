/* cpu: how many there are for us, and a wait that leaves room to a sibling. */
#ifndef LOCKSTEP_CPU_H
#define LOCKSTEP_CPU_H

#include <stdatomic.h>

/*
 * That this process may run on, and no more than its cgroups let it keep busy;
 * 1 if that is not known. The cgroups are asked once, for all that are forked.
 */
unsigned cpu_count(void);

/*
 * What the quotas of our cgroups, and of those around them, come to, rounded
 * up; 0: there are none. `root` is "" but for tests: where proc and sys are.
 */
unsigned cpu_quota(const char *root);

/* Between two looks at a word: so many pauses, of some tens of ns each. */
static inline void
cpu_relax(unsigned times)
{
	while (times-- > 0) {
#if defined(__x86_64__) || defined(__i386__)
		__builtin_ia32_pause();
#elif defined(__aarch64__)
		__asm__ __volatile__("isb"); /* a "yield" takes no time */
#else
		atomic_signal_fence(memory_order_seq_cst);
#endif
	}
}

#endif
