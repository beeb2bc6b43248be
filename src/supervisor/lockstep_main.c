/*
 * lockstep_main: what lockstep-engine does, and any program that calls
 * lockstep_main(): a run of a demo, or `explore`.
 */
#include <sys/prctl.h>

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/util_priv.h"
#include "explore/explore_main.h"
#include "explore/models.h"
#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "supervisor/supervisor.h"

extern char **environ;

/* The legend begins with a blank, as no demo does. */
static void
print_list(const struct demo *const table[])
{
	for (size_t i = 0; table[i] != NULL; i++)
		printf("%-18s %c%c  %s\n", table[i]->name,
		    table[i]->stepped ? 's' : '-',
		    explore_demo_find(table[i]->name) != NULL ? 'e' : '-',
		    table[i]->title);
	puts(" s: can be stepped, e: in `lockstep explore` as well");
}

/* It goes on only by commands, and none can come. */
static bool
cannot_go_on(const struct params_priv *p)
{
	if (!p->step || p->control_fd >= 0)
		return false;
	fprintf(stderr,
	    "lockstep: demo %s: --step: no user is there to choose the steps\n",
	    p->params.demo->name);
	return true;
}

/* 0, or EXIT_ACCOUNTING if what was printed could not be written. */
static int
flush_output(void)
{
	bool failed = ferror(stdout) != 0;

	errno = 0;
	if (fflush(stdout) == 0 && !failed)
		return 0;
	fprintf(stderr, "lockstep: standard output: %s\n",
	    strerror(errno != 0 ? errno : EIO));
	return EXIT_ACCOUNTING;
}

static int
run_demo(const struct demo *const table[], int argc, char *argv[])
{
	struct params_priv options;
	const struct params *params = &options.params;

	if (argc > 1 && strcmp(argv[1], "explore") == 0)
		return explore_main(argc - 1, argv + 1);

	int said = params_parse(&options, table, argv);
	if (said == PARAMS_LIST)
		print_list(table);
	if (said != 0) {
		params_free(&options);
		return said < 0 ? EXIT_USAGE : EXIT_SUCCESS;
	}
	const struct source *source = params->demo->source;
	if (cannot_go_on(&options) ||
	    (source != NULL && source->open(params) != 0)) {
		params_free(&options);
		return EXIT_USAGE;
	}
	prctl(PR_SET_NAME, "supervisor");
	setproctitle("supervisor (%s)", params->demo->name);
	int status = supervisor_main(&options);
	if (source != NULL)
		source->close();
	params_free(&options);
	return status;
}

int
lockstep_main(const struct demo *const table[], int argc, char *argv[])
{
	setproctitle_init(argc, argv, environ);
	HOOK_INIT();
	stderr_clean();

	int status = run_demo(table, argc, argv);

	return status == 0 ? flush_output() : status;
}
