/* util: fatal errors, clean error output, and times as people type them. */
#include "base/util_priv.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

#define LONGEST (86400ULL * NSEC_PER_SEC)

static void (*hook)(void);

static const struct unit {
	const char *name;
	uint64_t ns;
} units[] = {
    {"ns", 1},
    {"us", NSEC_PER_USEC},
    {"ms", NSEC_PER_MSEC},
    {"s", NSEC_PER_SEC},
};

#define NUNITS (sizeof units / sizeof units[0])

const char *
text_shorten(char *buf, size_t size, const char *text)
{
	size_t len = strlen(text), room = size - sizeof "...", head = room / 3;

	if (len < size)
		return text;
	snprintf(buf, size, "%.*s...%s", (int)head, text,
	    text + len - (room - head));
	return buf;
}

struct timespec
deadline_in(uint64_t ns)
{
	uint64_t at = now_ns() + ns;

	return (struct timespec){.tv_sec = (time_t)(at / NSEC_PER_SEC),
	    .tv_nsec = (long)(at % NSEC_PER_SEC)};
}

bool
signal_is_ignored(int sig)
{
	struct sigaction sa;

	return sigaction(sig, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN;
}

void
fatal_hook(void (*fn)(void))
{
	hook = fn;
}

void
fatal(const char *fmt, ...)
{
	va_list ap;

	if (hook != NULL)
		hook();
	fputs("lockstep: internal error: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

static void
util_write_all(const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDERR_FILENO, text, len);

		if (n < 0 && errno != EINTR)
			return;
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

/* A cookie_write_function_t. Reports success even if write(2) failed. */
static ssize_t
util_write_clean(void *cookie, const char *text, size_t len)
{
	char clean[512];
	size_t n = 0;

	(void)cookie;
	for (size_t at = 0, step; at < len; at += step, n += step) {
		uint32_t cp = 0;

		step = utf8_decode(text + at, len - at, &cp);
		bool good = step > 0 &&
		    (cp == '\n' || cp == '\t' || utf8_printable(cp));

		if (step == 0)
			step = 1;
		if (n + step > sizeof clean) {
			util_write_all(clean, n);
			n = 0;
		}
		if (good)
			memcpy(clean + n, text + at, step);
		else
			memset(clean + n, '?', step);
	}
	util_write_all(clean, n);
	return (ssize_t)len;
}

/* Unbuffered, as before: otherwise a forked process could repeat output. */
void
stderr_clean(void)
{
	FILE *f = fopencookie(
	    NULL, "w", (cookie_io_functions_t){.write = util_write_clean});

	if (f == NULL)
		return;
	setvbuf(f, NULL, _IONBF, 0);
	stderr = f;
}

int
parse_time(const char *text, uint64_t *ns)
{
	char *end;

	if (strcmp(text, "0") == 0) {
		*ns = 0;
		return 0;
	}
	if (text[0] < '0' || text[0] > '9' || text[1] == 'x')
		return -EINVAL;
	double value = strtod(text, &end);
	for (size_t i = 0; i < NUNITS; i++) {
		if (strcmp(end, units[i].name) != 0)
			continue;
		value *= (double)units[i].ns;
		if (!(value <= (double)LONGEST))
			return -ERANGE;
		*ns = (uint64_t)(value + 0.5);
		return 0;
	}
	return -EINVAL;
}

void
format_time(char *buf, size_t size, uint64_t ns)
{
	size_t i = NUNITS - 1;

	if (ns == 0) {
		snprintf(buf, size, "0");
		return;
	}
	while (i > 0 && ns < units[i].ns)
		i--;
	snprintf(buf, size, "%.3g%s", (double)ns / (double)units[i].ns,
	    units[i].name);
	/* From 999.5 on, %.3g would print an exponent. */
	if (2 * ns >= 1999 * units[i].ns)
		snprintf(buf, size, "%llu%s",
		    (unsigned long long)(ns / units[i].ns), units[i].name);
}
