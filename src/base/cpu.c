/* cpu: how many processors this process may use. */
#include "base/cpu.h"

#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define CGROUPS "/sys/fs/cgroup"

/* ---- the quota of one cgroup, in cores; 0: none ---- */

static unsigned
cpu_cores(long long quota, long long period)
{
	if (quota <= 0 || period <= 0)
		return 0;
	long long cores = quota / period + (quota % period != 0);
	return cores < INT_MAX ? (unsigned)cores : INT_MAX;
}

/* Read up to two numbers from a file. Returns how many there were. */
static int
cpu_numbers(const char *folder, const char *name, long long n[2])
{
	char path[PATH_MAX];
	int found = 0;

	if (snprintf(path, sizeof path, "%s/%s", folder, name) >=
	    (int)sizeof path)
		return 0;
	FILE *in = fopen(path, "re");
	if (in == NULL)
		return 0;
	found = fscanf(in, "%lld %lld", &n[0], &n[1]);
	fclose(in);
	return found > 0 ? found : 0;
}

/* Where there is no quota, cpu.max begins with "max", which is no number. */
static unsigned
cpu_of_v2(const char *folder)
{
	long long n[2];

	return cpu_numbers(folder, "cpu.max", n) == 2 ? cpu_cores(n[0], n[1])
						      : 0;
}

static unsigned
cpu_of_v1(const char *folder)
{
	long long quota[2], period[2];

	return cpu_numbers(folder, "cpu.cfs_quota_us", quota) > 0 &&
		cpu_numbers(folder, "cpu.cfs_period_us", period) > 0
	    ? cpu_cores(quota[0], period[0])
	    : 0;
}

/* ---- the quotas of all our cgroups ---- */

static unsigned
cpu_least(unsigned a, unsigned b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

/*
 * The smallest quota from our own cgroup's folder up to `top`. In a container
 * only `top` may exist, because the path of our own cgroup can be the one that
 * it has on the host.
 */
static unsigned
cpu_upwards(const char *top, const char *own, unsigned (*of)(const char *))
{
	char folder[PATH_MAX];
	size_t least = strlen(top);
	unsigned cores = 0;

	if (strstr(own, "..") != NULL)
		own = "";
	if (snprintf(folder, sizeof folder, "%s%s", top, own) >=
	    (int)sizeof folder)
		return of(top);
	for (;;) {
		cores = cpu_least(cores, of(folder));
		char *slash = strrchr(folder, '/');
		if (strlen(folder) <= least || slash == NULL)
			return cores;
		*slash = '\0';
	}
}

static bool
cpu_has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list; (p = strstr(p, word)) != NULL; p += len)
		if ((p == list || p[-1] == ',') &&
		    (p[len] == ',' || p[len] == '\0'))
			return true;
	return false;
}

/* The quota of one line of /proc/self/cgroup, NUMBER:CONTROLLERS:PATH. */
static unsigned
cpu_of_line(const char *root, char *line)
{
	char top[PATH_MAX];

	line[strcspn(line, "\n")] = '\0';
	strsep(&line, ":");
	const char *controllers = strsep(&line, ":");
	if (line == NULL)
		return 0;
	if (controllers[0] == '\0') {
		snprintf(top, sizeof top, "%s" CGROUPS, root);
		return cpu_upwards(top, line, cpu_of_v2);
	}
	if (!cpu_has_word(controllers, "cpu"))
		return 0;
	snprintf(top, sizeof top, "%s" CGROUPS "/%s", root, controllers);
	unsigned cores = cpu_upwards(top, line, cpu_of_v1);
	snprintf(top, sizeof top, "%s" CGROUPS "/cpu", root);
	return cpu_least(cores, cpu_upwards(top, line, cpu_of_v1));
}

unsigned
cpu_quota(const char *root)
{
	char path[PATH_MAX], line[PATH_MAX];
	unsigned cores = 0;

	snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
	FILE *in = fopen(path, "re");
	if (in == NULL)
		return 0;
	while (fgets(line, sizeof line, in) != NULL)
		cores = cpu_least(cores, cpu_of_line(root, line));
	fclose(in);
	return cores;
}

unsigned
cpu_count(void)
{
	static _Atomic unsigned known; /* quota + 1; 0: not read yet */
	cpu_set_t set;

	if (known == 0)
		known = cpu_quota("") + 1;
	int n =
	    sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
	return cpu_least(n > 0 ? (unsigned)n : 1, known - 1);
}
