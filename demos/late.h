/*
 * late: a library that is loaded when a demo needs it.
 *
 * An engine starts within a few milliseconds. If it were linked with libcurl
 * and libmicrohttpd it would take twice as long, for every demo, because these
 * bring thirty more libraries with them.
 */
#ifndef LOCKSTEP_LATE_H
#define LOCKSTEP_LATE_H

#include <stdbool.h>
#include <stddef.h>

/* A function of the library, and the address of the pointer to set. */
struct late {
	const char *name;
	void *pointer;
};

/*
 * Load a library, for the life of the process, and look up all n functions.
 * True, or false after printing one line that says why.
 */
bool late_load(const char *library, const struct late *, size_t n);

#endif
