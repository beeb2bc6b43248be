/*
 * files: real input. The items are the regular files below some directories,
 * a task is one block of a file: read it, count its lines, add them to the
 * sum. With a lock the sum is what wc -l says.
 *
 * The names come from outside: they are never taken for anything but bytes,
 * symbolic links are not followed, and what cannot be read is counted.
 */
#include "lockstep/demo.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"

#define BLOCK (256 * 1024)
#define PIECE (64 * 1024) /* read at a time */
#define STEP  512         /* directory entries looked at in one step */
#define MOST  (1U << 20)  /* blocks of one file: then they are larger */
#define NAMED 16          /* of what could not be looked into */

struct file {
	char *path;
	uint64_t size;
};

static struct file *files;
static uint64_t nfiles, room, unreadable;
static char *left_out[NAMED]; /* the first that could not be looked into */
static FTS *walk;

/* Blocks are a power of two times BLOCK, so that MOST of them do. */
static uint64_t
block_size(uint64_t size)
{
	uint64_t block = BLOCK;

	while ((size + block - 1) / block > MOST)
		block *= 2;
	return block;
}

static void
task(struct task *t)
{
	char buf[PIECE];
	const struct file *f = &files[task_cookie(t) - 1];
	uint64_t block = block_size(f->size);
	uint64_t at = task_index(t) * block;
	uint64_t end = at + block < f->size ? at + block : f->size;
	uint64_t lines = 0;

	task_work(t); /* none, if not asked for */
	while (at < end) {
		size_t want = end - at < PIECE ? (size_t)(end - at) : PIECE;
		long got = task_read(t, f->path, buf, want, at);

		if (got <= 0)
			break;
		lines += count_lines(buf, got);
		at += (uint64_t)got;
	}
	if (lines > 0)
		task_add(t, (int64_t)lines);
}

/* 0, or the errno of an attempt to list the directory just met. */
static int
unreadable_dir(FTS *f)
{
	errno = 0;
	return fts_children(f, FTS_NAMEONLY) == NULL ? errno : 0;
}

static int
open_walk(const struct params *p)
{
	for (unsigned i = 0; i < p->noperands; i++) {
		char *const one[] = {p->operands[i], NULL};
		FTS *f = fts_open(one, FTS_PHYSICAL, NULL);
		FTSENT *e = f == NULL ? NULL : fts_read(f);
		int err = e == NULL ? errno : e->fts_errno;

		if (e != NULL && e->fts_info == FTS_D)
			err = unreadable_dir(f);
		if (f != NULL)
			fts_close(f);
		if (err != 0) {
			fprintf(stderr, "lockstep: %s: %s\n", p->operands[i],
			    strerror(err));
			return -err;
		}
	}
	walk = fts_open(p->operands, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	return walk == NULL ? -errno : 0;
}

/* False if memory is short: the file is then left out. */
static bool
remember(const FTSENT *e)
{
	if (nfiles == room) {
		uint64_t more = room == 0 ? 1024 : 2 * room;
		struct file *grown = reallocarray(files, more, sizeof *files);

		if (grown == NULL)
			return false;
		files = grown;
		room = more;
	}
	char *path = strdup(e->fts_path);
	if (path == NULL)
		return false;
	files[nfiles++] = (struct file){
	    .path = path, .size = (uint64_t)e->fts_statp->st_size};
	return true;
}

static void
leave_out(const FTSENT *e)
{
	if (unreadable < NAMED)
		left_out[unreadable] = strdup(e->fts_path);
	unreadable++;
}

static bool
step_walk(void)
{
	for (int i = 0; i < STEP; i++) {
		FTSENT *e = fts_read(walk);

		if (e == NULL)
			return false;
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR ||
		    e->fts_info == FTS_NS ||
		    (e->fts_info == FTS_F && S_ISREG(e->fts_statp->st_mode) &&
			!remember(e)))
			leave_out(e);
	}
	return true;
}

static uint64_t
count_files(void)
{
	return nfiles;
}

static uint64_t
count_unreadable(void)
{
	return unreadable;
}

static const char *
left_out_name(unsigned i)
{
	return i < NAMED ? left_out[i] : NULL;
}

static void
file_item(uint64_t i, uint32_t *n, uint64_t *cookie)
{
	uint64_t size = files[i].size, block = block_size(size);

	*n = (uint32_t)((size + block - 1) / block);
	*cookie = i + 1;
}

static const char *
file_name(uint64_t cookie)
{
	return files[cookie - 1].path;
}

static void
close_walk(void)
{
	fts_close(walk);
	for (uint64_t i = 0; i < nfiles; i++)
		free(files[i].path);
	free(files);
	for (unsigned i = 0; i < NAMED; i++)
		free(left_out[i]);
}

static const struct source source = {
    .open = open_walk,
    .step = step_walk,
    .count = count_files,
    .skipped = count_unreadable,
    .skipped_name = left_out_name,
    .item = file_item,
    .name = file_name,
    .close = close_walk,
};

static const char *const lesson[] = {
    "The items are files, a task is a block of one: read it, count its "
    "lines, add them to the sum.",
    "Reading waits for the disk, counting needs the processor; threads help "
    "with the one, processes with both.",
    "With the lock on the sum is what `wc -l` says; with it off, lines go "
    "missing.",
    NULL,
};

const struct demo demo_files = {
    .name = "files",
    .title = "count the lines of all files below some directories",
    .lesson = lesson,
    .processes = 2,
    .threads = 4,
    .item_work = "none",
    .task_work = "none",
    .lock = "mutex",
    .window = "20us",
    .source = &source,
    .operands = "directory",
    .operands_needed = true,
    .task = task,
    .stepped = true,
};
