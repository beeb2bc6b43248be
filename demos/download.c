/*
 * download: pages fetched by a pool of threads, with libcurl.
 *
 * The pages come from outside, so everything has a limit: http and https only,
 * also after a redirect, and never from https back to http; the bytes, the
 * time, the redirects and the pages are limited. Certificates are checked.
 */
#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "late.h"
#include "lockstep/demo.h"
#include "lockstep/executor.h"
#include "lockstep/program.h"
#include "lockstep/queue.h"
#include "lockstep/util.h"
#include "pages.h"

#define LIBRARY   "libcurl.so.4"
#define REDIRECTS 5
#define WAIT_PORT (10 * NSEC_PER_SEC) /* for the server to be ready */

#define FUNCTION(name) "curl_" #name, &curl.name

/* The functions of libcurl: global_init is curl_global_init(), and so on. */
static struct {
	__typeof__(curl_global_init) *global_init;
	__typeof__(curl_global_cleanup) *global_cleanup;
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	__typeof__(curl_easy_setopt) *easy_setopt;
	__typeof__(curl_easy_perform) *easy_perform;
	__typeof__(curl_easy_getinfo) *easy_getinfo;
	__typeof__(curl_easy_strerror) *easy_strerror;
} curl;

/* One transfer, by one thread. */
struct transfer {
	CURL *curl;
	uint64_t bytes, most;
	bool too_large;
	char error[CURL_ERROR_SIZE];
};

/* The pages of a run: named ones, or those of the server. */
struct fetch {
	char **urls;
	struct future **futures;
	unsigned n, left_out, fetched, failed;
	unsigned meant_to_fail; /* of our server's */
	uint64_t bytes;
};

static bool own; /* pages of our server: without a proxy */

/* Where a redirect may lead: "https" or "http,https"; NULL: not a web page. */
static const char *
schemes(const char *url)
{
	if (strncasecmp(url, "https://", 8) == 0)
		return "https";
	return strncasecmp(url, "http://", 7) == 0 ? "http,https" : NULL;
}

static size_t
count_bytes(char *data, size_t one, size_t n, void *arg)
{
	struct transfer *t = arg;

	(void)data;
	t->bytes += one * n;
	t->too_large = t->bytes > t->most;
	return t->too_large ? 0 : one * n; /* 0: libcurl gives up */
}

static CURLcode
set_up(struct transfer *t, const char *url)
{
	const struct params *p = self_params();
	const char *allowed = schemes(url);
	CURL *c = t->curl;
	CURLcode err = CURLE_OK;

#define SET(option, value) \
	err = err != CURLE_OK ? err : curl.easy_setopt(c, option, value)
	SET(CURLOPT_URL, url);
	SET(CURLOPT_PROTOCOLS_STR, allowed);
	SET(CURLOPT_REDIR_PROTOCOLS_STR, allowed);
	SET(CURLOPT_FOLLOWLOCATION, 1L);
	SET(CURLOPT_MAXREDIRS, (long)REDIRECTS);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_TIMEOUT_MS, (long)(p->timeout / NSEC_PER_MSEC));
	SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)t->most);
	SET(CURLOPT_FAILONERROR, 1L);
	SET(CURLOPT_NOSIGNAL, 1L); /* required with threads */
	SET(CURLOPT_USERAGENT, "lockstep");
	SET(CURLOPT_WRITEFUNCTION, count_bytes);
	SET(CURLOPT_WRITEDATA, t);
	SET(CURLOPT_ERRORBUFFER, t->error);
	if (own)
		SET(CURLOPT_PROXY, "");
#undef SET
	return err;
}

/* The closest errno, for the columns of the screen. */
static int
errno_of(CURLcode err)
{
	switch (err) {
	case CURLE_URL_MALFORMAT:
		return EINVAL;
	case CURLE_COULDNT_RESOLVE_HOST:
		return EHOSTUNREACH;
	case CURLE_COULDNT_CONNECT:
		return ECONNREFUSED;
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
		return ECONNRESET;
	case CURLE_UNSUPPORTED_PROTOCOL:
		return EPROTONOSUPPORT;
	case CURLE_TOO_MANY_REDIRECTS:
		return ELOOP;
	case CURLE_PEER_FAILED_VERIFICATION:
		return EKEYREJECTED;
	default:
		return EIO;
	}
}

static int
explain(struct call *c, const struct transfer *t, CURLcode err)
{
	const struct params *p = self_params();
	char limit[32];
	long status = 0;

	curl.easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	if (t->too_large || err == CURLE_FILESIZE_EXCEEDED)
		return call_fail(
		    c, EFBIG, "larger than --max-size %" PRIu64, p->max_size);
	if (err == CURLE_OPERATION_TIMEDOUT) {
		format_time(limit, sizeof limit, p->timeout);
		return call_fail(
		    c, ETIMEDOUT, "not done within --timeout %s", limit);
	}
	if (err == CURLE_HTTP_RETURNED_ERROR)
		return call_fail(c, EREMOTEIO, "HTTP status %ld", status);
	return call_fail(c, errno_of(err), "%s",
	    t->error[0] != '\0' ? t->error : curl.easy_strerror(err));
}

static int
transfer(struct call *c, struct transfer *t, const char *url)
{
	uint64_t start = now_ns();
	CURLcode err = set_up(t, url);
	long status = 0;

	if (err == CURLE_OK) {
		self_network(true);
		err = curl.easy_perform(t->curl);
		self_network(false);
	}
	if (err != CURLE_OK)
		return explain(c, t, err);
	curl.easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	uint64_t ms = (now_ns() - start) / NSEC_PER_MSEC;
	say("%ld  %8" PRIu64 " bytes  %5" PRIu64 " ms  %s", status, t->bytes,
	    ms, url);
	return call_return(c, &t->bytes, sizeof t->bytes);
}

/* The task: its argument is the URL, its result the number of bytes. */
static int
fetch_page(struct call *c)
{
	const char *url = call_arg(c);
	struct transfer t = {.most = self_params()->max_size};
	int err;

	if (schemes(url) == NULL)
		return call_fail(c, EPROTONOSUPPORT,
		    "only http:// and https:// are fetched");
	t.curl = curl.easy_init();
	if (t.curl == NULL)
		return call_fail(c, ENOMEM, "out of memory");
	err = transfer(c, &t, url);
	curl.easy_cleanup(t.curl);
	return err;
}

static const char *
url_of(const struct fetch *f, const struct future *future)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->futures[i] == future)
			return f->urls[i];
	return "?";
}

static void
take(struct fetch *f, struct future *future)
{
	uint64_t bytes;

	if (future_result(future, 0, &bytes, sizeof bytes) == sizeof bytes) {
		f->fetched++;
		f->bytes += bytes;
	} else {
		f->failed++;
		say("failed: %s: %s", url_of(f, future), future_error(future));
	}
}

/* For the columns of the screen: for our own server only the path. */
static const char *
label(const char *url)
{
	return own ? strrchr(url, '/') : url;
}

/* How many were submitted: all, unless memory is short. */
static unsigned
submit_all(struct fetch *f, struct executor *e)
{
	unsigned i;

	for (i = 0; i < f->n; i++) {
		f->futures[i] = executor_submit_as(e, label(f->urls[i]),
		    fetch_page, f->urls[i], strlen(f->urls[i]) + 1);
		if (f->futures[i] == NULL)
			break;
	}
	f->failed += f->n - i;
	if (i < f->n)
		say("failed: %s and those after it: out of memory", f->urls[i]);
	return i;
}

static int
fetch_all(struct fetch *f)
{
	struct executor *e = executor_new(
	    EXECUTOR_THREADS, &(struct executor_options){.name = "fetchers"});
	struct as_completed *c;
	struct future *done;
	unsigned n;

	if (e == NULL) {
		say("cannot start a thread");
		return -EAGAIN;
	}
	n = submit_all(f, e);
	c = as_completed(f->futures, n);
	while ((done = as_completed_next(c, FOREVER)) != NULL)
		take(f, done);
	as_completed_free(c);
	for (unsigned i = 0; i < n; i++)
		future_free(f->futures[i]);
	executor_free(e);
	return 0;
}

static void
report_all(const struct fetch *f)
{
	say("%u pages fetched, %u failed, %" PRIu64 " bytes", f->fetched,
	    f->failed, f->bytes);
	if (f->left_out > 0)
		say("%u more were skipped: --max-pages %u", f->left_out,
		    self_params()->max_pages);
	result_set("pages fetched", f->fetched);
	result_set("pages failed", f->failed);
	result_set("bytes", (int64_t)f->bytes);
	result_set("pages left out", f->left_out);
}

/* Make room for n pages, or for as many as --max-pages allows. */
static int
plan(struct fetch *f, unsigned n)
{
	unsigned most = self_params()->max_pages;

	f->n = n < most ? n : most;
	f->left_out = n - f->n;
	f->urls = calloc(f->n, sizeof *f->urls);
	f->futures = calloc(f->n, sizeof(struct future *));
	return f->urls == NULL || f->futures == NULL ? -ENOMEM : 0;
}

static void
forget(struct fetch *f)
{
	for (unsigned i = 0; i < f->n && f->urls != NULL; i++)
		free(f->urls[i]);
	free(f->urls);
	free(f->futures);
}

static int
plan_named(struct fetch *f)
{
	int err = plan(f, self_params()->noperands);

	for (unsigned i = 0; i < f->n && err == 0; i++) {
		f->urls[i] = strdup(self_params()->operands[i]);
		err = f->urls[i] == NULL ? -ENOMEM : 0;
	}
	return err;
}

static int
plan_own(struct fetch *f, uint16_t port)
{
	int err = plan(f, npages);

	for (unsigned i = 0; i < f->n && err == 0; i++) {
		f->meant_to_fail += pages[i].status >= 400;
		if (asprintf(&f->urls[i], "http://127.0.0.1:%u%s", port,
			pages[i].path) < 0) {
			f->urls[i] = NULL;
			err = -ENOMEM;
		}
	}
	return err;
}

/* The server's port once it listens; 0 if it fails. */
static uint16_t
wait_port(struct child *server, struct queue *from)
{
	uint64_t deadline = now_ns() + WAIT_PORT;
	uint16_t port = 0;

	while (now_ns() < deadline &&
	    queue_get(from, &port, sizeof port, 100 * NSEC_PER_MSEC) < 0)
		if (!process_alive(server))
			break;
	return port;
}

static int
run_own(struct fetch *f)
{
	struct pages_server s = {
	    .port = queue_new("port", 1, sizeof(uint16_t), false),
	    .stop = queue_new("stop", 1, 1, false),
	    .speed = self_params()->speed};
	struct child *server = NULL;
	uint16_t port = 0;
	int err = -EIO, status = 0;

	if (s.port != NULL && s.stop != NULL)
		server = process_start("server", pages_serve, &s, sizeof s);
	if (server != NULL)
		port = wait_port(server, s.port);
	if (port == 0) {
		say("cannot start the server of the demo's own pages");
		if (s.stop != NULL)
			queue_close(s.stop);
		return -EIO;
	}
	own = true;
	if ((err = plan_own(f, port)) == 0)
		err = fetch_all(f);
	queue_close(s.stop);
	process_join(server, FOREVER, &status);
	if (status < 0)
		say("the server was killed by signal %d: pages that it had "
		    "not sent yet failed",
		    -status);
	return err;
}

static bool
load(void)
{
	static const struct late functions[] = {
	    {FUNCTION(global_init)},
	    {FUNCTION(global_cleanup)},
	    {FUNCTION(easy_init)},
	    {FUNCTION(easy_cleanup)},
	    {FUNCTION(easy_setopt)},
	    {FUNCTION(easy_perform)},
	    {FUNCTION(easy_getinfo)},
	    {FUNCTION(easy_strerror)},
	};

	return late_load(
	    LIBRARY, functions, sizeof functions / sizeof functions[0]);
}

static int
run(const struct params *p)
{
	struct fetch f = {0};
	int err;

	if (!load() || curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		say("cannot use libcurl");
		return 1;
	}
	if (p->noperands == 0)
		err = run_own(&f);
	else if ((err = plan_named(&f)) == 0)
		err = fetch_all(&f);
	if (err == 0)
		report_all(&f);
	forget(&f);
	curl.global_cleanup();
	return err != 0 || f.failed != f.meant_to_fail;
}

static const char *const lesson[] = {
    "Five threads fetch pages with libcurl. Each page is a future; the log "
    "lists them in the order in which they finish.",
    "The threads wait for the network, not for the processor: more threads "
    "fetch more pages at a time, also with --gil. Try -t 1 and -t 14.",
    "A page that fails says why, and the others do not fail with it. With "
    "--timeout 2s the slow page fails, with --max-size 100000 the large ones.",
    "Without a URL the pages come from a server process on this machine: kill "
    "it with `k`, and all pages that it has not sent yet fail at once.",
    NULL,
};

const struct demo demo_download = {
    .name = "download",
    .title = "pages fetched by a pool of threads",
    .lesson = lesson,
    .processes = 1,
    .threads = 5,
    .task_work = "none",
    .lock = "mutex",
    .window = "0",
    .operands = "URL",
    .main = run,
};
