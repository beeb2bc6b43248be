/* completion_fish: the script for fish, a line for each option and demo. */
#include "command/completion.h"

#include <stdio.h>

static void
fish_print_quoted(const char *s)
{
	putchar('\'');
	for (; *s != '\0'; s++) {
		if (*s == '\'' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
	putchar('\'');
}

static void
fish_print_value(const struct completion_option *o)
{
	if (completion_takes_file(o))
		fputs(" -r -F", stdout);
	else if (completion_needs_value(o))
		fputs(" -x", stdout);
	if (o->words[0] != '\0')
		printf(" -a '%s'", o->words);
}

/* Those that mean something where this condition holds; "": everywhere. */
static void
fish_print_set(const char *condition, const struct completion_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct completion_option *o = &set->option[i];

		printf("complete -c lockstep%s", condition);
		if (o->letter != '\0')
			printf(" -s %c", o->letter);
		printf(" -l %s", o->name);
		fish_print_value(o);
		printf(" -d ");
		fish_print_quoted(o->help);
		putchar('\n');
	}
}

static void
fish_print_demo(const char *condition, const char *name, const char *title)
{
	printf("complete -c lockstep -n %s -a %s -d ", condition, name);
	fish_print_quoted(title);
	putchar('\n');
}

static void
fish_print_demos(const char *condition, const struct completion_demos *d)
{
	for (size_t i = 0; i < d->n; i++)
		fish_print_demo(condition, d->demo[i].name, d->demo[i].title);
}

static void
fish_print_first(const struct completion_demos *d)
{
	printf("set -l lockstep_demos");
	for (size_t i = 0; i < d->n; i++)
		printf(" %s", d->demo[i].name);
	puts("\n"
	     "set -l first \"not __fish_seen_subcommand_from "
	     "explore replay $lockstep_demos\"\n"
	     "set -l explore '__fish_seen_subcommand_from explore'\n"
	     "set -l run 'not __fish_seen_subcommand_from explore replay'\n"
	     "set -l files \"__fish_seen_subcommand_from replay "
	     "$lockstep_demos; and not __fish_seen_subcommand_from explore\"\n"
	     "complete -c lockstep -f\n"
	     "complete -c lockstep -n $files -F");
}

void
completion_fish(const struct completion *c)
{
	puts("# fish completion for lockstep, made by "
	     "`lockstep --completion fish`");
	fish_print_first(&c->demos);
	fish_print_demo("$first", "explore", "run a demo under every schedule");
	fish_print_demo("$first", "replay", "show a recording");
	fish_print_demos("$first", &c->demos);
	fish_print_demos("$explore", &c->explored);
	fish_print_set("", &c->ours);
	fish_print_set(" -n $run", &c->run);
	fish_print_set(" -n $explore", &c->explore);
}
