/*
 * test_reader: whoever reads what lockstep writes may stop, and a file may be
 * as large as it can get.
 */
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "procs.h"
#include "tty.h"

#define TIMEOUT  120 /* seconds, for one test */
#define DEADLINE 30  /* seconds */
#define LOOK     10  /* ms */

static char dir[] = "/tmp/lockstep-reader-XXXXXX";
static char fifo[64];

static void
make_fifo(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(fifo, sizeof fifo, "%s/fifo", dir);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
}

static void
remove_fifo(void)
{
	unlink(fifo);
	rmdir(dir);
}

static pid_t
start(const char *const args[], int out)
{
	ck_assert_msg(getenv("LOCKSTEP") != NULL, "LOCKSTEP is not set");

	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		const char *argv[16] = {getenv("LOCKSTEP")};

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (int i = 0; args[i] != NULL; i++)
			argv[1 + i] = args[i];
		dup2(out, STDOUT_FILENO);
		execv(argv[0], (char **)(void *)argv);
		_exit(127);
	}
	return pid;
}

static time_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static int
status_of(pid_t pid)
{
	time_t deadline = now() + DEADLINE;
	int status;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (now() > deadline)
			kill(pid, SIGKILL);
		ck_assert_msg(now() <= deadline, "it does not end");
		poll(NULL, 0, LOOK);
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/* Into whatever it is, until it takes no byte more. */
static void
fill(int fd)
{
	static const char block[4096];
	int flags = fcntl(fd, F_GETFL);

	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	for (size_t n = sizeof block; n > 0; n /= 2)
		while (write(fd, block, n) > 0)
			continue;
	ck_assert_int_eq(errno, EAGAIN);
	fcntl(fd, F_SETFL, flags);
}

/* It runs its own program, and is no longer a copy of the test. */
static void
until_started(pid_t pid)
{
	char name[32] = "";

	while (strcmp(name, "lockstep") != 0) {
		procs_name(pid, name, sizeof name);
		poll(NULL, 0, LOOK);
	}
}

/*
 * It shows the run: it has blocked the signals that it reads from a
 * descriptor. fork() may block them, too, for a moment (glibc 2.41), so it must
 * run its own program first.
 */
static void
until_it_shows(pid_t pid)
{
	until_started(pid);
	while ((procs_signals(pid, "SigBlk:") & 1ULL << (SIGTERM - 1)) == 0)
		poll(NULL, 0, LOOK);
}

/* It has written all that there is room for. */
static void
until_full(void)
{
	struct pollfd p = {
	    .fd = open(fifo, O_WRONLY | O_NONBLOCK), .events = POLLOUT};
	time_t deadline = now() + DEADLINE;

	ck_assert_int_ge(p.fd, 0);
	while (poll(&p, 1, 0) > 0) {
		ck_assert_msg(now() <= deadline, "it does not fill the pipe");
		poll(NULL, 0, LOOK);
	}
	close(p.fd);
}

static const int askers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
#define ASKERS 4

static void
check_stopped_reader(int out, int sig)
{
	const char *const args[] = {
	    "hybrid", "--plain", "--items", "5x10000", NULL};
	int flags = fcntl(out, F_GETFL);

	fill(out);

	pid_t pid = start(args, out);

	until_it_shows(pid);
	ck_assert_int_eq(kill(pid, sig), 0);
	ck_assert_int_eq(status_of(pid), 128 + sig);
	ck_assert_int_eq(fcntl(out, F_GETFL), flags);
}

START_TEST(a_pipe_that_is_not_read_holds_no_signal)
{
	int fd[2];

	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);
	check_stopped_reader(fd[1], askers[_i]);
}
END_TEST

START_TEST(a_socket_that_is_not_read_holds_no_signal)
{
	int fd[2];

	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	check_stopped_reader(fd[1], askers[_i]);
}
END_TEST

/* What was waited for comes whole. */
START_TEST(lines_wait_for_their_reader)
{
	const char *const args[] = {
	    "hybrid", "--plain", "--items", "1-3", "--speed", "20", NULL};
	static char text[1 << 20];
	size_t len = 0;
	ssize_t n;
	int fd[2];

	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);
	fill(fd[1]);

	pid_t pid = start(args, fd[1]);

	until_it_shows(pid);
	close(fd[1]);
	while ((n = read(fd[0], text + len, sizeof text - 1 - len)) > 0)
		len += (size_t)n;
	ck_assert_int_eq(status_of(pid), 0);

	const char *lines = text + strlen(text); /* the filling is NULs */

	while (lines < text + len && *lines == '\0')
		lines++;
	ck_assert_ptr_nonnull(strstr(lines, "all threads are ready"));
	ck_assert_ptr_nonnull(strstr(lines, "\nsum      14 + lost 0"));
}
END_TEST

START_TEST(what_was_ignored_stays_ignored)
{
	const char *const args[] = {
	    "hybrid", "--plain", "--items", "5x10000", NULL};
	static const int ignored[] = {SIGINT, SIGHUP, SIGQUIT};
	int null = open("/dev/null", O_WRONLY);

	for (int i = 0; i < 3; i++)
		signal(ignored[i], SIG_IGN);

	pid_t pid = start(args, null);

	until_it_shows(pid);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(kill(pid, ignored[i]), 0);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(status_of(pid), 128 + SIGTERM);
}
END_TEST

#define RACE "race", "--items", "40x10000000", "--record", fifo

static const char *const fronts[] = {"--plain", "--json"};

START_TEST(a_recording_that_is_not_read_holds_no_signal)
{
	const char *const args[] = {RACE, fronts[_i % 2], NULL};
	int fd = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	pid_t pid = start(args, open("/dev/null", O_WRONLY));

	until_full();
	ck_assert_int_eq(kill(pid, askers[_i / 2]), 0);
	ck_assert_int_eq(status_of(pid), 128 + askers[_i / 2]);
	close(fd);
}
END_TEST

START_TEST(a_recording_that_nobody_opens_holds_no_signal)
{
	const char *const args[] = {RACE, "--plain", NULL};
	pid_t pid = start(args, open("/dev/null", O_WRONLY));

	until_started(pid);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(status_of(pid), 128 + SIGTERM);
}
END_TEST

/* The dashboard says so, obeys keys all the same, and leaves. */
START_TEST(the_dashboard_goes_on_without_a_reader)
{
	const struct tty_options o = {.term = "xterm-256color"};
	const char *const args[] = {RACE, NULL};
	int fd = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct tty *t = tty_start(&o, args);

	tty_wait(t, "the recording waits for its reader");
	tty_type(t, "?", 1);
	tty_wait(t, "every process and its threads");
	if (_i == 0)
		tty_type(t, "q", 1);
	else
		ck_assert_int_eq(kill(t->pid, SIGTERM), 0);
	ck_assert_int_eq(tty_status(t, true), _i == 0 ? 1 : 128 + SIGTERM);
	ck_assert(tty_says(t, "ends here: its reader has stopped reading"));
	tty_check_settings(t);
	tty_end(t);
	close(fd);
}
END_TEST

/* Nothing is lost of what a slow reader reads. */
START_TEST(a_recording_waits_for_its_reader)
{
	const char *const args[] = {
	    "race", "--items", "4x200", "--json", "--record", fifo, NULL};
	const char *const again[] = {"replay", "copy", "--json", NULL};
	int fd = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int null = open("/dev/null", O_WRONLY);
	pid_t pid = start(args, null);
	char block[4096];
	ssize_t n;

	ck_assert_int_eq(chdir(dir), 0);
	until_full();
	fcntl(fd, F_SETFL, 0);

	FILE *copy = fopen("copy", "w");

	while ((n = read(fd, block, sizeof block)) > 0)
		ck_assert_uint_eq(fwrite(block, 1, (size_t)n, copy), (size_t)n);
	fclose(copy);
	ck_assert_int_eq(status_of(pid), 0);
	ck_assert_int_eq(status_of(start(again, null)), 0);
	unlink("copy");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("reader");
	TCase *t = tcase_create("reader");
	SRunner *runner = srunner_create(suite);

	tcase_set_timeout(t, TIMEOUT);
	tcase_add_checked_fixture(t, make_fifo, remove_fifo);
	tcase_add_loop_test(
	    t, a_pipe_that_is_not_read_holds_no_signal, 0, ASKERS);
	tcase_add_loop_test(
	    t, a_socket_that_is_not_read_holds_no_signal, 0, ASKERS);
	tcase_add_test(t, lines_wait_for_their_reader);
	tcase_add_test(t, what_was_ignored_stays_ignored);
	tcase_add_loop_test(
	    t, a_recording_that_is_not_read_holds_no_signal, 0, 2 * ASKERS);
	tcase_add_test(t, a_recording_that_nobody_opens_holds_no_signal);
	tcase_add_loop_test(t, the_dashboard_goes_on_without_a_reader, 0, 2);
	tcase_add_test(t, a_recording_waits_for_its_reader);
	suite_add_tcase(suite, t);
	srunner_run_all(runner, CK_ENV);

	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
