/* test_man: the manual page has the keys of the table, and no others. */
#include "dashboard/key_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

#define PAGE "ui/lockstep.1"

/* The section of the page, without its escapes. Freed by the caller. */
static char *
section(const char *heading)
{
	static char page[64 * 1024];
	FILE *f = fopen(PAGE, "r");

	ck_assert_msg(f != NULL, "%s: run from the top", PAGE);

	size_t len = fread(page, 1, sizeof page - 1, f), n = 0;

	fclose(f);
	page[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (page[i] == '\\' && page[i + 1] == '&')
			i++;
		else if (page[i] != '\\')
			page[n++] = page[i];
	page[n] = '\0';

	char *from = strstr(page, heading);

	ck_assert_ptr_nonnull(from);

	char *to = strstr(from + 1, "\n.SH ");

	ck_assert_ptr_nonnull(to);
	return strndup(from, (size_t)(to + 1 - from));
}

START_TEST(every_key_is_in_the_page)
{
	char *text = section("\n.SH KEYS\n");

	const struct keys_binding *b;

	for (unsigned i = 0; (b = keys_at(&dashboard_keys, i)) != NULL; i++) {
		char want[256];

		snprintf(
		    want, sizeof want, "\n.TP\n.B %s\n%s\n", b->label, b->help);
		ck_assert_msg(strstr(text, want) != NULL,
		    "%s, KEYS: there is no%s", PAGE, want);
	}
	free(text);
}
END_TEST

START_TEST(no_other_key_is_in_the_page)
{
	char *text = section("\n.SH KEYS\n");
	int rows = 0, said = 0;

	while (keys_at(&dashboard_keys, (unsigned)rows) != NULL)
		rows++;
	for (char *p = text; (p = strstr(p, "\n.TP\n")) != NULL; p++)
		said++;
	ck_assert_int_eq(said, rows);
	free(text);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("man");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, every_key_is_in_the_page);
	tcase_add_test(t, no_other_key_is_in_the_page);
	return suite_run("man", cases);
}
