/* completion: what the engine says of its options and demos. */
#include "command/completion.h"

#include <string.h>

#include "stream/launch.h"

#define ANSWER 8192 /* bytes */

/* The engine's answer, NUL-terminated, or NULL. */
static char *
completion_ask(char *explore, char *question, char buf[ANSWER])
{
	char *args[] = {explore, question, NULL};
	size_t n =
	    launch_ask(explore != NULL ? args : args + 1, buf, ANSWER - 1);

	buf[n] = '\0';
	return n > 0 ? buf : NULL;
}

/* NAME, LETTER, ARG, VALUES and HELP, divided by tabs. */
static bool
completion_read_option(struct completion_option *o, char *line)
{
	const char *letter;

	o->name = strsep(&line, "\t");
	letter = strsep(&line, "\t");
	o->arg = strsep(&line, "\t");
	o->words = strsep(&line, "\t");
	o->help = line;
	if (line == NULL)
		return false;
	o->letter = letter[0];
	return true;
}

/* Without those of `ours`. False: the list is not whole. */
static bool
completion_read_options(
    struct completion_set *set, const struct completion_set *ours, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")) != NULL) {
		if (strcmp(line, ".") == 0)
			return true;
		if (set->n == COMPLETION_MOST ||
		    !completion_read_option(&set->option[set->n], line))
			return false;
		if (!completion_has(ours, set->option[set->n].name))
			set->n++;
	}
	return false;
}

static char *
completion_after_word(char *s)
{
	s += strcspn(s, " ");
	if (*s != '\0')
		*s++ = '\0';
	return s + strspn(s, " ");
}

/* The lines of --list: NAME, MARKS unless it is explore's, TITLE. */
static void
completion_read_demos(struct completion_demos *d, char *text, bool marks)
{
	char *line;

	while ((line = strsep(&text, "\n")) != NULL && d->n < COMPLETION_MOST) {
		if (line[0] == ' ' || line[0] == '\0')
			continue;

		char *title = completion_after_word(line);

		d->demo[d->n].name = line;
		d->demo[d->n++].title =
		    marks ? completion_after_word(title) : title;
	}
}

int
completion_print(enum completion_shell shell, const struct completion_set *ours)
{
	static struct completion c;
	static char explore[] = "explore", list[] = "--list",
		    describe[] = "--describe", answer[4][ANSWER];
	char *run = completion_ask(NULL, describe, answer[0]),
	     *explores = completion_ask(explore, describe, answer[1]),
	     *demos = completion_ask(NULL, list, answer[2]),
	     *explored = completion_ask(explore, list, answer[3]);

	c.ours = *ours;
	if (run == NULL || explores == NULL || demos == NULL ||
	    explored == NULL || !completion_read_options(&c.run, ours, run) ||
	    !completion_read_options(&c.explore, ours, explores))
		return -1;
	completion_read_demos(&c.demos, demos, true);
	completion_read_demos(&c.explored, explored, false);
	if (shell == COMPLETION_BASH)
		completion_bash(&c);
	else if (shell == COMPLETION_ZSH)
		completion_zsh(&c);
	else
		completion_fish(&c);
	return 0;
}
