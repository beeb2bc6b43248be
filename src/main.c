/* engine: the program that runs the pipeline. */
#include <sys/prctl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "explore/explore_main.h"
#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "supervisor/supervisor.h"

extern char **environ;

/* It goes on only by commands, and none can come. */
static bool
cannot_go_on(const struct params *p)
{
	if (!p->step || p->control_fd >= 0)
		return false;
	fprintf(stderr,
	    "lockstep: demo %s: --step: nobody is there to choose who goes\n",
	    p->demo->name);
	return true;
}

int
main(int argc, char *argv[])
{
	struct params params;

	setproctitle_init(argc, argv, environ);
	HOOK_INIT();
	stderr_clean();
	if (argc > 1 && strcmp(argv[1], "explore") == 0)
		return explore_main(argc - 1, argv + 1);
	int said = params_parse(&params, argc, argv);
	if (said != 0) {
		params_free(&params);
		return said < 0 ? EXIT_USAGE : EXIT_SUCCESS;
	}
	const struct source *source = params.demo->source;
	if (cannot_go_on(&params) ||
	    (source != NULL && source->open(&params) != 0)) {
		params_free(&params);
		return EXIT_USAGE;
	}
	prctl(PR_SET_NAME, "supervisor");
	setproctitle("supervisor (%s)", params.demo->name);
	int status = supervisor_main(&params);
	if (source != NULL)
		source->close();
	params_free(&params);
	return status;
}
