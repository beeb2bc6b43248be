/* completion_zsh: the script for zsh, in the terms of its _arguments. */
#include "command/completion.h"

#include <stdio.h>
#include <string.h>

/* Between single quotes; `special` are escaped for _arguments. */
static void
zsh_print(const char *s, const char *special)
{
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			fputs("'\\'", stdout);
		else if (strchr(special, *s) != NULL)
			putchar('\\');
		putchar(*s);
	}
}

static void
zsh_print_value(const struct completion_option *o)
{
	printf(o->arg[0] == '[' ? "::" : ":");
	zsh_print(o->arg, "[]:\\");
	if (o->words[0] != '\0')
		printf(":(%s)", o->words);
	else
		fputs(completion_takes_file(o) ? ":_files" : ": ", stdout);
}

static void
zsh_print_option(const struct completion_option *o)
{
	const char *follows = o->arg[0] == '\0' ? ""
	    : o->arg[0] == '['                  ? "=-"
						: "=";

	if (o->letter != '\0')
		printf("\t\t'(-%c --%s)'{-%c%s,--%s%s}'[", o->letter, o->name,
		    o->letter, o->arg[0] != '\0' ? "+" : "", o->name, follows);
	else
		printf("\t\t'--%s%s[", o->name, follows);
	zsh_print(o->help, "[]:\\");
	putchar(']');
	if (o->arg[0] != '\0')
		zsh_print_value(o);
	puts("'");
}

static void
zsh_print_set(const char *name, const struct completion_set *set)
{
	printf("\t%s=(\n", name);
	for (size_t i = 0; i < set->n; i++)
		zsh_print_option(&set->option[i]);
	puts("\t)");
}

static void
zsh_print_demos(const char *name, const struct completion_demos *d)
{
	printf("\t%s=(\n", name);
	for (size_t i = 0; i < d->n; i++) {
		printf("\t\t'%s:", d->demo[i].name);
		zsh_print(d->demo[i].title, ":\\");
		puts("'");
	}
	puts("\t)");
}

void
completion_zsh(const struct completion *c)
{
	puts("#compdef lockstep\n"
	     "# zsh completion for lockstep, made by "
	     "`lockstep --completion zsh`\n"
	     "_lockstep()\n"
	     "{\n"
	     "\tlocal -a ours run explore demos explored\n"
	     "\tlocal context state state_descr line\n"
	     "\ttypeset -A opt_args");
	zsh_print_set("ours", &c->ours);
	zsh_print_set("run", &c->run);
	zsh_print_set("explore", &c->explore);
	zsh_print_demos("demos", &c->demos);
	zsh_print_demos("explored", &c->explored);
	puts("\tdemos+=('explore:run a demo under every schedule'\n"
	     "\t    'replay:show a recording')\n"
	     "\tif ((${words[(I)explore]} > 1 && "
	     "${words[(I)explore]} < CURRENT)); then\n"
	     "\t\t_arguments -s -S $ours $explore '1: : ' "
	     "'2:demo:->explored'\n"
	     "\telif ((${words[(I)replay]} > 1 && "
	     "${words[(I)replay]} < CURRENT)); then\n"
	     "\t\t_arguments -s -S $ours '1: : ' '2:recording:_files'\n"
	     "\telse\n"
	     "\t\t_arguments -s -S $ours $run '1:demo:->demos' "
	     "'*:file:_files'\n"
	     "\tfi\n"
	     "\tcase $state in\n"
	     "\tdemos) _describe demo demos ;;\n"
	     "\texplored) _describe demo explored ;;\n"
	     "\tesac\n"
	     "}\n"
	     "if [[ $funcstack[1] == _lockstep ]]; then\n"
	     "\t_lockstep \"$@\"\n"
	     "else\n"
	     "\tcompdef _lockstep lockstep\n"
	     "fi");
}
