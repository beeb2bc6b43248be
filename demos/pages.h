/* pages: the pages that `download` fetches if it is given none. */
#ifndef LOCKSTEP_PAGES_H
#define LOCKSTEP_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "lockstep/queue.h"

struct page {
	const char *path;
	size_t size;       /* bytes of text */
	uint64_t delay;    /* ns before it is answered */
	const char *moved; /* to this path; NULL: it is here */
	unsigned status;   /* 0: 200 */
};

extern const struct page pages[];
extern const unsigned npages;

/* What the server is started with: copied, as all that a process is given. */
struct pages_server {
	struct queue *port; /* one uint16_t: where it listens; 0: it cannot */
	struct queue *stop; /* closed: it ends */
	uint32_t speed;     /* thousandths: delays are so much shorter */
};

/* A process: serve them on 127.0.0.1, to this machine and nobody else. */
int pages_serve(const void *server, size_t size);

#endif
