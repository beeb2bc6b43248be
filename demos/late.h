/*
 * late: a library that is loaded when a demo needs it.
 *
 * An engine is ready within some milliseconds. Linked with libcurl and
 * libmicrohttpd it would need twice as long, for these bring thirty more
 * libraries along, whatever demo is run.
 */
#ifndef LOCKSTEP_LATE_H
#define LOCKSTEP_LATE_H

#include <stdbool.h>
#include <stddef.h>

/* A function of the library, and the pointer that is to point to it. */
struct late {
	const char *name;
	void *pointer;
};

/*
 * Load a library, for the life of the process, and look up all n functions.
 * True, or false after one line that says why not.
 */
bool late_load(const char *library, const struct late *, size_t n);

#endif
