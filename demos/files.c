/*
 * files: real input. The items are the files named and all regular files below
 * the directories named. A task reads one block of a file, counts its lines and
 * adds them to the sum. With a lock the sum is what wc -l says.
 *
 * The names come from outside: they are never taken for anything but bytes. A
 * symbolic link is followed if it is named, as find -H does. What was named and
 * cannot be read is left out, and so is a file whose size changes meanwhile.
 */
#include "lockstep/demo.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"

#define BLOCK (256 * 1024)
#define PIECE (64 * 1024) /* read at a time */
#define STEP  512         /* directory entries looked at in one step */
#define MOST  (1U << 20)  /* blocks of one file: then they are larger */
#define NAMED 16          /* files left out that are listed by name */

struct file {
	char *name; /* as it was given or found */
	char *path; /* to read it: `name`, unless that is a link */
	uint64_t size;
};

/* Why a task may leave its file out, besides an errno; see task_leave_out(). */
enum {
	FILES_SHRANK = -1,
	FILES_GREW = -2
};

static const char *const reasons[] = {
    "it shrank while it was read",
    "it grew while it was read",
};

static struct file *files;
static uint64_t nfiles, room, skipped;
static struct {
	char *name;
	const char *why;
} left_out[NAMED]; /* the first of them */
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

/*
 * The lines from `at` to `end`, or to the end of the file. -1 if they cannot
 * be read.
 */
static int64_t
count_block(struct task *t, const struct file *f, uint64_t at, uint64_t end)
{
	char buf[PIECE];
	int64_t lines = 0;

	while (at < end) {
		size_t want = end - at < PIECE ? (size_t)(end - at) : PIECE;
		long got = task_read(t, f->path, buf, want, at);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		lines += (int64_t)count_lines(buf, got);
		at += (uint64_t)got;
	}
	return lines;
}

static void
look_for_changes(struct task *t, const struct file *f)
{
	struct stat st;

	if (stat(f->path, &st) != 0)
		task_leave_out(t, errno);
	else if ((uint64_t)st.st_size != f->size)
		task_leave_out(t,
		    (uint64_t)st.st_size < f->size ? FILES_SHRANK : FILES_GREW);
}

/*
 * A file of one block is read to its end, whatever stat(2) says its size is:
 * for files of /proc and /sys that size means nothing.
 */
static void
task(struct task *t)
{
	const struct file *f = &files[task_cookie(t) - 1];
	uint64_t block = block_size(f->size);
	uint64_t at = task_index(t) * block;
	uint64_t end = f->size <= block ? UINT64_MAX : at + block;

	task_work(t); /* none, if not asked for */

	int64_t lines = count_block(t, f, at, end);

	if (lines > 0)
		task_add(t, lines);
	if (lines >= 0)
		look_for_changes(t, f);
}

/* 0, or the errno of listing the directory that fts has just returned. */
static int
unreadable_dir(FTS *f)
{
	errno = 0;
	return fts_children(f, FTS_NAMEONLY) == NULL ? errno : 0;
}

static int
look_at(char *operand)
{
	char *const one[] = {operand, NULL};
	FTS *f = fts_open(one, FTS_PHYSICAL | FTS_COMFOLLOW, NULL);
	FTSENT *e = f == NULL ? NULL : fts_read(f);
	int err = e == NULL ? errno : e->fts_errno;

	if (e != NULL && e->fts_info == FTS_D)
		err = unreadable_dir(f);
	if (e != NULL && e->fts_info == FTS_SLNONE)
		err = ENOENT;
	if (f != NULL)
		fts_close(f);
	return err;
}

/* At least one of the operands must be readable. */
static int
open_walk(const struct params *p)
{
	int err = 0;

	for (unsigned i = 0; i < p->noperands; i++) {
		err = look_at(p->operands[i]);
		if (err == 0)
			break;
	}
	if (err != 0) {
		for (unsigned i = 0; i < p->noperands; i++)
			fprintf(stderr, "lockstep: %s: %s\n",
			    strerror(look_at(p->operands[i])), p->operands[i]);
		return -err;
	}
	walk = fts_open(
	    p->operands, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	return walk == NULL ? -errno : 0;
}

static bool
make_room(void)
{
	if (nfiles < room)
		return true;

	uint64_t more = room == 0 ? 1024 : 2 * room;
	struct file *grown = reallocarray(files, more, sizeof *files);

	if (grown == NULL)
		return false;
	files = grown;
	room = more;
	return true;
}

/* 0, or an errno: the file is then left out. */
static int
remember(const FTSENT *e)
{
	struct stat st;
	bool link = e->fts_level == FTS_ROOTLEVEL &&
	    lstat(e->fts_path, &st) == 0 && S_ISLNK(st.st_mode);
	struct file f = {.size = (uint64_t)e->fts_statp->st_size};

	if (faccessat(AT_FDCWD, e->fts_path, R_OK, AT_EACCESS) != 0)
		return errno;
	if (!make_room())
		return ENOMEM;
	f.name = strdup(e->fts_path);
	f.path = link ? realpath(e->fts_path, NULL) : f.name;
	if (f.name == NULL || f.path == NULL) {
		int err = errno;

		free(f.name);
		return err;
	}
	files[nfiles++] = f;
	return 0;
}

static void
leave_out(const FTSENT *e, const char *why)
{
	if (skipped < NAMED) {
		left_out[skipped].name = strdup(e->fts_path);
		left_out[skipped].why = why;
	}
	skipped++;
}

/* What find -type f would not find is left out if it was named. */
static void
take_in(const FTSENT *e)
{
	int err = 0;

	switch (e->fts_info) {
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		err = e->fts_errno;
		break;
	case FTS_SLNONE:
		err = ENOENT;
		break;
	case FTS_F:
		if (S_ISREG(e->fts_statp->st_mode)) {
			err = remember(e);
			break;
		}
		/* FALLTHROUGH */
	case FTS_DEFAULT:
		if (e->fts_level == FTS_ROOTLEVEL)
			leave_out(e, "not a regular file");
		break;
	default:
		break;
	}
	if (err != 0)
		leave_out(e, strerrordesc_np(err));
}

static bool
step_walk(void)
{
	for (int i = 0; i < STEP; i++) {
		FTSENT *e = fts_read(walk);

		if (e == NULL)
			return false;
		take_in(e);
	}
	return true;
}

static uint64_t
count_files(void)
{
	return nfiles;
}

static uint64_t
count_skipped(void)
{
	return skipped;
}

static bool
skipped_at(unsigned i, struct left_out *out)
{
	if (i >= NAMED || left_out[i].name == NULL)
		return false;
	*out = (struct left_out){left_out[i].name, left_out[i].why};
	return true;
}

static void
file_item(uint64_t i, uint32_t *n, uint64_t *cookie)
{
	uint64_t size = files[i].size, block = block_size(size);

	*n = size == 0 ? 1 : (uint32_t)((size + block - 1) / block);
	*cookie = i + 1;
}

static const char *
file_name(uint64_t cookie)
{
	return files[cookie - 1].name;
}

static void
close_walk(void)
{
	fts_close(walk);
	for (uint64_t i = 0; i < nfiles; i++) {
		if (files[i].path != files[i].name)
			free(files[i].path);
		free(files[i].name);
	}
	free(files);
	for (unsigned i = 0; i < NAMED; i++)
		free(left_out[i].name);
}

static const struct source source = {
    .open = open_walk,
    .step = step_walk,
    .count = count_files,
    .skipped = count_skipped,
    .skipped_at = skipped_at,
    .reasons = reasons,
    .item = file_item,
    .name = file_name,
    .close = close_walk,
};

static const char *const lesson[] = {
    "The items are files, and a task is one block of a file: read it, count "
    "its lines, add them to the sum.",
    "Reading waits for the disk, counting needs the processor. Threads help "
    "with both here; in Python they help only with the waiting.",
    "With the lock on, the sum is what `wc -l` says; with the lock off, lines "
    "go missing.",
    NULL,
};

const struct demo demo_files = {
    .name = "files",
    .title = "count the lines of files, and of all files below directories",
    .lesson = lesson,
    .processes = 2,
    .threads = 4,
    .item_work = "none",
    .task_work = "none",
    .lock = "mutex",
    .window = "20us",
    .source = &source,
    .operands = "FILE",
    .operands_needed = true,
    .task = task,
    .stepped = true,
};
