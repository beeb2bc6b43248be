/* options: one table row per option of ours. */
#include "command/options.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "command/completion.h"
#include "command/options_picture.h"
#include "stream/known_options.h"

#define USAGE 2

struct option {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* name of the value in the help; NULL: none */
	const char *words; /* its possible values, divided by blanks */
	const char *help;
	int (*set)(struct options *, const char *value);
	const struct front *front; /* instead of `set`: show it so */
};

static int
set_front(struct options *o, const struct front *front)
{
	if (o->front != NULL && o->front != front) {
		const struct front *first = o->front < front ? o->front : front;

		warnx("--%s and --%s: choose one of them", first->name,
		    o->front < front ? front->name : o->front->name);
		return USAGE;
	}
	o->front = front;
	snprintf(o->given, sizeof o->given, "--%s was given", front->name);
	return 0;
}

static int
set_record(struct options *o, const char *value)
{
	if (value[0] == '\0') {
		warnx("--record: the name of FILE is empty");
		return USAGE;
	}
	o->record = value;
	return 0;
}

static int
set_exact(struct options *o, const char *value)
{
	(void)value;
	o->expect_exact = true;
	return 0;
}

static int
set_lost(struct options *o, const char *value)
{
	const char *wrong = NULL;

	o->expect_lost = strtonum(value, 0, INT64_MAX, &wrong);
	if (wrong == NULL)
		return 0;
	warnx("--expect-lost: '%s' is %s; use a number of updates, "
	      "0 or more",
	    value, wrong);
	return USAGE;
}

/* In the order of enum dashboard_color. */
#define COLORS "auto always never"

/* The place of the value in the list, or -1. */
static int
options_word(const char *words, const char *value)
{
	size_t len;

	for (int i = 0; *words != '\0'; i++, words += len) {
		words += strspn(words, " ");
		len = strcspn(words, " ");
		if (strlen(value) == len && strncmp(words, value, len) == 0)
			return i;
	}
	return -1;
}

static int
set_color(struct options *o, const char *value)
{
	int color = options_word(COLORS, value);

	if (color < 0) {
		warnx("--color: '%s' is not one of auto, always, never", value);
		return USAGE;
	}
	o->dashboard.color = (enum dashboard_color)color;
	return 0;
}

static int
set_theme(struct options *o, const char *value)
{
	int theme = options_word(THEME_NAMES, value);

	if (theme < 0) {
		warnx("--theme: '%s' is not one of auto, dark, light, "
		      "projector, mono",
		    value);
		return USAGE;
	}
	o->dashboard.theme = (enum theme)theme;
	return 0;
}

static int
set_completion(struct options *o, const char *value)
{
	int shell = options_word(COMPLETION_SHELLS, value);

	if (shell < 0) {
		warnx(
		    "--completion: '%s' is not one of bash, zsh, fish", value);
		return USAGE;
	}
	o->shell = (enum completion_shell)shell;
	o->action = ACTION_COMPLETION;
	return 0;
}

static int
set_ascii(struct options *o, const char *value)
{
	(void)value;
	o->dashboard.ascii = true;
	return 0;
}

static int
set_predict(struct options *o, const char *value)
{
	(void)value;
	o->dashboard.predict = true;
	return 0;
}

static int
set_list(struct options *o, const char *value)
{
	(void)value;
	o->action = ACTION_LIST;
	return 0;
}

static int
set_help(struct options *o, const char *value)
{
	(void)value;
	o->action = ACTION_HELP;
	return 0;
}

static int
set_version(struct options *o, const char *value)
{
	(void)value;
	o->action = ACTION_VERSION;
	return 0;
}

static const struct option table[] = {
    {.name = "record",
	.value = "FILE",
	.help = "record the status stream in FILE",
	.set = set_record},
    {.name = "expect-exact",
	.help = "exit 1 unless no update was lost",
	.set = set_exact},
    {.name = "expect-lost",
	.value = "N",
	.help = "exit 1 unless at least N updates were lost",
	.set = set_lost},
    {.name = "color",
	.value = "WHEN",
	.words = COLORS,
	.help = "auto, always or never",
	.set = set_color},
    {.name = "theme",
	.value = "NAME",
	.words = THEME_NAMES,
	.help = "auto, dark, light, projector or mono",
	.set = set_theme},
    {.name = "screenshot",
	.value = "FILE",
	.help = "of replay: the screen as SVG, without a terminal",
	.set = option_screenshot},
    {.name = "at",
	.value = "TIME",
	.help = "of --screenshot: when, from the start; at the end",
	.set = option_at},
    {.name = "size",
	.value = "COLSxROWS",
	.help = "of --screenshot: the size of the screen [120x36]",
	.set = option_size},
    {.name = "keys",
	.value = "LIST",
	.help = "of --screenshot: keys to press before, as 8,Down",
	.set = option_keys},
    {.name = "ascii",
	.help = "draw with ASCII characters only",
	.set = set_ascii},
    {.name = "predict",
	.help = "hide the sum until it is guessed",
	.set = set_predict},
    {.name = "list", .help = "list the demos", .set = set_list},
    {.name = "completion",
	.value = "SHELL",
	.words = COMPLETION_SHELLS,
	.help = "a completion script for bash, zsh or fish",
	.set = set_completion},
    {.name = "help", .letter = 'h', .help = "this help", .set = set_help},
    {.name = "version",
	.letter = 'V',
	.help = "the version",
	.set = set_version},
};

#define OPTIONS (sizeof table / sizeof table[0])

/* The front ends come first; then those of the table. */
static size_t
options_count(void)
{
	return fronts_n + OPTIONS;
}

static struct option
options_at(size_t i)
{
	if (i >= fronts_n)
		return table[i - fronts_n];
	return (struct option){.name = fronts[i].name,
	    .help = fronts[i].help,
	    .front = &fronts[i]};
}

void
options_help(FILE *out)
{
	fputs("usage: lockstep [DEMO] [OPTION]... [DIR|FILE|URL]...\n"
	      "       lockstep replay FILE [OPTION]...   show a recording\n"
	      "       lockstep - [OPTION]...             "
	      "show frames from standard input\n"
	      "       lockstep explore DEMO [OPTION]...  "
	      "run it under every schedule\n"
	      "       lockstep --list\n"
	      "\n"
	      "Options of the dashboard:\n",
	    out);
	for (size_t i = 0; i < options_count(); i++) {
		const struct option one = options_at(i), *p = &one;
		char word[40], letter[8] = "";

		if (p->letter != 0)
			snprintf(letter, sizeof letter, "-%c, ", p->letter);
		snprintf(word, sizeof word, "%s--%s%s%s", letter, p->name,
		    p->value != NULL ? " " : "",
		    p->value != NULL ? p->value : "");
		fprintf(out, "  %-22s %s\n", word, p->help);
	}
	fputs("\nOptions of the engine:\n", out);
}

void
options_describe(struct completion_set *set)
{
	set->n = options_count();
	for (size_t i = 0; i < set->n; i++) {
		const struct option one = options_at(i), *p = &one;

		set->option[i] = (struct completion_option){.name = p->name,
		    .letter = p->letter,
		    .arg = p->value != NULL ? p->value : "",
		    .words = p->words != NULL ? p->words : "",
		    .help = p->help};
	}
}

static int
apply(struct options *o, const struct cmdline *c)
{
	const struct option one = options_at((size_t)(c->option - c->options)),
			    *p = &one;
	char why[256];

	switch (c->kind) {
	case CMDLINE_AMBIGUOUS:
		cmdline_complaint(c, why, sizeof why);
		warnx("%s; see --help", why);
		return USAGE;
	case CMDLINE_SURPLUS:
		warnx("--%s: takes no value, but '%s' was given", p->name,
		    c->value);
		return USAGE;
	case CMDLINE_MISSING:
		warnx("--%s: needs a value: %s", p->name, p->value);
		return USAGE;
	default:
		return p->front != NULL ? set_front(o, p->front)
					: p->set(o, c->value);
	}
}

/* First words that do not start an engine. */
static bool
is_front(const char *word)
{
	return strcmp(word, "replay") == 0 || strcmp(word, "-") == 0;
}

static bool
is_frames(const struct cmdline *c)
{
	if (c->option != NULL)
		return strcmp(c->option->name, "frames") == 0;
	return c->kind >= CMDLINE_OPTION && strcmp(c->word, "--frames") == 0;
}

/* Pass it to the engine unchanged. */
static void
keep(struct options *o, size_t *kept, struct cmdline *c)
{
	char *word = c->word;

	if (c->kind == CMDLINE_DASHES && *kept > 0 && is_front(o->engine[0]))
		return; /* the operands are ours as well */
	o->frames |= is_frames(c);
	if (c->rest != NULL) { /* letters of ours may precede it */
		word = c->rest - 1;
		*word = '-';
		while (c->letters != NULL)
			cmdline_next(c);
	}
	o->engine[(*kept)++] = word;
	if (c->apart)
		o->engine[(*kept)++] = c->value;
}

/* Put it after the first word; there is room, since it was taken out before. */
static void
pass_to_engine(struct options *o, char *word)
{
	size_t n = 0;

	while (o->engine[n] != NULL)
		n++;
	memmove(o->engine + 2, o->engine + 1, n * sizeof *o->engine);
	o->engine[1] = word;
}

/* `explore ...` belongs to the engine: --help and --list are passed to it. */
static int
choose_explore(struct options *o)
{
	static char help[] = "--help", list[] = "--list";
	bool runs = o->action == ACTION_RUN;

	if (o->expect_exact || o->expect_lost >= 0 || o->dashboard.predict) {
		warnx("explore: --%s does not apply to a search",
		    o->dashboard.predict  ? "predict"
			: o->expect_exact ? "expect-exact"
					  : "expect-lost");
		return USAGE;
	}
	if (o->record != NULL && !runs) {
		warnx("explore: --record: --help and --list have no frames to "
		      "record");
		return USAGE;
	}
	if (o->frames && runs && o->front != NULL && o->front->search != NULL) {
		warnx(
		    "--%s and --frames: use only one of them", o->front->name);
		return USAGE;
	}
	if (o->action == ACTION_HELP)
		pass_to_engine(o, help);
	if (o->action == ACTION_LIST)
		pass_to_engine(o, list);
	o->action = !runs || o->frames ? ACTION_EXPLORE : ACTION_SEARCH;
	return 0;
}

/* The remaining words: `replay FILE`, `-`, or the engine's. */
static int
choose(struct options *o)
{
	char **word = o->engine;

	if (o->dashboard.predict && o->front != NULL) {
		warnx("--predict: only the dashboard can hide the sum, and %s",
		    o->given);
		return USAGE;
	}
	if (word[0] != NULL && strcmp(word[0], "explore") == 0 &&
	    (o->action == ACTION_RUN || o->action == ACTION_HELP ||
		o->action == ACTION_LIST))
		return choose_explore(o);
	if (o->action != ACTION_RUN || word[0] == NULL)
		return 0;
	if (strcmp(word[0], "replay") == 0) {
		o->action = ACTION_REPLAY;
		o->replay = word[1];
		if (o->replay == NULL) {
			warnx("replay: needs the FILE of a recording");
			return USAGE;
		}
		word++;
	} else if (strcmp(word[0], "-") == 0) {
		o->action = ACTION_STDIN;
	} else {
		return 0;
	}
	if (word[1] != NULL) {
		warnx("%s: '%s' means nothing here; only options of the "
		      "dashboard may follow",
		    o->engine[0], word[1]);
		return USAGE;
	}
	if (o->action == ACTION_REPLAY && o->record != NULL) {
		warnx("--record: '%s' is a recording already", o->replay);
		return USAGE;
	}
	return 0;
}

static void
know_ours(struct known_options *k)
{
	struct cmdline_option ours[KNOWN_MOST];
	size_t n = options_count();

	for (size_t i = 0; i < n; i++) {
		const struct option p = options_at(i);

		ours[i] = (struct cmdline_option){.name = p.name,
		    .letter = p.letter,
		    .value = p.value != NULL ? CMDLINE_NEEDED : CMDLINE_FLAG};
	}
	known_options_ours(k, ours, n);
}

/* Apply our options, keep the other words. */
static int
read_words(struct options *o, const struct known_options *k, char **argv)
{
	struct cmdline c = cmdline_begin(k->option, k->n, argv);
	size_t kept = 0;

	while (cmdline_next(&c) != CMDLINE_END) {
		int status = 0;

		if (known_options_is_ours(k, &c))
			status = apply(o, &c);
		else
			keep(o, &kept, &c);
		if (status != 0)
			return status;
	}
	o->engine[kept] = NULL;

	int status = choose(o);

	return status != 0 ? status : options_refuse_picture(o);
}

int
options_parse(struct options *o, int argc, char **argv)
{
	static struct known_options known;

	*o = (struct options){
	    .expect_lost = -1, .dashboard.picture.at = UINT64_MAX};
	o->engine = calloc((size_t)argc + 1, sizeof *o->engine);
	if (o->engine == NULL) {
		warn("cannot start");
		return 3;
	}
	know_ours(&known);
	known_options_engine(&known, argv, o->engine);
	return read_words(o, &known, argv);
}

void
options_free(struct options *o)
{
	free(o->engine);
	o->engine = NULL;
}
