/*
 * term: a program in a real terminal, which is a tmux server of its own.
 *
 * A guardian process ends the server: it waits for the end of a pipe that
 * only the test's process holds.
 */
#include "term.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <regex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "procs.h"

#define SCREEN   (256 * 1024)
#define INTERVAL 15 /* ms between two looks at the screen */
#define ARGS     24

struct term {
	char dir[64];    /* of the socket and of what the shell notes */
	char socket[96]; /* in it */
	char screen[SCREEN];
};

static const char shell_script[] =
    "cd \"$1\"; set \"$3\"; ulimit -c 0\n"
    "stty -g >before; echo $$ >session\n"
    "(sh -c 'echo $PPID' >pid; eval \"exec $2\")\n"
    "status=$?; stops=0\n"
    "while [ $status -eq 148 ]; do\n"
    "	stty -g >now; stops=$((stops + 1))\n"
    "	echo STOPPED $stops; read -r _ <resume\n"
    "	fg >/dev/null; status=$?\n"
    "done\n"
    "stty -g >now; echo $status >status; echo LEFT; exec cat\n";

static const char config[] = "set -g status off\n"
			     "set -g default-terminal screen-256color\n"
			     "set -s escape-time 0\n"
			     "set -g remain-on-exit on\n";

static _Noreturn void
run(const struct term *t, const char *const args[])
{
	const char *argv[ARGS + 5] = {
	    "tmux", "-S", t->socket, "-f", "tmux.conf"};

	for (int i = 0; i < ARGS && args[i] != NULL; i++)
		argv[5 + i] = args[i];
	if (chdir(t->dir) == 0)
		execvp("tmux", (char **)(void *)argv);
	_exit(127);
}

/* What tmux says goes to `out`, up to `size`. */
static int
tmux_read(struct term *t, char *out, size_t size, const char *const args[])
{
	int fd[2], status;
	size_t len = 0;

	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);

	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(fd[1], STDOUT_FILENO);
		dup2(fd[1], STDERR_FILENO);
		run(t, args);
	}
	close(fd[1]);
	while (len < size - 1) {
		ssize_t n = read(fd[0], out + len, size - 1 - len);

		if (n <= 0)
			break;
		len += (size_t)n;
	}
	out[len] = '\0';
	close(fd[0]);
	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	return status;
}

static void
tmux(struct term *t, const char *first, ...)
{
	const char *args[ARGS] = {first};
	char said[1024];
	va_list ap;
	int n = 1;

	va_start(ap, first);
	while (n < ARGS - 1 && (args[n] = va_arg(ap, const char *)) != NULL)
		n++;
	va_end(ap);

	int status = tmux_read(t, said, sizeof said, args);

	ck_assert_msg(status == 0, "tmux %s: %s", first, said);
}

/* The guardian: it ends when the last holder of the pipe's end has ended. */
static void
guard(const struct term *t)
{
	int fd[2];

	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);

	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid != 0) {
		close(fd[0]);
		return;
	}
	setsid();
	close(fd[1]);

	char byte, command[512];
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	signal(SIGTERM, SIG_IGN);
	while (read(fd[0], &byte, 1) < 0 && errno == EINTR)
		continue;
	/* Who was stopped does not hear that its terminal is gone. */
	snprintf(command, sizeof command,
	    "session=$(cat '%s/session'); tmux -S '%s' kill-server; "
	    "[ -z \"$session\" ] || pkill -KILL -s \"$session\"; "
	    "until rm -rf '%s'; do :; done",
	    t->dir, t->socket, t->dir);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void
note(const struct term *t, const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", t->dir, name);

	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

/* What the shell has noted, or "" if it has not. */
static void
noted(const struct term *t, const char *name, char *out, size_t size)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", t->dir, name);

	FILE *f = fopen(path, "r");
	size_t n = 0;

	if (f != NULL) {
		n = fread(out, 1, size - 1, f);
		fclose(f);
	}
	out[n] = '\0';
}

static bool
has_pid(struct term *t, void *arg)
{
	char text[32];

	(void)arg;
	noted(t, "pid", text, sizeof text);
	return strchr(text, '\n') != NULL;
}

static struct term *
start(int width, int height, const char *line, const char *jobs)
{
	struct term *t = calloc(1, sizeof *t);
	char x[12], y[12], fifo[128];

	ck_assert_ptr_nonnull(t);
	ck_assert_msg(getenv("LOCKSTEP") != NULL, "LOCKSTEP is not set");
	unsetenv("LINES");
	unsetenv("COLUMNS");
	unsetenv("TMUX");
	unsetenv("NO_COLOR");
	setenv("LC_ALL", "C.UTF-8", 1);
	strcpy(t->dir, "/tmp/lockstep-e2e.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(t->dir));
	snprintf(t->socket, sizeof t->socket, "%s/socket", t->dir);
	guard(t);
	note(t, "tmux.conf", config);
	note(t, "shell", shell_script);
	snprintf(fifo, sizeof fifo, "%s/resume", t->dir);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	snprintf(x, sizeof x, "%d", width);
	snprintf(y, sizeof y, "%d", height);
	tmux(t, "new-session", "-d", "-x", x, "-y", y, "sh", "shell", t->dir,
	    line, jobs, NULL);
	term_wait_until(t, has_pid, NULL, "the program to start");
	return t;
}

struct term *
term_start(int width, int height, const char *line)
{
	return start(width, height, line, "+m");
}

struct term *
term_start_job(int width, int height, const char *line)
{
	return start(width, height, line, "-m");
}

void
term_resume(struct term *t)
{
	note(t, "resume", "\n");
}

void
term_end(struct term *t)
{
	tmux(t, "kill-server", NULL);
	free(t);
}

static pid_t
noted_pid(const struct term *t, const char *name)
{
	char text[32];

	noted(t, name, text, sizeof text);
	return (pid_t)atol(text);
}

pid_t
term_pid(const struct term *t)
{
	return noted_pid(t, "pid");
}

pid_t
term_session(const struct term *t)
{
	return noted_pid(t, "session");
}

void
term_keys(struct term *t, const char *key)
{
	tmux(t, "send-keys", key, NULL);
}

void
term_resize(struct term *t, int width, int height)
{
	char x[12], y[12];

	snprintf(x, sizeof x, "%d", width);
	snprintf(y, sizeof y, "%d", height);
	tmux(t, "resize-window", "-x", x, "-y", y, NULL);
}

const char *
term_screen(struct term *t)
{
	const char *const args[] = {"capture-pane", "-p", NULL};

	tmux_read(t, t->screen, sizeof t->screen, args);
	return t->screen;
}

const char *
term_screen_with_escapes(struct term *t)
{
	const char *const args[] = {"capture-pane", "-p", "-e", NULL};

	tmux_read(t, t->screen, sizeof t->screen, args);
	return t->screen;
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void
term_wait_until(struct term *t, bool (*is_true)(struct term *, void *),
    void *arg, const char *what)
{
	double deadline = now() + TERM_DEADLINE;

	while (!is_true(t, arg)) {
		ck_assert_msg(now() < deadline,
		    "waited in vain for %s; the screen:\n%s", what,
		    term_screen(t));
		poll(NULL, 0, INTERVAL);
	}
}

struct look {
	regex_t regex;
	regmatch_t match[2];
	bool wanted;
};

static void
prepare(struct look *look, const char *regex, bool wanted)
{
	look->wanted = wanted;
	ck_assert_int_eq(
	    regcomp(&look->regex, regex, REG_EXTENDED | REG_NEWLINE), 0);
}

static bool
is_seen(struct term *t, void *arg)
{
	struct look *look = arg;

	return (regexec(&look->regex, term_screen(t), 2, look->match, 0) ==
		   0) == look->wanted;
}

static void
look_for(struct term *t, struct look *look, const char *regex, bool wanted)
{
	prepare(look, regex, wanted);
	term_wait_until(t, is_seen, look, regex);
	regfree(&look->regex);
}

bool
term_shows(struct term *t, const char *regex)
{
	struct look look;

	prepare(&look, regex, true);

	bool seen = is_seen(t, &look);

	regfree(&look.regex);
	return seen;
}

struct press {
	const char *key, *regex;
};

static bool
is_seen_or_press(struct term *t, void *arg)
{
	const struct press *p = arg;

	if (term_shows(t, p->regex))
		return true;
	term_keys(t, p->key);
	return false;
}

void
term_press_until(struct term *t, const char *key, const char *regex)
{
	struct press p = {.key = key, .regex = regex};

	term_wait_until(t, is_seen_or_press, &p, regex);
}

void
term_wait(struct term *t, const char *regex)
{
	struct look look;

	look_for(t, &look, regex, true);
}

void
term_wait_gone(struct term *t, const char *regex)
{
	struct look look;

	look_for(t, &look, regex, false);
}

void
term_read(struct term *t, const char *regex, char *out, size_t size)
{
	struct look look;

	look_for(t, &look, regex, true);
	snprintf(out, size, "%.*s",
	    (int)(look.match[1].rm_eo - look.match[1].rm_so),
	    t->screen + look.match[1].rm_so);
}

/* "12 345" is one number. */
long
term_read_number(struct term *t, const char *regex)
{
	char text[64];
	long n = 0;

	term_read(t, regex, text, sizeof text);
	for (const char *p = text; *p != '\0'; p++)
		if (*p >= '0' && *p <= '9')
			n = n * 10 + (*p - '0');
	return n;
}

void
term_check_restored(struct term *t)
{
	const char *const args[] = {"display-message", "-p",
	    "#{alternate_on} #{cursor_flag} #{mouse_any_flag}", NULL};
	char before[512], after[512], flags[64];

	noted(t, "before", before, sizeof before);
	noted(t, "now", after, sizeof after);
	ck_assert_str_ne(before, "");
	ck_assert_str_eq(after, before);
	tmux_read(t, flags, sizeof flags, args);
	ck_assert_str_eq(flags, "0 1 0\n");
}

int
term_left(struct term *t)
{
	char status[32];

	term_wait(t, "^LEFT");
	term_check_restored(t);
	noted(t, "status", status, sizeof status);
	return atoi(status);
}

static bool
is_alone(struct term *t, void *arg)
{
	const pid_t *session = arg;
	pid_t pids[PROCS_MAX];

	(void)t;
	return procs_of(*session, "lockstep-engine", pids) == 0 &&
	    procs_of(*session, "lockstep", pids) == 0;
}

void
term_alone(struct term *t, pid_t session)
{
	term_wait_until(t, is_alone, &session, "all processes to end");
}
