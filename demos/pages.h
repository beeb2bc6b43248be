/* pages: the pages that `download` fetches if no URL is named. */
#ifndef LOCKSTEP_PAGES_H
#define LOCKSTEP_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "lockstep/queue.h"

struct page {
	const char *path;
	size_t size;       /* bytes of text */
	uint64_t delay;    /* ns before the answer */
	const char *moved; /* to this path; NULL: it is here */
	unsigned status;   /* 0: 200 */
};

extern const struct page pages[];
extern const unsigned npages;

/* The argument of the server: a process gets a copy. */
struct pages_server {
	struct queue *port; /* one uint16_t: its port; 0: it cannot listen */
	struct queue *stop; /* when it is closed, the server ends */
	uint32_t speed;     /* thousandths; divides the delays */
};

/* A process: serve the pages on 127.0.0.1, to this machine only. */
int pages_serve(const void *server, size_t size);

#endif
