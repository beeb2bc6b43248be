/* cmdline: the words of a command line. */
#include "base/cmdline.h"

#include <stdio.h>
#include <string.h>

#define LONGEST 60    /* bytes of a name in a message */
#define LAST    "end" /* the line behind the last option */
#define HIDDEN  " hidden"
#define SHAPES  "-=?" /* of a line: by enum cmdline_value */

struct cmdline
cmdline_begin(
    const struct cmdline_option *options, size_t noptions, char *argv[])
{
	return (struct cmdline){.options = options,
	    .noptions = noptions,
	    .argv = argv,
	    .next = argv[0] != NULL,
	    .operands = argv[0] != NULL};
}

/* Move the words just read in front of the operands read so far. */
static void
cmdline_pass(struct cmdline *c, int words)
{
	size_t over = (size_t)(c->next - c->operands);

	for (; words > 0; words--) {
		char **first = &c->argv[c->operands++];
		char *word = c->argv[c->next++];

		memmove(first + 1, first, over * sizeof *first);
		*first = word;
	}
	c->letters = NULL;
}

static bool
cmdline_is_twice(struct cmdline *c)
{
	size_t i = (size_t)(c->option - c->options);
	uint64_t bit = c->option->hidden && i < 64 ? (uint64_t)1 << i : 0;
	bool twice = (c->hidden & bit) != 0;

	c->hidden |= bit;
	return twice;
}

/* `attached` is the value that the word itself contains, or NULL. */
static enum cmdline_kind
cmdline_take_value(struct cmdline *c, char *attached)
{
	char *following = c->argv[c->next + 1];

	c->value = attached;
	if (c->option->value == CMDLINE_NEEDED && attached == NULL) {
		c->value = following;
		c->apart = following != NULL;
	}
	cmdline_pass(c, c->apart ? 2 : 1);
	if (c->option->value == CMDLINE_NEEDED && c->value == NULL)
		return CMDLINE_MISSING;
	if (c->option->value == CMDLINE_FLAG && attached != NULL)
		return CMDLINE_SURPLUS;
	return cmdline_is_twice(c) ? CMDLINE_TWICE : CMDLINE_OPTION;
}

static bool
cmdline_is_name(const struct cmdline *c, const char *name)
{
	return strlen(name) == c->length - 2 &&
	    memcmp(name, c->word + 2, c->length - 2) == 0;
}

bool
cmdline_means(const struct cmdline *c, size_t i)
{
	const char *name = c->options[i].name;

	if (c->rest != NULL || c->length <= 2)
		return false;
	return cmdline_is_name(c, name) ||
	    (!c->options[i].hidden &&
		strncmp(name, c->word + 2, c->length - 2) == 0);
}

/* Returns how many options the word can mean; c->option is the first. */
static unsigned
cmdline_find_long(struct cmdline *c)
{
	unsigned found = 0;

	for (size_t i = 0; i < c->noptions; i++) {
		if (!cmdline_means(c, i))
			continue;
		if (cmdline_is_name(c, c->options[i].name)) {
			c->option = &c->options[i];
			return 1;
		}
		if (found++ == 0)
			c->option = &c->options[i];
	}
	return found;
}

static enum cmdline_kind
cmdline_read_long(struct cmdline *c)
{
	char *equals = strchr(c->word, '=');
	unsigned found;

	c->length =
	    equals != NULL ? (size_t)(equals - c->word) : strlen(c->word);
	found = cmdline_find_long(c);
	if (found == 1)
		return cmdline_take_value(
		    c, equals != NULL ? equals + 1 : NULL);
	cmdline_pass(c, 1);
	return found == 0 ? CMDLINE_UNKNOWN : CMDLINE_AMBIGUOUS;
}

static enum cmdline_kind
cmdline_read_letter(struct cmdline *c)
{
	c->rest = c->letters++;
	for (size_t i = 0; i < c->noptions && c->option == NULL; i++)
		if (c->options[i].letter == *c->rest)
			c->option = &c->options[i];
	if (c->option == NULL) {
		cmdline_pass(c, 1);
		return CMDLINE_UNKNOWN;
	}
	if (c->option->value == CMDLINE_FLAG && *c->letters != '\0')
		return CMDLINE_OPTION;
	return cmdline_take_value(c, *c->letters != '\0' ? c->letters : NULL);
}

static enum cmdline_kind
cmdline_read_word(struct cmdline *c)
{
	c->option = NULL;
	c->value = c->rest = NULL;
	c->apart = false;
	if (c->letters != NULL)
		return cmdline_read_letter(c);
	c->word = c->argv[c->next];
	if (c->word == NULL)
		return CMDLINE_END;
	if (c->dashes || c->word[0] != '-' || c->word[1] == '\0') {
		c->next++;
		return CMDLINE_OPERAND;
	}
	if (strcmp(c->word, "--") == 0) {
		cmdline_pass(c, 1);
		c->dashes = true;
		return CMDLINE_DASHES;
	}
	if (c->word[1] == '-')
		return cmdline_read_long(c);
	c->letters = c->word + 1;
	return cmdline_read_letter(c);
}

enum cmdline_kind
cmdline_next(struct cmdline *c)
{
	c->kind = cmdline_read_word(c);
	return c->kind;
}

/* ---- error messages ---- */

/* The name of the option as it was typed, in printable characters. */
static void
cmdline_print_name(const struct cmdline *c, FILE *out)
{
	const char *from = c->rest != NULL ? c->rest : c->word;
	size_t len = c->rest != NULL ? 1 : c->length;

	if (c->rest != NULL)
		fputc('-', out);
	for (size_t i = 0; i < len && i < LONGEST; i++)
		fputc(from[i] > ' ' && from[i] <= '~' ? from[i] : '?', out);
	if (len > LONGEST)
		fputs("...", out);
}

static void
cmdline_print_candidates(const struct cmdline *c, FILE *out)
{
	const char *before = "--";

	for (size_t i = 0; i < c->noptions; i++) {
		if (!cmdline_means(c, i))
			continue;
		fprintf(out, "%s%s", before, c->options[i].name);
		before = ", --";
	}
}

void
cmdline_complaint(const struct cmdline *c, char *buf, size_t size)
{
	FILE *out = fmemopen(buf, size, "w");

	buf[0] = buf[size - 1] = '\0';
	if (out == NULL)
		return;
	cmdline_print_name(c, out);
	switch (c->kind) {
	case CMDLINE_AMBIGUOUS:
		fputs(": ambiguous: ", out);
		cmdline_print_candidates(c, out);
		break;
	case CMDLINE_MISSING:
		fputs(": needs a value", out);
		break;
	case CMDLINE_SURPLUS:
		fputs(": takes no value, but one was given", out);
		break;
	case CMDLINE_TWICE:
		fputs(": given twice", out);
		break;
	default:
		fputs(": unknown option", out);
		break;
	}
	fclose(out);
	buf[size - 1] = '\0';
}

/* ---- the list of options ---- */

bool
cmdline_asked(
    const struct cmdline_option *options, size_t noptions, char *const argv[])
{
	if (argv[0] == NULL || argv[1] == NULL ||
	    strcmp(argv[1], CMDLINE_ASK) != 0 || argv[2] != NULL)
		return false;
	for (size_t i = 0; i < noptions; i++) {
		const struct cmdline_option *o = &options[i];

		printf("%s %c%c%s\n", o->name,
		    o->letter != '\0' ? o->letter : '-', SHAPES[o->value],
		    o->hidden ? HIDDEN : "");
	}
	puts(LAST);
	return true;
}

/* "name l=" or "name l= hidden" */
static bool
cmdline_scan_line(char *line, struct cmdline_option *o)
{
	char *facts = strchr(line, ' '), *shape;

	if (facts == NULL || facts[1] == '\0' || facts[2] == '\0')
		return false;
	*facts++ = '\0';
	shape = strchr(SHAPES, facts[1]);
	if (shape == NULL ||
	    line[strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		return false;
	*o = (struct cmdline_option){.name = line,
	    .letter = facts[0] == '-' ? '\0' : facts[0],
	    .value = (enum cmdline_value)(shape - SHAPES),
	    .hidden = strcmp(facts + 2, HIDDEN) == 0};
	return line[0] != '\0' && (o->hidden || facts[2] == '\0');
}

size_t
cmdline_scan(char *text, struct cmdline_option *options, size_t most)
{
	size_t n = 0;
	char *line;

	while ((line = strsep(&text, "\n")) != NULL && text != NULL) {
		if (strcmp(line, LAST) == 0)
			return n;
		if (n == most || !cmdline_scan_line(line, &options[n++]))
			return 0;
	}
	return 0;
}

int
cmdline_read(const struct cmdline_option *options, size_t noptions,
    char *argv[], int (*take)(void *arg, const struct cmdline *), void *arg,
    char ***operands)
{
	struct cmdline c = cmdline_begin(options, noptions, argv);

	if (cmdline_asked(options, noptions, argv))
		return 1;
	while (cmdline_next(&c) != CMDLINE_END) {
		int err = c.kind >= CMDLINE_OPTION ? take(arg, &c) : 0;

		if (err != 0)
			return err;
	}
	*operands = argv + c.operands;
	return 0;
}
