/*
 * sink: bytes into a descriptor whose reader may have stopped: a terminal
 * after ^S, a pipe that nobody empties. No write waits.
 *
 * O_NONBLOCK belongs to the open file description, which we share with the
 * shell and with everything else that runs on the same terminal or pipe. Set
 * there it would break them, and stay set if we are killed. So a terminal or
 * a pipe is opened once more by its name in /proc: the new description is
 * ours alone. A socket cannot be opened, but takes MSG_DONTWAIT. What belongs
 * to another user (after su) cannot be opened either; there we write no more
 * than what is sure to fit once poll has said that something does: PIPE_BUF
 * bytes into a pipe, one into a terminal.
 */
#ifndef LOCKSTEP_SINK_H
#define LOCKSTEP_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum sink_kind {
	SINK_NEVER_WAITS, /* non-blocking and ours, or a regular file */
	SINK_SOCKET,
	SINK_SHARED /* blocking, and not ours to change */
};

struct sink {
	int fd;
	enum sink_kind kind;
	size_t fits; /* bytes, once poll says POLLOUT; of SINK_SHARED */
	bool opened; /* by us: closed with the sink */
};

/* Into a descriptor of the caller's, which stays as it is and open. */
struct sink sink_shared(int fd);

/* Into a descriptor that nobody else has: it becomes the sink's to close. */
struct sink sink_owned(int fd);

/* 0, or -errno: what a file system had put off comes out now. */
int sink_close(struct sink *);

/* How many bytes it took; 0: none now; or -errno. */
ssize_t sink_write(const struct sink *, const void *, size_t);

/* Wait until it takes something. False: `ms` went by; negative: for ever. */
bool sink_wait(const struct sink *, int ms);

/*
 * The file behind a terminal or a pipe, opened once more, non-blocking, with
 * `flags`. -1 if it cannot be.
 */
int sink_reopen(int fd, int flags);

#endif
