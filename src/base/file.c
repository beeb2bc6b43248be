/* file: reads part of a file, given its name. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

long
read_at(const char *path, void *buf, size_t len, uint64_t offset)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	size_t have = 0;

	if (fd < 0)
		return -errno;
	while (have < len) {
		ssize_t got = pread(
		    fd, (char *)buf + have, len - have, (off_t)(offset + have));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			long err = -errno;
			close(fd);
			return err;
		}
		if (got == 0)
			break;
		have += (size_t)got;
	}
	close(fd);
	return (long)have;
}
