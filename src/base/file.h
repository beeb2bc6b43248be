/* file: a piece of a file by its name. */
#ifndef LOCKSTEP_FILE_H
#define LOCKSTEP_FILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * As pread(2), but all of it unless the file ends; a symbolic link is not
 * followed and nothing is waited for. Bytes or -errno.
 */
long read_at(const char *path, void *buf, size_t len, uint64_t offset);

#endif
