/* lines: counts the newlines in a piece of a file. */
#ifndef LOCKSTEP_LINES_H
#define LOCKSTEP_LINES_H

#include <stdint.h>
#include <string.h>

static inline uint64_t
count_lines(const char *buf, long len)
{
	const char *end = buf + len;
	uint64_t lines = 0;

	for (const char *p = buf; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		lines++;
	return lines;
}

#endif
