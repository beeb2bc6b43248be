/* schedule: a schedule of any length, as runs and as text. */
#include "schedule/schedule.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN_TEXT (LETTER_TEXT + 12) /* bytes of a run, with the NUL */

/* ---- recording ---- */

static bool
schedule_make_room(struct schedule *s)
{
	size_t room = s->room == 0 ? 64 : 2 * s->room;

	if (s->n < s->room)
		return true;
	if (s->n == RUNS_MAX)
		return false;
	struct run *run = reallocarray(s->run, room, sizeof *run);
	if (run == NULL)
		return false;
	s->run = run;
	s->room = room;
	return true;
}

static void
schedule_append(struct schedule *s, unsigned letter, uint32_t steps)
{
	struct run *last = s->n > 0 ? &s->run[s->n - 1] : NULL;

	if (s->full)
		return;
	if (last != NULL && last->letter == letter &&
	    steps <= UINT32_MAX - last->steps) {
		last->steps += steps;
	} else if (schedule_make_room(s)) {
		s->run[s->n++] = (struct run){letter, steps};
	} else {
		s->full = true;
		return;
	}
	s->steps += steps;
}

void
schedule_push(struct schedule *s, unsigned letter)
{
	schedule_append(s, letter, 1);
}

unsigned
schedule_switches(const struct schedule *s)
{
	return s->n > 0 ? (unsigned)(s->n - 1) : 0;
}

/* The next schedule_text() writes the whole text. */
static void
schedule_forget_text(struct schedule *s)
{
	s->len = s->worded = 0;
}

void
schedule_cut(struct schedule *s, uint64_t n)
{
	while (n > 0 && s->n > 0) {
		struct run *last = &s->run[s->n - 1];
		uint32_t k = n < last->steps ? (uint32_t)n : last->steps;

		last->steps -= k;
		s->steps -= k;
		n -= k;
		if (last->steps == 0)
			s->n--;
	}
	schedule_forget_text(s);
}

void
schedule_free(struct schedule *s)
{
	free(s->run);
	free(s->text);
	*s = (struct schedule){0};
}

/* ---- as text ---- */

/* Write a run at `at`. Returns the new length; 0: no memory. */
static size_t
schedule_word(struct schedule *s, size_t at, const struct run *run)
{
	char letter[LETTER_TEXT];

	if (at + RUN_TEXT > s->text_room) {
		size_t room = 2 * s->text_room + 4 * RUN_TEXT;
		char *text = realloc(s->text, room);

		if (text == NULL)
			return 0;
		s->text = text;
		s->text_room = room;
	}
	return at +
	    (size_t)snprintf(s->text + at, RUN_TEXT, "%s%u",
		letter_format(run->letter, letter), run->steps);
}

const char *
schedule_text(struct schedule *s, size_t *len)
{
	*len = 0;
	if (s->n == 0)
		return "";
	/* Keep the text of all runs but the last, which may still grow. */
	for (; s->worded + 1 < s->n; s->worded++) {
		size_t to = schedule_word(s, s->len, &s->run[s->worded]);
		if (to == 0)
			return NULL;
		s->len = to;
	}
	*len = schedule_word(s, s->len, &s->run[s->n - 1]);
	return *len == 0 ? NULL : s->text;
}

/* A letter, or a number between two underscores; 0: neither. */
static unsigned
schedule_read_letter(const char **at)
{
	const char *p = *at;
	char *end;

	if (*p >= 'a' && *p <= 'z') {
		*at = p + 1;
		return (unsigned)(*p - 'a') + 1;
	}
	if (*p >= 'A' && *p <= 'Z') {
		*at = p + 1;
		return (unsigned)(*p - 'A') + LETTER_CASES + 1;
	}
	if (*p != '_' || !isdigit((unsigned char)p[1]))
		return 0;
	unsigned long letter = strtoul(p + 1, &end, 10);
	if (*end != '_' || letter <= 2 * LETTER_CASES || letter > RUNS_LETTERS)
		return 0;
	*at = end + 1;
	return (unsigned)letter;
}

/* The number of steps: 1 if there is no count, 0 if it is out of range. */
static uint32_t
schedule_read_count(const char **at)
{
	char *end;

	if (!isdigit((unsigned char)**at))
		return 1;
	errno = 0;
	unsigned long long count = strtoull(*at, &end, 10);
	*at = end;
	return errno != 0 || count > UINT32_MAX ? 0 : (uint32_t)count;
}

int
schedule_parse(struct schedule *s, const char *text, char *why, size_t size)
{
	const char *p = text;

	for (;;) {
		while (isspace((unsigned char)*p))
			p++;
		if (*p == '\0')
			return 0;
		size_t at = (size_t)(p - text) + 1;
		unsigned letter = schedule_read_letter(&p);
		if (letter == 0) {
			snprintf(why, size,
			    "'%.8s' at character %zu: expected a letter and a "
			    "count, such as b3",
			    p, at);
			return -EINVAL;
		}
		uint32_t steps = schedule_read_count(&p);
		if (steps == 0) {
			snprintf(why, size,
			    "at character %zu: a count must be from 1 to "
			    "4294967295",
			    at);
			return -EINVAL;
		}
		schedule_append(s, letter, steps);
		if (s->full) {
			snprintf(
			    why, size, "at most %u runs are allowed", RUNS_MAX);
			return -EINVAL;
		}
	}
}

/* ---- reading ---- */

unsigned
schedule_next(const struct schedule *s, const struct schedule_cursor *c)
{
	return c->run < s->n ? s->run[c->run].letter : 0;
}

void
schedule_advance(const struct schedule *s, struct schedule_cursor *c)
{
	if (c->run < s->n && ++c->step == s->run[c->run].steps) {
		c->run++;
		c->step = 0;
	}
}
