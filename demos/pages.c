/*
 * pages: a small server of text, on loopback, in a process of its own.
 *
 * One thread and one poll serve all connections (libmicrohttpd without threads
 * of its own). The connection of a slow page is suspended until the page is
 * due; meanwhile the others are served.
 */
#include "pages.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "late.h"
#include "lockstep/program.h"
#include "lockstep/util.h"

#define LIBRARY "libmicrohttpd.so.12"
#define KIB     ((size_t)1024)
#define LARGEST (1024 * KIB)
#define MS      NSEC_PER_MSEC
#define WAITING 64 /* connections at a time */
#define LOOK    50 /* ms: how often it checks whether to end */

const struct page pages[] = {
    {.path = "/page-0", .size = KIB, .delay = 900 * MS},
    {.path = "/page-1", .size = 2 * KIB, .delay = 300 * MS},
    {.path = "/page-2", .size = 4 * KIB, .delay = 1500 * MS},
    {.path = "/page-3", .size = 8 * KIB, .delay = 600 * MS},
    {.path = "/broken",
	.status = MHD_HTTP_INTERNAL_SERVER_ERROR,
	.delay = 400 * MS},
    {.path = "/page-4", .size = 16 * KIB, .delay = 200 * MS},
    {.path = "/page-5", .size = 32 * KIB, .delay = 1200 * MS},
    {.path = "/moved", .moved = "/page-0", .delay = 100 * MS},
    {.path = "/slow", .size = KIB, .delay = 4000 * MS},
    {.path = "/page-6", .size = 64 * KIB, .delay = 500 * MS},
    {.path = "/page-7", .size = 128 * KIB, .delay = 1000 * MS},
    {.path = "/page-8", .size = 256 * KIB, .delay = 700 * MS},
    {.path = "/page-9", .size = 512 * KIB},
    {.path = "/page-10", .size = LARGEST, .delay = 800 * MS},
};
const unsigned npages = sizeof pages / sizeof pages[0];

#define FUNCTION(name) "MHD_" #name, &mhd.name

/* The functions of libmicrohttpd: run is MHD_run(), and so on. */
static struct {
	__typeof__(MHD_start_daemon) *start_daemon;
	__typeof__(MHD_stop_daemon) *stop_daemon;
	__typeof__(MHD_run) *run;
	__typeof__(MHD_get_daemon_info) *get_daemon_info;
	__typeof__(MHD_get_timeout) *get_timeout;
	__typeof__(MHD_suspend_connection) *suspend_connection;
	__typeof__(MHD_resume_connection) *resume_connection;
	__typeof__(MHD_create_response_from_buffer)
	    *create_response_from_buffer;
	__typeof__(MHD_add_response_header) *add_response_header;
	__typeof__(MHD_queue_response) *queue_response;
	__typeof__(MHD_destroy_response) *destroy_response;
} mhd;

/* A request, from its first line to its end. */
struct request {
	struct MHD_Connection *connection; /* suspended; NULL: it is not */
	uint64_t due;                      /* ns */
	bool used, late;
};

static struct request requests[WAITING];
static char text[LARGEST];
static uint32_t speed = 1000;

static void
write_text(void)
{
	static const char line[] =
	    "all work and no play makes jack a dull boy, and a long page\n";

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = line[i % (sizeof line - 1)];
}

static const struct page *
find_page(const char *path)
{
	for (unsigned i = 0; i < npages; i++)
		if (strcmp(pages[i].path, path) == 0)
			return &pages[i];
	return NULL;
}

static struct request *
new_request(void)
{
	for (unsigned i = 0; i < WAITING; i++) {
		if (requests[i].used)
			continue;
		requests[i] = (struct request){.used = true};
		return &requests[i];
	}
	return NULL;
}

static enum MHD_Result
answer(struct MHD_Connection *c, unsigned status, const struct page *p)
{
	struct MHD_Response *r = mhd.create_response_from_buffer(
	    p != NULL ? p->size : 0, text, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result queued;

	if (r == NULL)
		return MHD_NO;
	mhd.add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain");
	if (p != NULL && p->moved != NULL)
		mhd.add_response_header(r, MHD_HTTP_HEADER_LOCATION, p->moved);
	queued = mhd.queue_response(c, status, r);
	mhd.destroy_response(r);
	return queued;
}

static enum MHD_Result
answer_page(struct MHD_Connection *c, const struct page *p, struct request *r)
{
	if (p == NULL)
		return answer(c, MHD_HTTP_NOT_FOUND, NULL);
	if (!r->late && p->delay > 0) {
		r->late = true;
		r->due = now_ns() + p->delay * 1000 / speed;
		r->connection = c;
		mhd.suspend_connection(c);
		return MHD_YES;
	}
	if (p->moved != NULL)
		return answer(c, MHD_HTTP_FOUND, p);
	return answer(c, p->status != 0 ? p->status : MHD_HTTP_OK, p);
}

/* Called when the head of a request has arrived, and again when resumed. */
static enum MHD_Result
request(void *unused, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *data, size_t *size,
    void **mine)
{
	(void)unused, (void)version, (void)data, (void)size;
	if (*mine == NULL)
		*mine = new_request();
	if (*mine == NULL)
		return answer(c, MHD_HTTP_SERVICE_UNAVAILABLE, NULL);
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0)
		return answer(c, MHD_HTTP_METHOD_NOT_ALLOWED, NULL);
	return answer_page(c, find_page(url), *mine);
}

static void
request_over(void *unused, struct MHD_Connection *c, void **mine,
    enum MHD_RequestTerminationCode why)
{
	struct request *r = *mine;

	(void)unused, (void)c, (void)why;
	if (r != NULL)
		r->used = false;
}

/* Resume the requests that are due. ns until the next one is. */
static uint64_t
resume_due(uint64_t now)
{
	uint64_t next = LOOK * MS;

	for (unsigned i = 0; i < WAITING; i++) {
		struct request *r = &requests[i];

		if (r->connection == NULL)
			continue;
		if (r->due <= now) {
			mhd.resume_connection(r->connection);
			r->connection = NULL;
			next = 0;
		} else if (r->due - now < next) {
			next = r->due - now;
		}
	}
	return next;
}

static void
serve(struct MHD_Daemon *d, struct queue *stop)
{
	struct pollfd p = {.events = POLLIN,
	    .fd = mhd.get_daemon_info(d, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd};

	while (queue_get(stop, NULL, 0, 0) != -EPIPE) {
		uint64_t ms = (resume_due(now_ns()) + MS - 1) / MS;
		MHD_UNSIGNED_LONG_LONG busy;

		if (mhd.get_timeout(d, &busy) == MHD_YES && busy < ms)
			ms = busy;
		self_network(true);
		poll(&p, 1, (int)ms);
		self_network(false);
		mhd.run(d);
	}
	resume_due(UINT64_MAX);
}

static bool
load(void)
{
	static const struct late functions[] = {
	    {FUNCTION(start_daemon)},
	    {FUNCTION(stop_daemon)},
	    {FUNCTION(run)},
	    {FUNCTION(get_daemon_info)},
	    {FUNCTION(get_timeout)},
	    {FUNCTION(suspend_connection)},
	    {FUNCTION(resume_connection)},
	    {FUNCTION(create_response_from_buffer)},
	    {FUNCTION(add_response_header)},
	    {FUNCTION(queue_response)},
	    {FUNCTION(destroy_response)},
	};

	return late_load(
	    LIBRARY, functions, sizeof functions / sizeof functions[0]);
}

/* NULL if it cannot start. */
static struct MHD_Daemon *
start(void)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	if (!load())
		return NULL;
	return mhd.start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0,
	    NULL, NULL, request, NULL, MHD_OPTION_SOCK_ADDR, &at,
	    MHD_OPTION_NOTIFY_COMPLETED, request_over, NULL,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)WAITING, MHD_OPTION_END);
}

int
pages_serve(const void *server, size_t size)
{
	const struct pages_server *s = server;
	struct MHD_Daemon *d;
	uint16_t port = 0;

	(void)size;
	speed = s->speed;
	write_text();
	d = start();
	if (d != NULL)
		port = mhd.get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
	queue_put(s->port, &port, sizeof port, FOREVER);
	if (port == 0)
		return EXIT_FAILURE;
	serve(d, s->stop);
	mhd.stop_daemon(d);
	return 0;
}
