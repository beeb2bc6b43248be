/*
 * refuse: run a command with system calls that the kernel refuses.
 *
 *   refuse CALL[:ARGUMENT:VALUE][=ERRNO],... COMMAND [ARGUMENT...]
 *
 * As in a container whose filter knows less than the kernel does. Only calls
 * whose ARGUMENT, counted from 0, has that VALUE, if one is given. EPERM, if no
 * ERRNO is; with KILL for one the call kills.
 */
#include <err.h>
#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ERRNO_LAST 133
#define CANNOT     125

static uint32_t
refuse_action(const char *name)
{
	if (strcmp(name, "KILL") == 0)
		return SCMP_ACT_KILL_PROCESS;
	for (int i = 1; i <= ERRNO_LAST; i++) {
		const char *is = strerrorname_np(i);

		if (is != NULL && strcmp(is, name) == 0)
			return SCMP_ACT_ERRNO((unsigned)i);
	}
	errx(CANNOT, "%s: no such errno", name);
}

static unsigned long
refuse_number(const char *text)
{
	char *end;
	unsigned long n =
	    text != NULL ? strtoul(text, &end, 0) : (end = NULL, 0);

	if (text == NULL || *text == '\0' || *end != '\0')
		errx(CANNOT, "%s: not a number", text != NULL ? text : "");
	return n;
}

static void
refuse_call(scmp_filter_ctx filter, char *word)
{
	char *error = word;
	char *name = strsep(&error, "=");
	char *call = strsep(&name, ":");
	char *index = strsep(&name, ":");
	int number = seccomp_syscall_resolve_name(call);
	struct scmp_arg_cmp is = {0};

	if (number == __NR_SCMP_ERROR)
		errx(CANNOT, "%s: no such call", call);
	if (index != NULL)
		is = SCMP_CMP64((unsigned)refuse_number(index), SCMP_CMP_EQ,
		    refuse_number(name), 0);

	int failed = seccomp_rule_add_array(filter,
	    refuse_action(error != NULL ? error : "EPERM"), number,
	    index != NULL, &is);

	if (failed != 0)
		errx(CANNOT, "%s: %s", call, strerror(-failed));
}

int
main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (argc < 3 || filter == NULL)
		errx(CANNOT,
		    "usage: refuse CALL[:ARGUMENT:VALUE][=ERRNO],... "
		    "COMMAND [ARGUMENT...]");
	for (char *word; (word = strsep(&argv[1], ",")) != NULL;)
		refuse_call(filter, word);

	int failed = seccomp_load(filter);

	if (failed != 0)
		errx(CANNOT, "the filter: %s", strerror(-failed));
	execvp(argv[2], argv + 2);
	err(CANNOT, "%s", argv[2]);
}
