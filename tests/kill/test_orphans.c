/*
 * test_orphans: whatever the dashboard has started, nothing of it is left when
 * it is killed, at whatever moment.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockstep/util.h"
#include "suite.h"

#define WORDS    24
#define MOMENTS  8   /* of each way to start it */
#define LATEST   120 /* ms: the last of them */
#define DEADLINE (40 * NSEC_PER_SEC)

/* Of a search that takes days; of a run that is never done. */
#define SEARCH "explore race --threads 3 --adds 3 --limit 1000000000000 "
#define LONG   "--duration 1000s "

static const char *const ways[] = {
    SEARCH,
    SEARCH "--json",
    SEARCH "--reduce --threads 4",
    SEARCH "--frames",
    SEARCH "--record /dev/null",
    SEARCH "--plain --record=/dev/null",
    "race " LONG "--plain",
    "race " LONG "--json --record /dev/null",
    "race " LONG "--gil --plain -p 8 -t 8",
    "race " LONG "--step --plain", /* the engine is asked, and refuses */
    "hybrid --speed 0.001 --plain",
    "processes --speed 0.001 --json",
    "missing-task-done --plain",
    "race --schedule FIFO --plain", /* which the engine cannot open yet */
    "--list",
    "--help",
    "explore --lis",
};

#define WAYS (int)(sizeof ways / sizeof ways[0])

static char fifo[] = "/tmp/lockstep-orphans-XXXXXX";

static void
make_fifo(void)
{
	int fd = mkstemp(fifo);

	ck_assert_int_ge(fd, 0);
	close(fd);
	unlink(fifo);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	/* What loses its parent becomes ours, so that we see it end. */
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

static void
remove_fifo(void)
{
	unlink(fifo);
}

static _Noreturn void
exec_front(const char *program, char *words)
{
	static char name[] = "lockstep";
	char *argv[WORDS + 1] = {name};
	int argc = 1, null = open("/dev/null", O_RDWR);

	for (char *w = strtok(words, " "); w != NULL && argc < WORDS;
	     w = strtok(NULL, " "))
		argv[argc++] = strcmp(w, "FIFO") == 0 ? fifo : w;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execv(program, argv);
	_exit(127);
}

static pid_t
start(const char *line)
{
	const char *program = getenv("LOCKSTEP");
	char words[256];

	ck_assert_msg(program != NULL, "LOCKSTEP is not set");
	snprintf(words, sizeof words, "%s", line);

	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		exec_front(program, words);
	return pid;
}

/* Who is left is a child of ours by now. */
static void
complain(const char *line)
{
	FILE *f = fopen("/proc/thread-self/children", "r");
	char left[200] = "";
	size_t n = 0;
	int pid;

	while (f != NULL && fscanf(f, "%d", &pid) == 1) {
		n += (size_t)snprintf(left + n, sizeof left - n, " %d", pid);
		n = n < sizeof left ? n : sizeof left;
		kill(pid, SIGKILL);
	}
	ck_abort_msg("left of %s: pid%s", line, left);
}

static void
await_nobody(const char *line)
{
	uint64_t deadline = now_ns() + DEADLINE;

	for (;;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0 && errno == ECHILD)
			return;
		if (pid == 0)
			poll(NULL, 0, 5);
		if (now_ns() > deadline)
			complain(line);
	}
}

/* At moments from its first instruction on, spread over its start and after. */
START_TEST(nothing_outlives_the_front_end)
{
	srand((unsigned)_i);
	for (int i = 0; i < MOMENTS; i++) {
		pid_t pid = start(ways[_i]);

		poll(NULL, 0, rand() % (1 + LATEST * i / (MOMENTS - 1)));
		kill(pid, SIGKILL);
		await_nobody(ways[_i]);
	}
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("orphans");
	TCase *const cases[] = {t, NULL};

	tcase_add_checked_fixture(t, make_fifo, remove_fifo);
	tcase_add_loop_test(t, nothing_outlives_the_front_end, 0, WAYS);
	return suite_run("orphans", cases);
}
