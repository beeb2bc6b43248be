/* test_cpu: how many cores a quota comes to. */
#include <sys/stat.h>

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cpu.h"
#include "crowd.h"
#include "suite.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))
#define V2       "/sys/fs/cgroup/"
#define V1       "/sys/fs/cgroup/cpu/"
#define BOTH     "/sys/fs/cgroup/cpu,cpuacct/"

static char root[] = "/tmp/lockstep-cpu-XXXXXX";

/* Files are name, text, name, text, ... */
static const struct {
	unsigned cores;
	const char *files[12];
} quotas[] = {
    {0, {NULL}},
    {0, {"/proc/self/cgroup", ""}},
    {0, {"/proc/self/cgroup", "0::/\n"}},
    {0, {"/proc/self/cgroup", "0::/a\n", V2 "a/cpu.max", "max 100000\n"}},
    {1, {"/proc/self/cgroup", "0::/a\n", V2 "a/cpu.max", "50000 100000\n"}},
    {2, {"/proc/self/cgroup", "0::/a\n", V2 "a/cpu.max", "150000 100000\n"}},
    {2, {"/proc/self/cgroup", "0::/a\n", V2 "a/cpu.max", "200000 100000\n"}},
    {3, {"/proc/self/cgroup", "0::/\n", V2 "cpu.max", "300000 100000\n"}},
    /* The least of all on the way up. */
    {2,
	{"/proc/self/cgroup", "0::/a/b/c\n", V2 "a/cpu.max", "200000 100000\n",
	    V2 "a/b/cpu.max", "max 100000\n", V2 "a/b/c/cpu.max",
	    "400000 100000\n"}},
    /* A name of the machine around us: only the top is there. */
    {4,
	{"/proc/self/cgroup", "0::/docker/0123\n", V2 "cpu.max",
	    "400000 100000\n"}},
    {4,
	{"/proc/self/cgroup", "0::/../other\n", V2 "cpu.max",
	    "400000 100000\n"}},
    {2,
	{"/proc/self/cgroup", "5:memory:/x\n4:cpu,cpuacct:/a\n0::/\n",
	    BOTH "a/cpu.cfs_quota_us", "200000\n", BOTH "a/cpu.cfs_period_us",
	    "100000\n"}},
    {2,
	{"/proc/self/cgroup", "4:cpuacct,cpu:/a\n", V1 "cpu.cfs_quota_us",
	    "20000\n", V1 "cpu.cfs_period_us", "10000\n"}},
    {0,
	{"/proc/self/cgroup", "4:cpu:/\n", V1 "cpu.cfs_quota_us", "-1\n",
	    V1 "cpu.cfs_period_us", "100000\n"}},
    /* Of other controllers, whose names only look alike. */
    {0,
	{"/proc/self/cgroup", "4:cpuset:/\n3:cpuacct:/\n",
	    V1 "cpu.cfs_quota_us", "100000\n", V1 "cpu.cfs_period_us",
	    "100000\n"}},
    /* Garbage. */
    {0, {"/proc/self/cgroup", "0::/\n", V2 "cpu.max", "x 100000\n"}},
    {0, {"/proc/self/cgroup", "0::/\n", V2 "cpu.max", "100000 0\n"}},
    {0, {"/proc/self/cgroup", "0::/\n", V2 "cpu.max", "-5 100000\n"}},
    {0, {"/proc/self/cgroup", "0::/\n", V2 "cpu.max", ""}},
    {1,
	{"/proc/self/cgroup", "nonsense\n:\n\n0::/\n", V2 "cpu.max",
	    "1 9223372036854775807\n"}},
};

static void
make_folders(char *path)
{
	for (char *p = path + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		mkdir(path, 0700);
		*p = '/';
	}
}

static void
write_file(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof path, "%s%s", root, name);
	make_folders(path);
	FILE *out = fopen(path, "w");
	MUST(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0);
}

START_TEST(a_quota_is_so_many_cores)
{
	char command[64];

	MUST(mkdtemp(root) != NULL);
	for (const char *const *f = quotas[_i].files; *f != NULL; f += 2)
		write_file(f[0], f[1]);
	unsigned cores = cpu_quota(root);
	snprintf(command, sizeof command, "rm -rf %s", root);
	MUST(system(command) == 0);
	ck_assert_uint_eq(cores, quotas[_i].cores);
}
END_TEST

START_TEST(there_is_one_at_least)
{
	cpu_set_t set;

	MUST(sched_getaffinity(0, sizeof set, &set) == 0);
	ck_assert_uint_ge(cpu_count(), 1);
	ck_assert_uint_le(cpu_count(), (unsigned)CPU_COUNT(&set));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("cpu");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, a_quota_is_so_many_cores, 0, COUNT(quotas));
	tcase_add_test(t, there_is_one_at_least);
	return suite_run("cpu", cases);
}
