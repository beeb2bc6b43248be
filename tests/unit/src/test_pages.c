/* test_pages: the server of download's own pages, asked by plain libcurl. */
#include "../demos/pages.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#include "crowd.h"
#include "lockstep/program.h"
#include "program/self.h"
#include "suite.h"

static struct pages_server server;
static struct thread *thread;
static uint16_t port;

/* What came back. */
struct answer {
	long status, redirects;
	uint64_t bytes;
	CURLcode err;
	char type[32], location[64];
};

static int
serve(void *unused)
{
	(void)unused;
	return pages_serve(&server, sizeof server);
}

static void
setup(void)
{
	ck_assert_int_eq(program_open(4), 0);
	server.port = queue_new("port", 1, sizeof port, false);
	server.stop = queue_new("stop", 1, 1, false);
	server.speed = 20000;
	thread = thread_start("server", serve, NULL);
	ck_assert_ptr_nonnull(thread);
	ck_assert_int_eq(
	    queue_get(server.port, &port, sizeof port, CROWD_DEADLINE),
	    sizeof port);
	ck_assert_uint_ne(port, 0);
}

static void
teardown(void)
{
	int status;

	queue_close(server.stop);
	ck_assert_int_eq(thread_join(thread, CROWD_DEADLINE, &status), 0);
	ck_assert_int_eq(status, 0);
	program_close();
}

static size_t
count(char *data, size_t one, size_t n, void *arg)
{
	struct answer *a = arg;

	(void)data;
	a->bytes += one * n;
	return one * n;
}

static struct answer
ask(const char *host, const char *path, const char *method, bool follow)
{
	struct answer a = {0};
	CURL *c = curl_easy_init();
	char url[128];
	const char *text = NULL;

	snprintf(url, sizeof url, "http://%s:%u%s", host, port, path);
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, (long)follow);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, count);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &a);
	a.err = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &a.status);
	curl_easy_getinfo(c, CURLINFO_REDIRECT_COUNT, &a.redirects);
	curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &text);
	snprintf(a.type, sizeof a.type, "%s", text != NULL ? text : "");
	curl_easy_getinfo(c, CURLINFO_REDIRECT_URL, &text);
	snprintf(a.location, sizeof a.location, "%s", text != NULL ? text : "");
	curl_easy_cleanup(c);
	return a;
}

/* What the pages are, as the manual of the demo has it. */
START_TEST(each_page_has_its_size)
{
	static const char *const others[] = {"/moved", "/slow"};
	uint64_t total = 0;

	for (unsigned k = 0; k <= 10; k++) {
		char path[32];

		snprintf(path, sizeof path, "/page-%u", k);
		struct answer a = ask("127.0.0.1", path, "GET", false);

		ck_assert_int_eq(a.err, CURLE_OK);
		ck_assert_int_eq(a.status, 200);
		ck_assert_uint_eq(a.bytes, 1024ULL << k);
		ck_assert_str_eq(a.type, "text/plain");
		total += a.bytes;
	}
	for (unsigned i = 0; i < 2; i++) {
		struct answer a = ask("127.0.0.1", others[i], "GET", true);

		ck_assert_int_eq(a.status, 200);
		ck_assert_uint_eq(a.bytes, 1024);
		ck_assert_int_eq(a.redirects, i == 0);
		total += a.bytes;
	}
	ck_assert_uint_eq(total, 2049 * 1024);
	ck_assert_uint_eq(npages, 14); /* and the broken one */
}
END_TEST

START_TEST(others_have_their_answer)
{
	static const struct {
		const char *path, *method;
		long status;
	} cases[] = {
	    {"/broken", "GET", 500},
	    {"/moved", "GET", 302},
	    {"/", "GET", 404},
	    {"/page-11", "GET", 404},
	    {"/../etc/passwd", "GET", 404},
	    {"/page-4", "DELETE", 405},
	};

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct answer a =
		    ask("127.0.0.1", cases[i].path, cases[i].method, false);

		ck_assert_int_eq(a.err, CURLE_OK);
		ck_assert_int_eq(a.status, cases[i].status);
		ck_assert_uint_eq(a.bytes, 0);
	}
}
END_TEST

/* One thread serves them all, and who waits keeps nobody waiting. */
static void
ask_all(void *unused, unsigned who)
{
	(void)unused;
	for (unsigned i = 0; i < npages; i++) {
		const struct page *p = &pages[(i + who) % npages];
		struct answer a = ask("127.0.0.1", p->path, "GET", false);

		MUST(a.err == CURLE_OK);
		MUST(a.bytes == p->size);
	}
}

START_TEST(many_at_a_time)
{
	crowd_join(crowd_start(0, 8, ask_all, NULL));
}
END_TEST

START_TEST(nobody_else_can_ask)
{
	ck_assert_int_eq(ask("127.0.0.2", "/page-0", "GET", false).err,
	    CURLE_COULDNT_CONNECT);
}
END_TEST

/* It ends with pages still to be delivered. */
static void
ask_slow(void *asked, unsigned who)
{
	(void)who;
	atomic_store((_Atomic bool *)asked, true);
	ask("127.0.0.1", "/slow", "GET", false);
}

START_TEST(it_ends_when_it_is_told)
{
	static _Atomic bool asked;
	struct crowd *c = crowd_start(0, 1, ask_slow, &asked);

	UNTIL(atomic_load(&asked));
	teardown();
	crowd_join(c);
	setup();
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("pages");
	TCase *const cases[] = {t, NULL};

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, each_page_has_its_size);
	tcase_add_test(t, others_have_their_answer);
	tcase_add_test(t, many_at_a_time);
	tcase_add_test(t, nobody_else_can_ask);
	tcase_add_test(t, it_ends_when_it_is_told);
	return suite_run("pages", cases);
}
