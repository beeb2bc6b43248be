/* reports: what is told without a screen. */
#include "reports.h"

#include <sys/mman.h>

#include <jansson.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "export/json.h"
#include "export/plain.h"
#include "must.h"
#include "stream/stream_priv.h"
#include "text/summary.h"

#define PLAIN_MAX (16U << 20)

void
reports_start(void)
{
	int fd = memfd_create("stdout", MFD_CLOEXEC);

	MUST(fd >= 0 && dup2(fd, STDOUT_FILENO) == STDOUT_FILENO);
	close(fd);
}

/* UTF-8 of characters that take a place, or none: nothing commands. */
static void
must_be_printable(const char *s, size_t len)
{
	mbstate_t state = {0};
	wchar_t ch;

	for (size_t n; len > 0; s += n, len -= n) {
		n = mbrtowc(&ch, s, len, &state);
		MUST(n > 0 && n <= 4);
		MUST(wcwidth(ch) >= 0);
	}
}

static void
check_line(const char *line, void *arg)
{
	(void)arg;
	MUST(strlen(line) < SUMMARY_LINE);
	must_be_printable(line, strlen(line));
}

static void
check_lines(const char *text, size_t len)
{
	while (len > 0) {
		const char *end = memchr(text, '\n', len);

		MUST(end != NULL);
		must_be_printable(text, (size_t)(end - text));
		len -= (size_t)(end + 1 - text);
		text = end + 1;
	}
}

static void
check_json(const struct model *m)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	json_error_t error;

	MUST(out != NULL && json_write(m, out) == 0);
	fclose(out);

	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

	MUST(json_is_object(root));
	json_decref(root);
	free(text);
}

void
reports_check(
    const struct model *m, const char *trouble, const struct predict *guess)
{
	char verdict[MODEL_LINE];

	if (!m->live)
		return;
	summary_each(m, trouble, false, check_line, NULL);
	summary_each(m, trouble, true, check_line, NULL);
	summary_failed(m);
	summary_undone(m);
	summary_exact(m);
	MUST((summary_breach(m) == NULL) == summary_holds(m));
	predict_verdict(guess, m, verdict);
	check_line(verdict, NULL);
	check_json(m);
}

static void
check_output(void)
{
	off_t len = lseek(STDOUT_FILENO, 0, SEEK_END);

	MUST(len >= 0 && len < PLAIN_MAX);
	if (len == 0)
		return;

	char *text =
	    mmap(NULL, (size_t)len, PROT_READ, MAP_SHARED, STDOUT_FILENO, 0);

	MUST(text != MAP_FAILED);
	check_lines(text, (size_t)len);
	munmap(text, (size_t)len);
	MUST(ftruncate(STDOUT_FILENO, 0) == 0);
	MUST(lseek(STDOUT_FILENO, 0, SEEK_SET) == 0);
}

void
reports_plain(int fd)
{
	static struct model *m;
	struct stream *s = stream_new(NULL);

	if (m == NULL)
		m = model_new();
	MUST(m != NULL && s != NULL && lseek(fd, 0, SEEK_SET) == 0);
	model_reset(m);
	s->fd = fd;
	MUST(plain_run(m, s) == 0);
	MUST(stream_ended(s));
	reports_check(m, stream_trouble(s), NULL);
	check_output();
	stream_close(s, NULL);
}
