/* explore_main: `lockstep-engine explore DEMO ...`. */
#include "explore/explore_main.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/explore_options.h"
#include "explore/explore_run.h"
#include "explore/report_frames.h"
#include "lockstep/util.h"

/* Large: not on the stack. */
struct lab {
	struct explore_options options;
	struct steps_program program;
	struct explore_report report;
	struct interleaving schedule;
	struct explore *search; /* NULL: only `schedule` is run */
	struct step_threads *crew;
	struct report_frames *frames;
};

/* `call` is the one that failed; NULL: `what` names it. */
static int
explore_cannot(const char *what, const char *call)
{
	fprintf(stderr, "lockstep: cannot %s%s%s: %s\n", what,
	    call != NULL ? ": " : "", call != NULL ? call : "",
	    strerror(errno));
	return EXIT_START;
}

static int
explore_build(struct lab *lab)
{
	const struct explore_options *o = &lab->options;
	char why[EXPLORE_WORDS];

	if (!explore_demo_build(o->demo, &lab->program, &o->small)) {
		fprintf(stderr,
		    "lockstep: --threads %u --adds %u: too many steps: "
		    "use at most %d in all\n",
		    o->small.threads, o->small.adds, STEPS_MAX);
		return EXIT_USAGE;
	}
	if (o->schedule != NULL &&
	    interleaving_parse(&lab->schedule, &lab->program, o->schedule, why,
		sizeof why) != 0) {
		fprintf(stderr,
		    "lockstep: --schedule %s: does not fit demo "
		    "%s with these options: %s\n",
		    o->schedule, o->demo->name, why);
		return EXIT_USAGE;
	}
	return 0;
}

static int
explore_begin_search(struct lab *lab)
{
	const struct explore_options *o = &lab->options;

	lab->search = explore_new(&lab->program, o->max_switches, o->reduce);
	if (lab->search != NULL)
		return 0;
	if (errno != E2BIG)
		return explore_cannot("search", NULL);
	fprintf(stderr,
	    "lockstep: --threads %u --adds %u: too many states to "
	    "enumerate; use fewer, --max-switches or --reduce\n",
	    o->small.threads, o->small.adds);
	return EXIT_USAGE;
}

static void
explore_search(struct lab *lab)
{
	if (lab->search != NULL)
		explore_run(&lab->report, &lab->program, lab->search, lab->crew,
		    lab->options.limit, report_frames_look, lab->frames);
	else
		explore_run_one(&lab->report, &lab->program, lab->crew,
		    &lab->schedule, NULL);
}

static int
explore_start_and_run(struct lab *lab)
{
	int status = explore_build(lab);
	const char *call;

	if (status == 0 && lab->options.schedule == NULL)
		status = explore_begin_search(lab);
	if (status != 0)
		return status;
	lab->report.of = lab->search != NULL ? explore_total(lab->search) : 1;
	lab->frames = report_frames_new(
	    &lab->options, &lab->program, &lab->report, &call);
	if (lab->frames == NULL)
		return explore_cannot("start", call);
	lab->crew = step_threads_new(&lab->program);
	if (lab->crew == NULL)
		return explore_cannot("start the threads", NULL);
	report_frames_crew(lab->frames, lab->crew);
	explore_search(lab);
	return report_frames_end(lab->frames, &lab->report) &&
		lab->report.breaches == 0
	    ? 0
	    : EXIT_ACCOUNTING;
}

/* Reports are made by `lockstep explore`: frames are all there is here. */
static bool
explore_can_send(struct explore_options *o)
{
	if (o->status < 0)
		o->status = STDOUT_FILENO;
	if (!o->json && !isatty(o->status))
		return true;
	fputs("lockstep-engine: writes frames, not text: use `lockstep "
	      "explore`\n",
	    stderr);
	return false;
}

int
explore_main(int argc, char *argv[])
{
	struct lab *lab = calloc(1, sizeof *lab);
	int said, status;

	if (lab == NULL)
		return explore_cannot("start", "calloc");
	signal(SIGXFSZ, SIG_IGN); /* a write says so */
	said = explore_options_parse(&lab->options, argc, argv);
	if (said != 0)
		status = said < 0 ? EXIT_USAGE : EXIT_SUCCESS;
	else if (!explore_can_send(&lab->options))
		status = EXIT_USAGE;
	else
		status = explore_start_and_run(lab);
	report_frames_free(lab->frames);
	step_threads_free(lab->crew);
	explore_free(lab->search);
	explore_options_free(&lab->options);
	free(lab);
	return status;
}
