/* file: reads part of a file, given its name. */
#ifndef LOCKSTEP_FILE_H
#define LOCKSTEP_FILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Like pread(2), but reads all `len` bytes unless the file ends first. Does not
 * follow a symbolic link and does not block on open. Returns the number of
 * bytes, or -errno.
 */
long read_at(const char *path, void *buf, size_t len, uint64_t offset);

#endif
