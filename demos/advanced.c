/*
 * advanced: threads read files, processes compute on what was read, with a
 * bounded queue between them.
 *
 *	readers (threads of main) -> blocks -> counters (processes)
 *	                                            |
 *	main <------------------- counts -----------+
 *
 * A counter marks a block done only after it has put the count. So if a
 * counter is killed, the block that it was counting goes back into the queue:
 * each block is counted at least once, and main takes the first count of each.
 * Main puts the sentinels when it has every count, not when every file is
 * read: until then a block may come back.
 */
#include <errno.h>
#include <fts.h>
#include <glob.h>
#include <inttypes.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/program.h"
#include "lockstep/queue.h"
#include "lockstep/util.h"

#define BLOCK    ((size_t)16 * 1024)
#define ROOM     8   /* blocks in the queue, at most */
#define MOST     100 /* files, if none are named */
#define LOOK     (50 * NSEC_PER_MSEC)
#define NAME_LEN 200 /* bytes of a name in a line */

struct block {
	uint64_t number; /* from 0 */
	char bytes[BLOCK];
};

struct count {
	uint64_t number, lines, bytes;
};

/* The argument of a counter. */
struct ends {
	struct queue *blocks, *counts;
};

/* Main's variables, which its threads share. */
static struct ends ends;
static char **paths;
static size_t npaths;
static _Atomic size_t next_path;
static _Atomic uint64_t nblocks; /* read so far */
static _Atomic uint64_t unreadable;
static _Atomic unsigned reading; /* readers that have not finished */

/* ---- the counters: processes ---- */

static struct count
count_block(const struct block *b, size_t bytes)
{
	struct count c = {.number = b->number, .bytes = bytes};
	const char *end = b->bytes + bytes;

	self_work(
	    &self_params()->item_work); /* pretend that counting is hard */
	for (const char *p = b->bytes;
	     (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		c.lines++;
	return c;
}

static int
count_blocks(const void *arg, size_t size)
{
	const struct ends *e = arg;
	struct block b;
	long got;

	(void)size;
	while ((got = queue_get(e->blocks, &b, sizeof b, FOREVER)) > 0) {
		size_t bytes = (size_t)got - offsetof(struct block, bytes);
		struct count c = count_block(&b, bytes);

		queue_put(e->counts, &c, sizeof c, FOREVER);
		queue_done(e->blocks);
	}
	return 0;
}

/* ---- the readers: threads ---- */

static void
cannot_read(const char *path, const char *why)
{
	char name[NAME_LEN];

	say("%s: %s", text_shorten(name, sizeof name, path), why);
	atomic_fetch_add(&unreadable, 1);
}

/* False: the queue is closed, no counter is left. */
static bool
read_file(const char *path)
{
	struct block b;
	uint64_t at = 0;

	for (;;) {
		self_work(&self_params()->task_work); /* a slow disk */
		long got = self_read(path, b.bytes, sizeof b.bytes, at);

		if (got < 0)
			cannot_read(path, strerror((int)-got));
		if (got <= 0)
			return true;
		at += (uint64_t)got;
		b.number = atomic_fetch_add(&nblocks, 1);
		if (queue_put(ends.blocks, &b,
			offsetof(struct block, bytes) + (size_t)got,
			FOREVER) != 0)
			return false;
	}
}

static int
read_files(void *unused)
{
	size_t i;

	(void)unused;
	while ((i = atomic_fetch_add(&next_path, 1)) < npaths)
		if (!read_file(paths[i]))
			break;
	atomic_fetch_sub(&reading, 1);
	return 0;
}

/* ---- which files ---- */

static bool
add_path(const char *path)
{
	char **more = reallocarray(paths, npaths + 1, sizeof *paths);

	if (more == NULL)
		return false;
	paths = more;
	paths[npaths] = strdup(path);
	return paths[npaths] != NULL && ++npaths > 0;
}

/* A file, or all files below a directory. Only `path` itself may be a link. */
static void
add_below(const char *path)
{
	char real[PATH_MAX];
	char *const one[] = {real, NULL};
	FTS *walk = NULL;
	FTSENT *e;

	if (realpath(path, real) != NULL)
		walk = fts_open(one, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (walk == NULL) {
		cannot_read(path, strerror(errno));
		return;
	}
	while ((e = fts_read(walk)) != NULL) {
		if (e->fts_info == FTS_F && S_ISREG(e->fts_statp->st_mode) &&
		    add_path(e->fts_path))
			continue;
		if (e->fts_info == FTS_D || e->fts_info == FTS_DP ||
		    e->fts_info == FTS_SL || e->fts_info == FTS_SLNONE ||
		    (e->fts_info == FTS_DEFAULT && e->fts_level > 0))
			continue;
		cannot_read(e->fts_path,
		    e->fts_errno != 0 ? strerror(e->fts_errno)
				      : "not a regular file");
	}
	fts_close(walk);
}

static void
choose_files(const struct params *p)
{
	glob_t found = {0};

	for (unsigned i = 0; i < p->noperands; i++)
		add_below(p->operands[i]);
	if (p->noperands > 0)
		return;
	glob("/usr/share/doc/*/copyright", 0, NULL, &found);
	glob("/usr/include/*.h", GLOB_APPEND, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc && npaths < MOST; i++)
		add_below(found.gl_pathv[i]);
	globfree(&found);
	say("no file was named: reading %zu files of this system", npaths);
}

/* ---- main ---- */

struct total {
	uint64_t lines, bytes, blocks;
	uint64_t again; /* counts of blocks that had been counted before */
	bool *seen;     /* [room], by number */
	uint64_t room;
};

/* Only the first count of a block is taken. */
static void
take(struct total *t, const struct count *c)
{
	if (c->number >= t->room) {
		uint64_t room = 2 * (c->number + 512);

		t->seen = realloc(t->seen, room);
		if (t->seen == NULL) {
			perror("advanced");
			abort();
		}
		memset(t->seen + t->room, 0, room - t->room);
		t->room = room;
	}
	if (t->seen[c->number]) {
		t->again++;
		return;
	}
	t->seen[c->number] = true;
	t->lines += c->lines;
	t->bytes += c->bytes;
	t->blocks++;
}

static unsigned
alive(struct child *const *counters, unsigned n)
{
	unsigned living = 0;

	for (unsigned i = 0; i < n; i++)
		living += counters[i] != NULL && process_alive(counters[i]);
	return living;
}

/* Until every block that was read is counted. -ECHILD: no counter is left. */
static int
collect(struct total *t, struct child *const *counters, unsigned n)
{
	struct count c;

	while (atomic_load(&reading) > 0 || t->blocks < atomic_load(&nblocks)) {
		bool living = alive(counters, n) > 0;

		if (queue_get(ends.counts, &c, sizeof c, LOOK) > 0)
			take(t, &c);
		else if (!living)
			return -ECHILD;
	}
	return 0;
}

/* Put a sentinel for each counter. The queue has room for only a few. */
static void
dismiss(struct child *const *counters, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		while (queue_put_sentinel(ends.blocks, LOOK) == -ETIMEDOUT)
			if (alive(counters, n) == 0)
				return;
}

static void
join_counters(struct child **counters, unsigned n)
{
	int status;

	for (unsigned i = 0; i < n; i++) {
		if (counters[i] == NULL)
			continue;
		process_join(counters[i], FOREVER, &status);
		if (status < 0)
			say("a counter was killed by signal %d: its block went "
			    "back into the queue",
			    -status);
	}
}

static void
report(const struct total *t, int err)
{
	if (err != 0)
		say("no counter is left: %" PRIu64 " blocks were read and "
		    "only %" PRIu64 " counted",
		    atomic_load(&nblocks), t->blocks);
	if (t->again > 0)
		say("%" PRIu64 " blocks were counted twice; the second "
		    "counts are ignored",
		    t->again);
	say("%" PRIu64 " lines, %" PRIu64 " bytes in %" PRIu64
	    " blocks of %zu files",
	    t->lines, t->bytes, t->blocks, npaths);
	result_set("files", (int64_t)npaths);
	result_set("lines", (int64_t)t->lines);
	result_set("bytes", (int64_t)t->bytes);
	result_set("blocks", (int64_t)t->blocks);
	result_set("unreadable", (int64_t)atomic_load(&unreadable));
}

static unsigned
start_counters(struct child **counters, unsigned n)
{
	unsigned started = 0;

	for (unsigned i = 0; i < n; i++) {
		char name[32];

		snprintf(name, sizeof name, "counter-%u", i + 1);
		counters[i] =
		    process_start(name, count_blocks, &ends, sizeof ends);
		started += counters[i] != NULL;
	}
	return started;
}

static unsigned
start_readers(struct thread **readers, unsigned n)
{
	unsigned started = 0;

	atomic_store(&reading, n);
	for (unsigned i = 0; i < n; i++) {
		char name[32];

		snprintf(name, sizeof name, "reader-%u", i + 1);
		readers[i] = thread_start(name, read_files, NULL);
		started += readers[i] != NULL;
		if (readers[i] == NULL)
			atomic_fetch_sub(&reading, 1);
	}
	return started;
}

static int
work(const struct params *p, struct child **counters, struct thread **readers)
{
	struct total t = {0};
	int err;

	if (start_counters(counters, p->processes) == 0 ||
	    start_readers(readers, p->threads) == 0) {
		say("cannot start the counters and readers");
		queue_close(ends.blocks);
		return 1;
	}
	err = collect(&t, counters, p->processes);
	if (err != 0)
		queue_close(ends.blocks); /* readers that wait to put give up */
	for (unsigned i = 0; i < p->threads; i++)
		if (readers[i] != NULL)
			thread_join(readers[i], FOREVER, NULL);
	dismiss(counters, p->processes);
	join_counters(counters, p->processes);
	report(&t, err);
	free(t.seen);
	return err != 0 || atomic_load(&unreadable) > 0;
}

static int
run(const struct params *p)
{
	struct child **counters = calloc(p->processes, sizeof *counters);
	struct thread **readers = calloc(p->threads, sizeof *readers);
	int status = 1;

	ends.blocks = queue_new("blocks", ROOM, sizeof(struct block), true);
	ends.counts = queue_new(
	    "counts", 2 * p->processes + 64, sizeof(struct count), false);
	choose_files(p);
	if (counters == NULL || readers == NULL || ends.blocks == NULL ||
	    ends.counts == NULL)
		say("out of memory");
	else
		status = work(p, counters, readers);
	for (size_t i = 0; i < npaths; i++)
		free(paths[i]);
	free(paths);
	free(readers);
	free(counters);
	return status;
}

static const char *const lesson[] = {
    "Threads read files block by block, processes count the lines: threads "
    "for work that waits, processes for work that computes.",
    "The queue between them has room for 8 blocks. It is full and the readers "
    "wait to put: counting is the bottleneck.",
    "Try --item-work none --task-work sleep:100ms: now the queue is empty and "
    "the counters wait to get. -p and -t move the bottleneck, too.",
    "Kill a counter with `k`: its block goes back into the queue, and lines "
    "and bytes are still what `wc` says.",
    NULL,
};

const struct demo demo_advanced = {
    .name = "advanced",
    .title = "threads read files, processes count their lines, with a "
	     "bounded queue between them",
    .lesson = lesson,
    .processes = 2,
    .threads = 3,
    .item_work = "spin:50ms",
    .task_work = "sleep:5ms",
    .lock = "mutex",
    .window = "0",
    .operands = "directory or FILE",
    .main = run,
};
