/*
 * launch: pipes, fork, exec.
 *
 * Nothing that we start outlives us, however we end: from before its exec on,
 * the kernel kills a child when its parent dies; and a program that leaves us
 * nothing to do replaces us by exec.
 */
#include "stream/launch.h"

#include <sys/auxv.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "term/signals.h"

#define ENGINE     "lockstep-engine"
#define PIPE_BYTES (1 << 20)
#define ANSWER_MS  5000 /* for an engine to answer a question */
#define CANNOT     3

#ifdef LOCKSTEP_LIBEXECDIR
#define INSTALLED LOCKSTEP_LIBEXECDIR "/" ENGINE
#else
#define INSTALLED ""
#endif

static char launch_self[PATH_MAX]; /* empty: not known */

void
launch_start(void)
{
	const char *name = (const char *)(uintptr_t)getauxval(AT_EXECFN);

	if (name == NULL || realpath(name, launch_self) == NULL)
		launch_self[0] = '\0';
}

/* The path of this program, or an empty string. */
static void
launch_find_self(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (n > 0)
		path[n] = '\0';
	else
		strlcpy(path, launch_self, PATH_MAX);
}

/*
 * Beside this program, else where it was installed, else a bare name for PATH.
 */
static void
launch_find_engine(char path[PATH_MAX])
{
	const char *given = getenv("LOCKSTEP_ENGINE");

	if (given != NULL && given[0] != '\0') {
		strlcpy(path, given, PATH_MAX);
		return;
	}

	launch_find_self(path);

	char *slash = strrchr(path, '/');

	if (slash != NULL) {
		slash[1] = '\0';
		if (strlcat(path, ENGINE, PATH_MAX) < PATH_MAX &&
		    access(path, X_OK) == 0)
			return;
	}
	strlcpy(path, INSTALLED, PATH_MAX);
	if (access(path, X_OK) != 0)
		strlcpy(path, ENGINE, PATH_MAX);
}

static _Noreturn void
launch_give_up(const char *what, int error)
{
	dprintf(STDERR_FILENO, "lockstep: cannot start %s: %s\n", what,
	    strerror(error));
	_exit(CANNOT);
}

/* In a child: receive `sig` when `parent` dies. */
static void
launch_end_with(pid_t parent, int sig)
{
	prctl(PR_SET_PDEATHSIG, sig);
	if (getppid() != parent) /* it has died already */
		_exit(CANNOT);
}

static _Noreturn void
launch_exec_engine(char *const argv[])
{
	char path[PATH_MAX];

	signals_for_child();
	launch_find_engine(path);
	execvp(path, argv);
	launch_give_up(path, errno);
}

/*
 * Build argv for the engine; the strings are not copied. The word `explore`
 * stays first.
 */
static char **
launch_engine_argv(char *const args[], char *status, char *control)
{
	static char name[] = ENGINE, opt_status[] = "--status-fd",
		    opt_control[] = "--control-fd";
	size_t n = 0;

	while (args[n] != NULL)
		n++;

	char **argv = calloc(n + 6, sizeof *argv);

	if (argv == NULL)
		return NULL;
	size_t first = n > 0 && strcmp(args[0], "explore") == 0;

	argv[0] = name;
	memcpy(argv + 1, args, first * sizeof *argv);
	argv[first + 1] = opt_status;
	argv[first + 2] = status;
	argv[first + 3] = opt_control;
	argv[first + 4] = control;
	memcpy(argv + first + 5, args + first, (n - first) * sizeof *argv);
	return argv;
}

struct pipes {
	int status[2], control[2], errors[2];
};

static void
launch_close_pipe(int fd[2])
{
	for (int i = 0; i < 2; i++) {
		if (fd[i] >= 0)
			close(fd[i]);
		fd[i] = -1;
	}
}

static int
launch_open_pipes(struct pipes *p, const char **call)
{
	*call = "pipe2";
	*p = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}};
	if (pipe2(p->status, O_CLOEXEC) == 0 &&
	    pipe2(p->control, O_CLOEXEC) == 0 &&
	    pipe2(p->errors, O_CLOEXEC) == 0) {
		fcntl(p->status[0], F_SETPIPE_SZ, PIPE_BYTES);
		fcntl(p->status[0], F_SETFL, O_NONBLOCK);
		fcntl(p->control[1], F_SETFL, O_NONBLOCK);
		fcntl(p->errors[0], F_SETFL, O_NONBLOCK);
		return 0;
	}

	int error = errno;

	launch_close_pipe(p->status);
	launch_close_pipe(p->control);
	launch_close_pipe(p->errors);
	return -error;
}

static _Noreturn void
launch_child(const struct pipes *p, char *const args[], pid_t parent)
{
	char status[16], control[16];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), error = errno;

	launch_end_with(parent, SIGKILL);
	setpgid(0, 0);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(p->errors[1], STDERR_FILENO);
	fcntl(p->status[1], F_SETFD, 0);
	fcntl(p->control[0], F_SETFD, 0);
	snprintf(status, sizeof status, "%d", p->status[1]);
	snprintf(control, sizeof control, "%d", p->control[0]);

	char **argv = launch_engine_argv(args, status, control);

	if (null < 0 || argv == NULL)
		launch_give_up("the engine", null < 0 ? error : ENOMEM);
	launch_exec_engine(argv);
}

int
launch_engine(struct launch *l, char *const args[], const char **call)
{
	struct pipes p;
	pid_t self = getpid();
	int error = launch_open_pipes(&p, call);

	if (error != 0)
		return error;
	fflush(NULL);
	*call = "fork";
	l->pid = fork();
	if (l->pid == 0)
		launch_child(&p, args, self);
	if (l->pid < 0) {
		error = -errno;
		launch_close_pipe(p.status);
		launch_close_pipe(p.control);
		launch_close_pipe(p.errors);
		return error;
	}
	setpgid(l->pid, l->pid);
	l->pidfd = pidfd_open(l->pid, 0);
	close(p.status[1]);
	close(p.control[0]);
	close(p.errors[1]);
	l->status = p.status[0];
	l->control = p.control[1];
	l->errors = p.errors[0];
	return 0;
}

int
launch_exit_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/* argv for an engine that is not a stream; NULL: out of memory. */
static char **
launch_words_argv(char *const args[])
{
	static char name[] = ENGINE;
	size_t n = 0;

	while (args[n] != NULL)
		n++;

	char **argv = calloc(n + 2, sizeof *argv);

	if (argv != NULL) {
		argv[0] = name;
		memcpy(argv + 1, args, n * sizeof *argv);
	}
	return argv;
}

void
launch_words(char *const args[])
{
	char **argv = launch_words_argv(args);

	fflush(NULL);
	if (argv == NULL)
		launch_give_up("the engine", ENOMEM);
	launch_exec_engine(argv);
}

void
launch_show(const char *option)
{
	char word[32];
	char *const args[] = {word, NULL};

	strlcpy(word, option, sizeof word);
	launch_words(args);
}

static _Noreturn void
launch_exec_asked(char *const args[], int answer, pid_t parent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	char **argv = launch_words_argv(args);

	launch_end_with(parent, SIGKILL);
	if (null < 0 || argv == NULL)
		_exit(CANNOT);
	dup2(null, STDIN_FILENO);
	dup2(answer, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	launch_exec_engine(argv);
}

/* Read until end of file, until the buffer is full or time is up. */
static size_t
launch_read_answer(int fd, char *buf, size_t size)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t have = 0;

	while (have < size && poll(&p, 1, ANSWER_MS) > 0) {
		ssize_t n = read(fd, buf + have, size - have);

		if (n <= 0)
			break;
		have += (size_t)n;
	}
	return have;
}

size_t
launch_ask(char *const args[], char *buf, size_t size)
{
	int fd[2];
	size_t have = 0;
	pid_t self = getpid();

	if (pipe2(fd, O_CLOEXEC) != 0)
		return 0;
	fflush(NULL);

	pid_t pid = fork();

	if (pid == 0)
		launch_exec_asked(args, fd[1], self);
	close(fd[1]);
	if (pid > 0) {
		have = launch_read_answer(fd[0], buf, size);
		kill(pid, SIGKILL); /* it may still be running */
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	close(fd[0]);
	return have;
}

/*
 * The child is a dashboard on our terminal and must restore it: so it gets a
 * signal that it catches, unless that signal is ignored.
 */
static int
launch_last_signal(void)
{
	struct sigaction sa;

	return sigaction(SIGTERM, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN
	    ? SIGKILL
	    : SIGTERM;
}

static _Noreturn void
launch_exec_again(char *const args[], int errors, pid_t parent)
{
	static char name[] = "lockstep";
	char *argv[16] = {name};
	size_t n = 0;

	while (args[n] != NULL && n + 2 < sizeof argv / sizeof argv[0]) {
		argv[n + 1] = args[n];
		n++;
	}
	dup2(errors, STDERR_FILENO);
	launch_end_with(parent, launch_last_signal());
	signals_for_child();
	execv("/proc/self/exe", argv);
	if (launch_self[0] != '\0')
		execv(launch_self, argv);
	launch_give_up("another dashboard", errno);
}

pid_t
launch_again(char *const args[], int *errors)
{
	int fd[2];
	pid_t self = getpid();

	if (pipe2(fd, O_CLOEXEC | O_NONBLOCK) != 0)
		return -errno;
	fflush(NULL);

	pid_t pid = fork();
	int error = errno;

	if (pid == 0)
		launch_exec_again(args, fd[1], self);
	close(fd[1]);
	if (pid < 0) {
		close(fd[0]);
		return -error;
	}
	*errors = fd[0];
	return pid;
}
