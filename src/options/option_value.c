/* option_value: the values of options: numbers, times, words. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lockstep/util.h"
#include "options/option.h"

void *
option_field(const struct option_row *row, void *target)
{
	return (char *)target + row->offset;
}

const void *
option_value(const struct option_row *row, const void *target)
{
	return (const char *)target + row->offset;
}

int
option_number(const struct option_row *row, void *target, const char *text)
{
	char *end;

	errno = 0;
	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	uint64_t n = strtoull(text, &end, 10);
	if (*end != '\0' || errno != 0 || n < row->least || n > row->most)
		return -EINVAL;
	if (row->size == sizeof n)
		*(uint64_t *)option_field(row, target) = n;
	else
		*(uint32_t *)option_field(row, target) = (uint32_t)n;
	return 0;
}

int
option_time(const struct option_row *row, void *target, const char *text)
{
	uint64_t *ns = option_field(row, target);
	int err = parse_time(text, ns);

	return err == 0 && (*ns < row->least || *ns > row->most) ? -ERANGE
								 : err;
}

int
option_flag(const struct option_row *row, void *target, const char *text)
{
	(void)text;
	*(bool *)option_field(row, target) = true;
	return 0;
}

int
option_switch(const struct option_row *row, void *target, const char *text)
{
	bool on = strcmp(text, "on") == 0;

	*(bool *)option_field(row, target) = on;
	return on || strcmp(text, "off") == 0 ? 0 : -EINVAL;
}

int
option_text(const struct option_row *row, void *target, const char *text)
{
	*(const char **)option_field(row, target) = text;
	return 0;
}

int
option_word(const struct option_row *row, void *target, const char *text)
{
	for (const struct option_word *w = row->words; w->word != NULL; w++) {
		if (strcmp(w->word, text) != 0)
			continue;
		*(int *)option_field(row, target) = w->value;
		return 0;
	}
	return -EINVAL;
}

int
option_name(const struct option_row *row, void *target, const char *text)
{
	for (const char *const *n = row->names(target); *n != NULL; n++) {
		if (strcmp(*n, text) != 0)
			continue;
		*(const char **)option_field(row, target) = *n;
		return 0;
	}
	return -EINVAL;
}

void
option_show_time(
    const struct option_row *row, const void *target, char *buf, size_t size)
{
	uint64_t ns = *(const uint64_t *)option_value(row, target);

	buf[0] = '\0';
	if (ns > 0)
		format_time(buf, size, ns);
}

void
option_show_name(
    const struct option_row *row, const void *target, char *buf, size_t size)
{
	const char *name = *(const char *const *)option_value(row, target);

	snprintf(buf, size, "%s", name != NULL ? name : "");
}
