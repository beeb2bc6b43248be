/* completion_bash: the script for bash, which needs nothing but bash. */
#include "command/completion.h"

#include <stdio.h>

/* The start: where we are, and the first operand. */
static const char bash_begin[] =
    "# bash completion for lockstep, made by `lockstep --completion bash`\n"
    "_lockstep()\n"
    "{\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "\tlocal i first='' words='' files=''\n"
    "\n"
    "\tCOMPREPLY=()\n"
    "\t# --name=value is three words here\n"
    "\tif [[ $cur == = ]]; then\n"
    "\t\tcur=\n"
    "\t\tprev=\"=$prev\"\n"
    "\telif [[ $prev == = ]]; then\n"
    "\t\tprev=\"=${COMP_WORDS[COMP_CWORD - 2]}\"\n"
    "\tfi\n"
    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
    "\t\tcase ${COMP_WORDS[i]} in\n";

/* The end: what was found, as far as it begins with what is there. */
static const char bash_end[] =
    "\tif [[ $files ]]; then\n"
    "\t\tcompopt -o filenames 2>/dev/null\n"
    "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
    "\telse\n"
    "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
    "\tfi\n"
    "}\n"
    "complete -F _lockstep lockstep\n";

/* "--name | -n" of those with a value of its own word; how many, after n. */
static size_t
bash_print_valued(const struct completion_set *set,
    const struct completion_set *but, size_t n)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct completion_option *o = &set->option[i];

		if (!completion_needs_value(o) ||
		    (but != NULL && completion_has(but, o->name)))
			continue;
		printf("%s--%s", n++ > 0 ? " | " : "", o->name);
		if (o->letter != '\0')
			printf(" | -%c", o->letter);
	}
	return n;
}

static void
bash_print_first(const struct completion *c)
{
	size_t n;

	printf("\t\t");
	n = bash_print_valued(&c->ours, NULL, 0);
	n = bash_print_valued(&c->run, NULL, n);
	bash_print_valued(&c->explore, &c->run, n);
	puts(")\n"
	     "\t\t\t[[ ${COMP_WORDS[i + 1]} == = ]] || ((i++)) ;;\n"
	     "\t\t=)\n"
	     "\t\t\t((i++)) ;;\n"
	     "\t\t-?*) ;;\n"
	     "\t\t*)\n"
	     "\t\t\tfirst=${COMP_WORDS[i]}\n"
	     "\t\t\tbreak ;;\n"
	     "\t\tesac\n"
	     "\tdone");
}

/* A case for each option with a value, in the mode of this first operand. */
static void
bash_print_values(const char *first, const struct completion_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct completion_option *o = &set->option[i];

		if (o->arg[0] == '\0')
			continue;
		printf("\t%s,=--%s", first, o->name);
		if (completion_needs_value(o))
			printf(" | %s,--%s", first, o->name);
		if (o->letter != '\0')
			printf(" | %s,-%c", first, o->letter);
		if (completion_takes_file(o))
			puts(") files=1 ;;");
		else
			printf(") words='%s' ;;\n", o->words);
	}
}

static void
bash_print_names(const struct completion_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct completion_option *o = &set->option[i];

		printf(" --%s", o->name);
		if (o->letter != '\0')
			printf(" -%c", o->letter);
	}
}

static void
bash_print_demos(const struct completion_demos *d)
{
	for (size_t i = 0; i < d->n; i++)
		printf(" %s", d->demo[i].name);
}

static void
bash_print_options(const struct completion *c)
{
	printf("\t\texplore,-*) words='");
	bash_print_names(&c->ours);
	bash_print_names(&c->explore);
	printf("' ;;\n\t\treplay,-* | -,-*) words='");
	bash_print_names(&c->ours);
	printf("' ;;\n\t\t*,-*) words='");
	bash_print_names(&c->ours);
	bash_print_names(&c->run);
	puts("' ;;");
}

static void
bash_print_operands(const struct completion *c)
{
	printf("\t\t,*) words='explore replay");
	bash_print_demos(&c->demos);
	printf("' ;;\n\t\texplore,*) words='");
	bash_print_demos(&c->explored);
	puts("' ;;\n\t\t-,*) ;;\n\t\t*) files=1 ;;");
}

void
completion_bash(const struct completion *c)
{
	fputs(bash_begin, stdout);
	bash_print_first(c);
	puts("\tcase $first,$prev in");
	bash_print_values("explore", &c->explore);
	bash_print_values("*", &c->ours);
	bash_print_values("*", &c->run);
	puts("\t*)\n\t\tcase $first,$cur in");
	bash_print_options(c);
	bash_print_operands(c);
	puts("\t\tesac ;;\n\tesac");
	fputs(bash_end, stdout);
}
