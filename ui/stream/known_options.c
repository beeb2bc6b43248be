/* known_options: the options of both programs. */
#include "stream/known_options.h"

#include <string.h>

#include "stream/launch.h"

void
known_options_ours(
    struct known_options *k, const struct cmdline_option *ours, size_t n)
{
	memcpy(k->option, ours, n * sizeof *ours);
	k->n = k->nours = n;
}

static bool
known_knows(const struct known_options *k, const char *name)
{
	for (size_t i = 0; i < k->n; i++)
		if (strcmp(k->option[i].name, name) == 0)
			return true;
	return false;
}

/* If the engine gives no answer, only our options are known. */
static void
known_ask_engine(struct known_options *k, bool explores)
{
	static char explore[] = "explore", ask[] = CMDLINE_ASK;
	char *args[] = {explore, ask, NULL};
	struct cmdline_option theirs[KNOWN_MOST];
	size_t len = launch_ask(
	    explores ? args : args + 1, k->answer, sizeof k->answer - 1);

	k->answer[len] = '\0';

	size_t n = cmdline_scan(k->answer, theirs, KNOWN_MOST - k->nours);

	for (size_t i = 0; i < n; i++)
		if (!known_knows(k, theirs[i].name))
			k->option[k->n++] = theirs[i];
}

/* The first operand, if only options of ours precede it; or NULL. */
static const char *
known_first_word(const struct known_options *ours, char **argv)
{
	struct cmdline c = cmdline_begin(ours->option, ours->n, argv);

	while (cmdline_next(&c) == CMDLINE_OPTION)
		continue;
	return c.kind == CMDLINE_OPERAND ? c.word : NULL;
}

/* With our options alone, a word may be misread. */
static bool
known_is_unclear(const struct cmdline *c, bool explores)
{
	const char *next = c->argv[c->next];

	if (c->kind < CMDLINE_OPTION)
		return false;
	if (c->option != NULL) /* ours, unless it is abbreviated */
		return c->rest == NULL &&
		    strlen(c->option->name) != c->length - 2;
	if (explores && strncmp(c->word, "--f", 3) == 0)
		return true; /* --frames or --fix */
	return next != NULL && next[0] == '-' && strchr(c->word, '=') == NULL;
}

static bool
known_is_engine_needed(
    const struct known_options *ours, char **words, bool explores)
{
	struct cmdline c = cmdline_begin(ours->option, ours->n, words);

	while (cmdline_next(&c) != CMDLINE_END)
		if (known_is_unclear(&c, explores))
			return true;
	return false;
}

void
known_options_engine(struct known_options *k, char **argv, char **scratch)
{
	const char *first = known_first_word(k, argv);
	bool explores = first != NULL && strcmp(first, "explore") == 0;
	size_t n = 0;

	/* These two accept no options of the engine. */
	if (first != NULL &&
	    (strcmp(first, "replay") == 0 || strcmp(first, "-") == 0))
		return;
	do
		scratch[n] = argv[n];
	while (argv[n++] != NULL);
	if (known_is_engine_needed(k, scratch, explores))
		known_ask_engine(k, explores);
}

bool
known_options_is_ours(const struct known_options *k, const struct cmdline *c)
{
	if (c->kind != CMDLINE_AMBIGUOUS)
		return c->option != NULL && c->option < k->option + k->nours;
	for (size_t i = 0; i < k->nours; i++)
		if (cmdline_means(c, i))
			return true;
	return false;
}
