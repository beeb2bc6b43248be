/* procs: what /proc says about the processes of a session. */
#include "procs.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct stat_line {
	char state;
	int parent, group, session;
};

static bool
read_stat(pid_t pid, struct stat_line *s)
{
	char path[64], line[1024];

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);

	FILE *f = fopen(path, "r");

	if (f == NULL)
		return false;

	size_t n = fread(line, 1, sizeof line - 1, f);

	fclose(f);
	line[n] = '\0';

	/* The name may hold anything, also ')'. */
	char *p = strrchr(line, ')');

	return p != NULL &&
	    sscanf(p + 1, " %c %d %d %d", &s->state, &s->parent, &s->group,
		&s->session) == 4;
}

static bool
runs(pid_t pid, const char *program)
{
	char path[64], exe[PATH_MAX];

	snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);

	ssize_t n = readlink(path, exe, sizeof exe - 1);

	if (n <= 0)
		return false;
	exe[n] = '\0';
	return strcmp(strrchr(exe, '/') + 1, program) == 0;
}

static int
numbers_in(const char *path, pid_t out[PROCS_MAX],
    bool (*keep)(pid_t, const void *), const void *arg)
{
	DIR *dir = opendir(path);
	int n = 0;

	if (dir == NULL)
		return 0;
	for (struct dirent *e; n < PROCS_MAX && (e = readdir(dir)) != NULL;) {
		pid_t pid = (pid_t)atol(e->d_name);

		if (pid > 0 && (keep == NULL || keep(pid, arg)))
			out[n++] = pid;
	}
	closedir(dir);
	return n;
}

struct wanted {
	pid_t session;
	const char *program;
};

static bool
is_wanted(pid_t pid, const void *arg)
{
	const struct wanted *w = arg;
	struct stat_line s;

	if (!read_stat(pid, &s) || s.session != w->session)
		return false;
	return w->program != NULL ? runs(pid, w->program)
				  : s.state != 'Z' && s.state != 'X';
}

int
procs_of(pid_t session, const char *program, pid_t out[PROCS_MAX])
{
	struct wanted w = {.session = session, .program = program};

	return numbers_in("/proc", out, is_wanted, &w);
}

char
procs_state(pid_t pid)
{
	struct stat_line s;

	return read_stat(pid, &s) ? s.state : '\0';
}

bool
procs_lives(pid_t pid)
{
	char state = procs_state(pid);

	return state != '\0' && state != 'Z' && state != 'X';
}

pid_t
procs_parent(pid_t pid)
{
	struct stat_line s;

	return read_stat(pid, &s) ? s.parent : -1;
}

int
procs_threads(pid_t pid, pid_t out[PROCS_MAX])
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	return numbers_in(path, out, NULL, NULL);
}

bool
procs_has_thread(pid_t pid, pid_t tid)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/task/%d", (int)pid, (int)tid);
	return access(path, F_OK) == 0;
}

void
procs_name(pid_t tid, char *out, size_t size)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/comm", (int)tid);
	out[0] = '\0';

	FILE *f = fopen(path, "r");

	if (f == NULL)
		return;
	if (fgets(out, (int)size, f) != NULL)
		out[strcspn(out, "\n")] = '\0';
	fclose(f);
}

uint64_t
procs_signals(pid_t pid, const char *set)
{
	char path[64], line[128];
	uint64_t bits = 0;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);

	FILE *f = fopen(path, "r");

	if (f == NULL)
		return 0;
	while (fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, set, strlen(set)) == 0)
			bits = strtoull(line + strlen(set), NULL, 16);
	fclose(f);
	return bits;
}
