/* test_cmdline: words as getopt_long() reads them, and what it does not do. */
#include "base/cmdline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

#define WORDS    10
#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

static const struct cmdline_option table[] = {
    {.name = "threads", .letter = 't', .value = CMDLINE_NEEDED},
    {.name = "item", .value = CMDLINE_NEEDED},
    {.name = "items", .letter = 'i', .value = CMDLINE_NEEDED},
    {.name = "item-work", .value = CMDLINE_NEEDED},
    {.name = "gil", .letter = 'g', .value = CMDLINE_OPTIONAL},
    {.name = "help", .letter = 'h'},
    {.name = "version", .letter = 'V'},
    {.name = "status", .value = CMDLINE_NEEDED, .hidden = true},
    {.name = "step", .value = CMDLINE_OPTIONAL},
};

static char copies[WORDS][64];
static char *argv[WORDS + 2];

static struct cmdline
begin(const char *const words[WORDS])
{
	static char name[] = "name";
	int argc = 0;

	argv[argc++] = name;
	for (int i = 0; i < WORDS && words[i] != NULL; i++) {
		snprintf(copies[i], sizeof copies[i], "%s", words[i]);
		argv[argc++] = copies[i];
	}
	argv[argc] = NULL;
	return cmdline_begin(table, COUNT(table), argv);
}

/* What was read, as "threads=3 +a -- !x": options, operands, mistakes. */
static void
describe(struct cmdline *c, char *out, size_t size)
{
	FILE *f = fmemopen(out, size, "w");

	while (cmdline_next(c) != CMDLINE_END) {
		if (c->kind == CMDLINE_OPERAND)
			fprintf(f, "+%s ", c->word);
		else if (c->kind == CMDLINE_DASHES)
			fputs("-- ", f);
		else if (c->kind != CMDLINE_OPTION)
			fprintf(f, "!%d ", (int)c->kind - CMDLINE_OPTION);
		else
			fprintf(f, "%s%s%s%s ", c->option->name,
			    c->value != NULL ? "=" : "",
			    c->value != NULL ? c->value : "",
			    c->apart ? "'" : "");
	}
	fputc('\0', f);
	fclose(f);
}

/* !1 unknown, !2 ambiguous, !3 no value, !4 one too many, !5 twice. */
static const struct {
	const char *words[WORDS], *read;
	int operands; /* how many, last in argv */
} lines[] = {
    {{NULL}, "", 0},
    {{"--threads", "3", "a"}, "threads=3' +a ", 1},
    {{"a", "--threads=3", "b"}, "+a threads=3 +b ", 2},
    {{"a", "b", "-t3", "-t", "4"}, "+a +b threads=3 threads=4' ", 2},
    {{"--thr", "3", "--t=4"}, "threads=3' threads=4 ", 0},
    {{"--item", "3", "--items", "4"}, "item=3' items=4' ", 0},
    {{"--item-", "3"}, "item-work=3' ", 0},
    {{"--ite", "3"}, "!2 +3 ", 1},
    {{"--threads", "-1", "--threads", "--help"}, "threads=-1' threads=--help' ",
	0},
    {{"--threads", "--", "--", "--help"}, "threads=--' -- +--help ", 1},
    {{"a", "--", "b", "-t", "--"}, "+a -- +b +-t +-- ", 4},
    {{"--threads"}, "!3 ", 0},
    {{"-t"}, "!3 ", 0},
    {{"--threads="}, "threads= ", 0},
    {{"--threads", ""}, "threads=' ", 0},
    {{"", "-", "--help"}, "+ +- help ", 2},
    {{"--gil", "3"}, "gil +3 ", 1},
    {{"--gil=3", "-g3", "-g", "3"}, "gil=3 gil=3 gil +3 ", 1},
    {{"-hVt3", "-Vt", "3"}, "help version threads=3 version threads=3' ", 0},
    {{"-hxV", "-V"}, "help !1 version ", 0},
    {{"--help=3", "--hel=", "--nosuch", "--=x"}, "!4 !4 !1 !1 ", 0},
    {{"--s", "--st", "--stat"}, "step step !1 ", 0},
    {{"--status", "on", "--status=off"}, "status=on' !5 ", 0},
    {{"--threads", "3", "--threads", "4"}, "threads=3' threads=4' ", 0},
};

static void
check_line(int i)
{
	char read[256];
	struct cmdline c = begin(lines[i].words);

	/* And again, in the order that they were put in. */
	describe(&c, read, sizeof read);
	ck_assert_str_eq(read, lines[i].read);
	ck_assert_ptr_null(argv[c.operands + lines[i].operands]);
	c = cmdline_begin(table, COUNT(table), argv);
	describe(&c, read, sizeof read);
	ck_assert_ptr_null(argv[c.operands + lines[i].operands]);
	for (int k = c.operands; k < c.operands + lines[i].operands; k++)
		ck_assert_ptr_nonnull(argv[k]);
}

START_TEST(words_are_read)
{
	check_line(_i);
}
END_TEST

START_TEST(posix_makes_no_operands)
{
	setenv("POSIXLY_CORRECT", "1", 1);
	check_line(_i);
}
END_TEST

START_TEST(operands_keep_their_order_and_come_last)
{
	static const char *const words[WORDS] = {
	    "a", "-t", "3", "b", "--help", "c", "--", "-d"};
	static const char *const order[] = {
	    "name", "-t", "3", "--help", "--", "a", "b", "c", "-d"};
	struct cmdline c = begin(words);

	while (cmdline_next(&c) != CMDLINE_END)
		continue;
	for (int i = 0; i < COUNT(order); i++)
		ck_assert_str_eq(argv[i], order[i]);
	ck_assert_int_eq(c.operands, 5);
}
END_TEST

static const struct {
	const char *words[WORDS], *complaint;
} mistakes[] = {
    {{"--nosuch=3"}, "--nosuch: unknown option"},
    {{"-hx"}, "-x: unknown option"},
    {{"--ite"}, "--ite: ambiguous: --item, --items, --item-work"},
    {{"--threads"}, "--threads: needs a value"},
    {{"-ht"}, "-t: needs a value"},
    {{"--help=\033"}, "--help: takes no value, but one was given"},
    {{"--status=on", "--status=on"}, "--status: given twice"},
    {{"--\033[2J\n"}, "--?[2J?: unknown option"},
    {{"-\n"}, "-?: unknown option"},
    {{"--=x"}, "--: unknown option"},
};

START_TEST(a_mistake_is_named)
{
	struct cmdline c = begin(mistakes[_i].words);
	char why[256];

	while (cmdline_next(&c) <= CMDLINE_OPTION)
		ck_assert_int_ne(c.kind, CMDLINE_END);
	cmdline_complaint(&c, why, sizeof why);
	ck_assert_str_eq(why, mistakes[_i].complaint);
	cmdline_complaint(&c, why, 8);
	ck_assert_uint_lt(strlen(why), 8);
}
END_TEST

START_TEST(a_long_mistake_is_cut)
{
	static char word[5000] = "--";
	char *words[] = {word, word, NULL}, why[256];
	struct cmdline c = cmdline_begin(table, COUNT(table), words);

	memset(word + 2, 'x', sizeof word - 3);
	ck_assert_int_eq(cmdline_next(&c), CMDLINE_UNKNOWN);
	cmdline_complaint(&c, why, sizeof why);
	ck_assert_ptr_nonnull(strstr(why, "xxx...: unknown option"));
}
END_TEST

/* The answer of a program to CMDLINE_ASK, as another one reads it. */
START_TEST(what_is_asked_is_answered)
{
	static const char *const ask[WORDS] = {CMDLINE_ASK};
	static const char *const more[WORDS] = {CMDLINE_ASK, "x"};
	struct cmdline_option known[COUNT(table)];
	char text[4096];
	int fd[2];

	begin(more);
	ck_assert(!cmdline_asked(table, COUNT(table), argv));
	begin(ask);
	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(dup2(fd[1], STDOUT_FILENO), STDOUT_FILENO);
	ck_assert(cmdline_asked(table, COUNT(table), argv));
	fflush(stdout);

	ssize_t n = read(fd[0], text, sizeof text - 1);

	ck_assert_int_gt(n, 0);
	text[n] = '\0';
	ck_assert_uint_eq(
	    cmdline_scan(text, known, COUNT(table)), COUNT(table));
	for (int i = 0; i < COUNT(table); i++) {
		ck_assert_str_eq(known[i].name, table[i].name);
		ck_assert_int_eq(known[i].letter, table[i].letter);
		ck_assert_int_eq(known[i].value, table[i].value);
		ck_assert_int_eq(known[i].hidden, table[i].hidden);
	}
}
END_TEST

static const char *const no_answers[] = {"", "end", "help --\n", "help\nend\n",
    "help -\nend\n", "help -!\nend\n", "a --\nb --\nc --\nend\n", " --\nend\n",
    "\033 --\nend\n", "LOCKSTEP\n", "--help --list\nend\n\n"};

START_TEST(what_is_no_answer_is_none)
{
	struct cmdline_option read[2];
	char text[64];

	snprintf(text, sizeof text, "%s", no_answers[_i]);
	ck_assert_uint_eq(cmdline_scan(text, read, 2), 0);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("cmdline");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, words_are_read, 0, COUNT(lines));
	tcase_add_loop_test(t, posix_makes_no_operands, 0, COUNT(lines));
	tcase_add_test(t, operands_keep_their_order_and_come_last);
	tcase_add_loop_test(t, a_mistake_is_named, 0, COUNT(mistakes));
	tcase_add_test(t, a_long_mistake_is_cut);
	tcase_add_test(t, what_is_asked_is_answered);
	tcase_add_loop_test(t, what_is_no_answer_is_none, 0, COUNT(no_answers));
	return suite_run("cmdline", cases);
}
