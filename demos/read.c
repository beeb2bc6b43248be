/*
 * read: the lines and bytes of many files, by a pool of threads.
 *
 * A file that cannot be read fails only its own future.
 */
#include <sys/stat.h>
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "lockstep/demo.h"
#include "lockstep/executor.h"
#include "lockstep/program.h"
#include "lockstep/util.h"

#define LABEL    47          /* bytes of a future's label */
#define NAME_LEN 200         /* bytes of a name in a line */
#define PIECE    (64 * 1024) /* read at a time */
#define MOST     200         /* files, if none are named */

struct counts {
	uint64_t lines, bytes;
};

/*
 * Follow links: `real` is where the file is. 0 or an errno: a directory has no
 * lines, and a terminal or /dev/zero has no end.
 */
static int
find(const char *path, char real[PATH_MAX])
{
	struct stat st;

	if (realpath(path, real) == NULL || stat(real, &st) != 0)
		return errno;
	if (S_ISDIR(st.st_mode))
		return EISDIR;
	return S_ISREG(st.st_mode) ? 0 : ESPIPE;
}

static int
read_file(struct call *c)
{
	struct counts counts = {0};
	char path[PATH_MAX], buf[PIECE];
	long got;

	self_work(&self_params()->task_work); /* like a slow disk */
	int err = find(call_arg(c), path);
	if (err != 0)
		return call_fail(c, err, "%s",
		    err == ESPIPE ? "not a regular file" : strerror(err));
	while ((got = self_read(path, buf, sizeof buf, counts.bytes)) > 0) {
		counts.lines += count_lines(buf, got);
		counts.bytes += (uint64_t)got;
	}
	if (got < 0)
		return call_fail(c, (int)-got, "%s", strerror((int)-got));
	self_add((int64_t)counts.lines, 1);
	return call_return(c, &counts, sizeof counts);
}

/* 0 if the file was read; it is then part of the total. */
static int
report(struct future *f, const char *path, struct counts *total)
{
	struct counts one;
	char name[NAME_LEN];

	if (future_result(f, FOREVER, &one, sizeof one) != sizeof one) {
		say("%s: %s", text_shorten(name, sizeof name, path),
		    future_error(f));
		return 1;
	}
	say("%8" PRIu64 " lines %10" PRIu64 " bytes  %s", one.lines, one.bytes,
	    text_shorten(name, sizeof name, path));
	total->lines += one.lines;
	total->bytes += one.bytes;
	return 0;
}

/* As much of the end as a label takes: that is where paths differ. */
static const char *
end_of(const char *path)
{
	size_t len = strlen(path);

	return len > LABEL ? path + len - LABEL : path;
}

static int
read_all(struct executor *e, char *const *paths, size_t n)
{
	struct future **futures = calloc(n, sizeof *futures);
	struct counts total = {0};
	size_t failed = 0;

	for (size_t i = 0; futures != NULL && i < n; i++)
		futures[i] = executor_submit_as(e, end_of(paths[i]), read_file,
		    paths[i], strlen(paths[i]) + 1);
	for (size_t i = 0; i < n; i++) {
		if (futures == NULL || futures[i] == NULL) {
			say("out of memory: %s", paths[i]);
			failed++;
			continue;
		}
		failed += (size_t)report(futures[i], paths[i], &total);
		future_free(futures[i]);
	}
	free(futures);
	say("%zu files, %" PRIu64 " lines, %" PRIu64 " bytes; %zu could not "
	    "be read",
	    n - failed, total.lines, total.bytes, failed);
	result_set("files", (int64_t)(n - failed));
	result_set("lines", (int64_t)total.lines);
	result_set("bytes", (int64_t)total.bytes);
	result_set("failed", (int64_t)failed);
	return failed > 0;
}

static int
run(const struct params *p)
{
	struct executor *e = executor_new(EXECUTOR_THREADS, NULL);
	glob_t found = {0};
	int status;

	if (e == NULL) {
		say("cannot create the pool: %s", strerror(errno));
		return 1;
	}
	if (p->noperands > 0) {
		status = read_all(e, p->operands, p->noperands);
	} else {
		glob("/usr/share/doc/*/copyright", 0, NULL, &found);
		glob("/usr/include/*.h", GLOB_APPEND, NULL, &found);
		glob("/etc/*.conf", GLOB_APPEND, NULL, &found);
		size_t n = found.gl_pathc < MOST ? found.gl_pathc : MOST;
		say("no file was named: reading %zu files of this system", n);
		status = read_all(e, found.gl_pathv, n);
		globfree(&found);
	}
	executor_free(e);
	return status;
}

static const char *const lesson[] = {
    "Five threads read many files and count lines and bytes, as `wc` does; "
    "each file is a future.",
    "Reading waits: for a disk, a network, here for a tenth of a second. More "
    "threads wait for more files at the same time.",
    "The threads sleep or read, and hardly ever compute: the work is "
    "I/O-bound. Try -t 1 and -t 50.",
    "A file that does not exist fails only its own future; all others are "
    "read.",
    NULL,
};

const struct demo demo_read = {
    .name = "read",
    .title = "the lines and bytes of many files, by a pool of threads",
    .lesson = lesson,
    .processes = 1,
    .threads = 5,
    .task_work = "sleep:100ms",
    .lock = "mutex",
    .window = "0",
    .operands = "FILE",
    .main = run,
};
