/*
 * sink: writes to a descriptor whose reader may have stopped: a terminal after
 * ^S, a pipe whose reader is stuck. No write waits.
 *
 * O_NONBLOCK belongs to the open file description, which we share with the
 * shell and with everything else on the same terminal or pipe. Setting it there
 * would break them, and it would stay set if we are killed. So we open a
 * terminal or a pipe again by its name in /proc: the new description is ours
 * alone. A socket cannot be opened but accepts MSG_DONTWAIT. A file of another
 * user (after su) cannot be opened either; there we write only what is sure to
 * fit once poll reports POLLOUT: PIPE_BUF bytes into a pipe, one into a
 * terminal.
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
	size_t fits; /* SINK_SHARED: bytes that fit once poll reports POLLOUT */
	bool opened; /* by us: close it with the sink */
};

/* For the caller's descriptor, which stays open and unchanged. */
struct sink sink_shared(int fd);

/* For a descriptor of our own: the sink closes it. */
struct sink sink_owned(int fd);

/* 0, or -errno: reports errors that the file system has deferred. */
int sink_close(struct sink *);

/* Returns the number of bytes written; 0: none now; or -errno. */
ssize_t sink_write(const struct sink *, const void *, size_t);

/* Wait until it accepts bytes. False: `ms` passed; negative: wait forever. */
bool sink_wait(const struct sink *, int ms);

/*
 * The file behind a terminal or a pipe, opened again, non-blocking, with
 * `flags`. -1 if that is not possible.
 */
int sink_reopen(int fd, int flags);

#endif
