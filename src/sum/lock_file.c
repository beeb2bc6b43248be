/*
 * lock_file: a record lock on one byte of a file.
 *
 * The file has no name. Each cell has one byte of it, at the offset of the
 * cell's address. Such a lock belongs to a process, not to a thread, so the
 * threads of a process take turns by a mutex of their own. Lock order: the
 * mutex, then the byte. So a process that holds a byte never waits for another
 * one, and the kernel finds no deadlock where there is none.
 *
 * When a process dies, the kernel releases its byte before the process can be
 * reaped, and no thread learns of it. But the cell still names the holder,
 * which clears its name before it unlocks. So a thread that has locked the byte
 * and finds a name in the cell follows a dead holder.
 */
#include "sum/lock_fast.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/util_priv.h"
#include "lockstep/util.h"

#define BURST 8 /* adds, each of which takes microseconds */

static int file_shared = -1; /* opened before the first fork */
static pthread_mutex_t file_turn = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;

/* Without memfd_create(): a temporary file, unlinked at once. */
static int
file_elsewhere(void)
{
	const char *given = secure_getenv("TMPDIR");
	const char *const places[] = {given, "/dev/shm", "/tmp"};

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		char *name;
		int fd;

		if (places[i] == NULL ||
		    asprintf(&name, "%s/lockstep-XXXXXX", places[i]) < 0)
			continue;
		fd = mkostemp(name, O_CLOEXEC);
		if (fd >= 0)
			unlink(name);
		free(name);
		if (fd >= 0)
			return fd;
	}
	return -1;
}

/* Not every file system supports locks. */
static bool
file_locks(int fd)
{
	struct flock byte = {
	    .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};

	if (fcntl(fd, F_SETLKW, &byte) != 0)
		return false;
	byte.l_type = F_UNLCK;
	return fcntl(fd, F_SETLK, &byte) == 0;
}

/* 0 or -errno. */
static int
file_make(const char **call)
{
	*call = "memfd_create";
	int fd = FAULT("memfd_create", EPERM)
	    ? -1
	    : memfd_create("lockstep-sum", MFD_CLOEXEC);
	int err = -errno;
	if (fd < 0 && !FAULT("memfd_create", EPERM))
		fd = file_elsewhere();
	if (fd < 0)
		return err;
	*call = "fcntl(F_SETLK)";
	if (!file_locks(fd)) {
		err = -errno;
		close(fd);
		return err;
	}
	file_shared = fd;
	return 0;
}

int
lock_file_prepare(const char **call)
{
	static const char *failed;
	static int error = 1; /* not tried yet */

	if (error == 1)
		error = file_make(&failed);
	*call = failed;
	return error;
}

/* Classify a failed call: returns EINTR or EAGAIN; anything else is fatal. */
static int
file_explain(int err)
{
	if (err == EACCES)
		err = EAGAIN;
	if (err != EINTR && err != EAGAIN)
		fatal("cannot lock the sum's file: %s", strerror(err));
	return err;
}

/*
 * 0, or EAGAIN if another process holds it and `how` does not wait. This makes
 * the system call itself, because fcntl() takes longer than everything else
 * that an add does here.
 */
ALWAYS_INLINE int
file_set_lock(const struct cell *c, int how, short type)
{
	struct flock byte = {.l_type = type,
	    .l_whence = SEEK_SET,
	    .l_start = (off_t)(uintptr_t)c,
	    .l_len = 1};

	while (syscall(SYS_fcntl, file_shared, how, &byte) != 0)
		if (file_explain(errno) == EAGAIN)
			return EAGAIN;
	return 0;
}

/* We hold the lock; if its last holder died, settle that one's add. */
static void
file_inherit(struct cell *c, struct thread_slot *any)
{
	uint32_t id = atomic_load_explicit(&c->holder, RELAXED);

	CRASH_POINT("file-inherited");
	if (id == 0)
		return;
	lock_orphaned(c);
	add_settle(c, lock_slot_by_id(any, id));
}

bool
lock_file_acquire(struct adder *a)
{
	bool waited = pthread_mutex_trylock(&file_turn) != 0;

	if (waited) {
		lock_wait_begins(a);
		pthread_mutex_lock(&file_turn);
	}
	/* If a holder is named, a try would probably fail: wait at once. */
	if (atomic_load_explicit(&a->cell->holder, RELAXED) != 0 ||
	    file_set_lock(a->cell, F_SETLK, F_WRLCK) != 0) {
		if (!waited)
			lock_wait_begins(a);
		waited = true;
		file_set_lock(a->cell, F_SETLKW, F_WRLCK);
	}
	if (waited)
		lock_wait_ends(a);
	file_inherit(a->cell, a->tslot);
	CRASH_POINT("file-locked");
	lock_got(a);
	return true;
}

void
lock_file_release(struct adder *a)
{
	CRASH_POINT("file-before-unlock");
	lock_drop(a);
	CRASH_POINT("file-dropped");
	file_set_lock(a->cell, F_SETLK, F_UNLCK);
	pthread_mutex_unlock(&file_turn);
}

/* ---- many adds in a row ---- */

ALWAYS_INLINE bool
file_take(struct hand *h)
{
	struct cell *c = h->cell;

	if (atomic_load_explicit(&c->holder, RELAXED) != 0 ||
	    file_set_lock(c, F_SETLK, F_WRLCK) != 0)
		return false;
	file_inherit(c, h->tslot);
	CRASH_POINT("file-locked");
	lock_name_holder(c, h->tslot->id);
	return true;
}

ALWAYS_INLINE void
file_give(struct hand *h)
{
	CRASH_POINT("file-before-unlock");
	lock_name_holder(h->cell, 0);
	CRASH_POINT("file-dropped");
	file_set_lock(h->cell, F_SETLK, F_UNLCK);
}

/* One turn at the mutex for the whole burst. */
static uint64_t
file_burst(struct hand *h, uint64_t n)
{
	if (pthread_mutex_trylock(&file_turn) != 0)
		return 0;
	uint64_t made =
	    lock_burst(h, n, file_take, file_give, hand_put_guarded);
	pthread_mutex_unlock(&file_turn);
	return made;
}

uint64_t
lock_file_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_locked(a, n, times, BURST, file_burst, hand_put_guarded);
}

int
lock_file_recover(struct cell *c, struct thread_slot *tslots, unsigned n)
{
	(void)n;
	pthread_mutex_lock(&file_turn);
	/* Another process may hold it: that one settles what it inherits. */
	if (file_set_lock(c, F_SETLK, F_WRLCK) == 0) {
		file_inherit(c, tslots);
		lock_name_holder(c, 0);
		file_set_lock(c, F_SETLK, F_UNLCK);
	}
	pthread_mutex_unlock(&file_turn);
	return 0;
}
