/* cpu: how many processors we may use, and a pause for spin loops. */
#ifndef LOCKSTEP_CPU_H
#define LOCKSTEP_CPU_H

#include <stdatomic.h>

/*
 * The processors in this process's affinity mask, but no more than the quotas
 * of its cgroups allow; 1 if the mask is unknown. The quotas are read once;
 * forked processes inherit them.
 */
unsigned cpu_count(void);

/*
 * The smallest quota of our cgroups and their ancestors, in processors, rounded
 * up; 0: no quota. `root` is the folder that contains proc and sys: "" except
 * in tests.
 */
unsigned cpu_quota(const char *root);

/* Pause between two looks at a word: `times` times some tens of ns. */
static inline void
cpu_relax(unsigned times)
{
	while (times-- > 0) {
#if defined(__x86_64__) || defined(__i386__)
		__builtin_ia32_pause();
#elif defined(__aarch64__)
		__asm__ __volatile__("isb"); /* "yield" would take no time */
#else
		atomic_signal_fence(memory_order_seq_cst);
#endif
	}
}

#endif
