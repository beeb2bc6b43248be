/*
 * pty: run a full-screen program on a terminal of its own, read what it
 * draws as fast as it comes, and say what each of its frames costs.
 *
 * usage: pty [-i] [-c COLS] [-r ROWS] [-w SETTLE] [-t SECONDS] [-s FILE]
 *            PROGRAM [ARG...]
 *
 * -i gives the program our standard input, its keyboard is the terminal all
 * the same. After SETTLE seconds it is measured for SECONDS: its own CPU
 * time, its memory at the end, and how often it drew. A frame is a burst of
 * output, ended by GAP_NS of silence. With -s it is watched by strace in
 * that time, whose table goes to FILE; the times then mean nothing.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define NS     1000000000LL
#define GAP_NS 8000000LL

struct screen {
	int master;
	pid_t pid;
	int64_t last; /* ns, when output was last seen */
	long frames;
	long long bytes;
};

static int64_t
clock_ns(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts) == -1)
		return 0;
	return ts.tv_sec * NS + ts.tv_nsec;
}

/* CPU time of a process with all its threads, to the nanosecond. */
static int64_t
cpu_ns(pid_t pid)
{
	clockid_t id;

	if (clock_getcpuclockid(pid, &id) != 0)
		return 0;
	return clock_ns(id);
}

/* Read the terminal until the time `until`. False if the program is gone. */
static bool
drain(struct screen *s, int64_t until)
{
	static char buf[1 << 16];

	for (;;) {
		int64_t now = clock_ns(CLOCK_MONOTONIC);
		struct pollfd p = {.fd = s->master, .events = POLLIN};

		if (now >= until)
			return true;
		if (poll(&p, 1, (int)((until - now) / 1000000) + 1) <= 0)
			continue;
		ssize_t n = read(s->master, buf, sizeof buf);
		if (n <= 0)
			return n == -1 && errno == EINTR;
		now = clock_ns(CLOCK_MONOTONIC);
		if (now - s->last > GAP_NS)
			s->frames++;
		s->last = now;
		s->bytes += n;
	}
}

/* The number after `key` in a file of /proc/PID, 0 if it is not there. */
static long
proc_number(pid_t pid, const char *file, const char *key)
{
	char path[64], line[256];
	long n = 0;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return 0;
	while (fgets(line, sizeof line, f) != NULL) {
		if (strncmp(line, key, strlen(key)) == 0) {
			n = strtol(line + strlen(key), NULL, 10);
			break;
		}
	}
	fclose(f);
	return n;
}

static void
start(struct screen *s, bool own_input, struct winsize *size, char **argv)
{
	int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

	s->pid = forkpty(&s->master, NULL, NULL, size);
	if (s->pid == -1)
		err(1, "forkpty");
	if (s->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		unsetenv("LINES");
		unsetenv("COLUMNS");
		if (own_input)
			dup2(input, STDIN_FILENO);
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
	if (input != -1)
		close(input);
}

/* Start strace on the program and wait until it is attached. */
static pid_t
trace(struct screen *s, const char *file)
{
	char number[16];
	int64_t limit = clock_ns(CLOCK_MONOTONIC) + 5 * NS;

	snprintf(number, sizeof number, "%d", (int)s->pid);
	pid_t pid = fork();
	if (pid == -1)
		err(1, "fork");
	if (pid == 0) {
		execlp("strace", "strace", "-c", "-f", "-q", "-o", file, "-p",
		    number, (char *)NULL);
		err(127, "strace");
	}
	while (proc_number(s->pid, "status", "TracerPid:") == 0) {
		int64_t now = clock_ns(CLOCK_MONOTONIC);

		if (now > limit || !drain(s, now + 10 * 1000000))
			errx(1, "strace does not attach");
	}
	return pid;
}

/* Leave by the program's own key; if it will not, by force. */
static void
quit(struct screen *s)
{
	const int signals[] = {0, SIGTERM, SIGKILL};

	if (write(s->master, "q", 1) == -1)
		warn("write");
	for (int i = 0; i < 3; i++) {
		if (signals[i] != 0)
			kill(s->pid, signals[i]);
		for (int t = 0; t < 100; t++) {
			if (waitpid(s->pid, NULL, WNOHANG) != 0)
				return;
			if (!drain(s, clock_ns(CLOCK_MONOTONIC) + NS / 100))
				poll(NULL, 0, 10);
		}
	}
}

static void
measure(struct screen *s, double seconds, const char *trace_file)
{
	pid_t tracer = trace_file != NULL ? trace(s, trace_file) : 0;
	int64_t cpu = cpu_ns(s->pid);
	int64_t begin = clock_ns(CLOCK_MONOTONIC);

	s->frames = 0;
	s->bytes = 0;
	if (!drain(s, begin + (int64_t)(seconds * NS)))
		errx(1, "the program is gone");
	cpu = cpu_ns(s->pid) - cpu;
	double t = (double)(clock_ns(CLOCK_MONOTONIC) - begin) / NS;
	if (tracer != 0) {
		kill(tracer, SIGINT);
		waitpid(tracer, NULL, 0);
	}
	printf("frames %ld\n", s->frames);
	printf("frames_per_s %.2f\n", (double)s->frames / t);
	printf("cpu_percent %.3f\n", (double)cpu / 1e7 / t);
	if (s->frames > 0) {
		printf("cpu_ms_per_frame %.4f\n",
		    (double)cpu / 1e6 / (double)s->frames);
		printf("bytes_per_frame %lld\n", s->bytes / s->frames);
	}
	printf("rss_kb %ld\n", proc_number(s->pid, "status", "VmRSS:"));
	printf("pss_kb %ld\n", proc_number(s->pid, "smaps_rollup", "Pss:"));
}

int
main(int argc, char **argv)
{
	struct winsize size = {.ws_row = 50, .ws_col = 200};
	double settle = 2, seconds = 5;
	const char *trace_file = NULL;
	bool own_input = false;
	int c;

	while ((c = getopt(argc, argv, "+ic:r:w:t:s:")) != -1) {
		switch (c) {
		case 'i':
			own_input = true;
			break;
		case 'c':
			size.ws_col = (unsigned short)atoi(optarg);
			break;
		case 'r':
			size.ws_row = (unsigned short)atoi(optarg);
			break;
		case 'w':
			settle = atof(optarg);
			break;
		case 't':
			seconds = atof(optarg);
			break;
		case 's':
			trace_file = optarg;
			break;
		default:
			return 2;
		}
	}
	if (optind == argc)
		errx(2, "usage: pty [OPTION...] PROGRAM [ARG...]");

	struct screen s = {.master = -1};
	start(&s, own_input, &size, argv + optind);
	if (!drain(&s, clock_ns(CLOCK_MONOTONIC) + (int64_t)(settle * NS)))
		errx(1, "the program is gone");
	measure(&s, seconds, trace_file);
	fflush(stdout);
	quit(&s);
	return 0;
}
