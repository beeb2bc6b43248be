/*
 * test_accounting: what lockstep --json says at the end, workers killed
 * meanwhile, and that nobody is left when lockstep itself is killed.
 */
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockstep/util.h"
#include "suite.h"

#define KILLS    6
#define ENOUGH   4 /* of these */
#define ITEMS    800
#define DEADLINE (120 * NSEC_PER_SEC) /* it is a hang then */
#define PIDS     64

static pid_t ui;
static int output;

static void
start(const char *words)
{
	const char *program = getenv("LOCKSTEP");
	char command[1024];
	int out[2];

	ck_assert_msg(program != NULL, "LOCKSTEP is not set");
	ck_assert_int_eq(pipe(out), 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	snprintf(command, sizeof command, "exec %s %s", program, words);
	ui = fork();
	ck_assert_int_ge(ui, 0);
	if (ui == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	close(out[1]);
	output = out[0];
}

/* The children of a process, as the kernel has them. */
static unsigned
children(pid_t pid, pid_t pids[PIDS])
{
	char path[64];
	unsigned n = 0;

	snprintf(
	    path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
	FILE *f = fopen(path, "r");
	if (f == NULL)
		return 0;
	while (n < PIDS && fscanf(f, "%d", &pids[n]) == 1)
		n++;
	fclose(f);
	return n;
}

/* The workers: the children of the engine, itself a child of the UI. */
static unsigned
workers(pid_t pids[PIDS])
{
	pid_t engine[PIDS];

	return children(ui, engine) == 0 ? 0 : children(engine[0], pids);
}

static bool
is_gone(pid_t pid)
{
	waitpid(pid, NULL, WNOHANG);
	return kill(pid, 0) != 0 && errno == ESRCH;
}

/* Give the output a moment; what there is of it goes to buf. */
static bool
read_some(char *buf, size_t size, size_t *len)
{
	struct pollfd p = {.fd = output, .events = POLLIN};

	if (poll(&p, 1, 10) <= 0)
		return true;
	ssize_t n = read(output, buf + *len, size - 1 - *len);
	*len += n > 0 ? (size_t)n : 0;
	buf[*len] = '\0';
	return n > 0;
}

static bool
contains(const pid_t *pids, unsigned n, pid_t pid)
{
	for (unsigned i = 0; i < n; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

/* Every pid that was a worker; some are killed on the way. */
static unsigned
watch_and_kill(pid_t seen[PIDS], char *buf, size_t size, unsigned *killed)
{
	uint64_t until = now_ns() + DEADLINE;
	unsigned n = 0, settled = 0;
	size_t len = 0;

	while (read_some(buf, size, &len)) {
		pid_t now[PIDS];
		unsigned k = workers(now), fresh = 0;

		ck_assert_msg(now_ns() < until, "no end: %s", buf);
		for (unsigned i = 0; i < k; i++) {
			if (contains(seen, n, now[i]))
				continue;
			ck_assert_uint_lt(n, PIDS);
			seen[n++] = now[i];
			fresh++;
		}
		settled = fresh == 0 && k == 4 ? settled + 1 : 0;
		if (settled >= 3 && *killed < KILLS &&
		    kill(now[*killed % 4], SIGKILL) == 0)
			++*killed, settled = 0;
	}
	return n;
}

static json_int_t
number(const json_t *from, const char *a, const char *b)
{
	const json_t *value = json_object_get(json_object_get(from, a), b);

	ck_assert_msg(json_is_integer(value), "%s.%s", a, b);
	return json_integer_value(value);
}

static void
check_items(const json_t *report)
{
	ck_assert_int_eq(number(report, "items", "put"),
	    number(report, "items", "done") +
		number(report, "items", "in_flight") +
		number(report, "items", "queued") +
		number(report, "items", "poisoned"));
	ck_assert_int_eq(number(report, "items", "put"), ITEMS);
	ck_assert_int_eq(number(report, "items", "in_flight"), 0);
	ck_assert_int_eq(number(report, "items", "queued"), 0);
}

static json_int_t
field(const json_t *worker, const char *name)
{
	return json_integer_value(json_object_get(worker, name));
}

/*
 * Each one that lived is listed once; together they did all items. Who came
 * near the end may have been gone before he was seen; who was killed then may
 * have been about to leave. Returns how many died of it.
 */
static unsigned
check_workers(const json_t *list, const pid_t *seen, unsigned n,
    unsigned killed, json_int_t done)
{
	unsigned signals = 0, known = 0, listed = json_array_size(list);
	json_int_t items = 0;

	for (unsigned i = 0; i < listed; i++) {
		const json_t *w = json_array_get(list, i);

		known += contains(seen, n, (pid_t)field(w, "pid"));
		for (unsigned j = 0; j < i; j++)
			ck_assert_int_ne(field(w, "pid"),
			    field(json_array_get(list, j), "pid"));
		signals += field(w, "signal") == SIGKILL;
		items += field(w, "items");
	}
	ck_assert_uint_eq(known, n);
	ck_assert_uint_le(listed, 4 + signals);
	ck_assert_uint_le(signals, killed);
	/* What was marked and not counted by its worker before it died. */
	ck_assert_int_le(items, done);
	return signals;
}

static const char *const sums[] = {"shared", "private"};

/* As many as there is time for are killed; how many were. */
static unsigned
kill_and_report(const char *sum)
{
	static char buf[1 << 20];
	pid_t seen[PIDS];
	unsigned killed = 0;
	char words[256];
	int status;

	snprintf(words, sizeof words,
	    "hybrid --processes 4 --threads 2 --items 2x%d --item-work "
	    "sleep:10ms --task-work sleep:1ms --window 0 --lock mutex --sum %s "
	    "--json --expect-exact",
	    ITEMS, sum);
	start(words);
	unsigned n = watch_and_kill(seen, buf, sizeof buf, &killed);
	ck_assert_int_eq(waitpid(ui, &status, 0), ui);
	json_t *report = json_loads(buf, 0, NULL);
	ck_assert_msg(report != NULL, "no JSON: %s", buf);
	ck_assert_msg(status == 0, "status %x: %s", (unsigned)status, buf);
	check_items(report);
	ck_assert_int_eq(number(report, "sum", "in_doubt"), 0);
	ck_assert_int_eq(number(report, "sum", "lost"), 0);
	killed = check_workers(json_object_get(report, "workers"), seen, n,
	    killed, number(report, "items", "done"));
	json_decref(report);
	close(output);
	return killed;
}

START_TEST(the_report_lists_all_who_lived)
{
	while (kill_and_report(sums[_i]) < ENOUGH)
		continue; /* the run was over before that */
}
END_TEST

START_TEST(when_lockstep_is_killed_nobody_stays)
{
	static char buf[1 << 16];
	pid_t pids[PIDS], engine[PIDS];
	uint64_t until = now_ns() + DEADLINE;
	size_t len = 0;

	start("hybrid --plain");
	while (workers(pids) < 4) {
		ck_assert(now_ns() < until);
		read_some(buf, sizeof buf, &len);
		len = 0;
	}
	ck_assert_uint_eq(children(ui, engine), 1);
	kill(_i == 0 ? ui : engine[0], SIGKILL);
	while (!is_gone(pids[0]) || !is_gone(pids[1]) || !is_gone(pids[2]) ||
	    !is_gone(pids[3]) || !is_gone(engine[0]) || !is_gone(ui)) {
		ck_assert_msg(now_ns() < until, "somebody stays");
		if (!read_some(buf, sizeof buf, &len))
			poll(NULL, 0, 1);
		len = 0;
	}
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("accounting");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, the_report_lists_all_who_lived, 0, 2);
	tcase_add_loop_test(t, when_lockstep_is_killed_nobody_stays, 0, 2);
	return suite_run("accounting", cases);
}
