/* explore_main: `lockstep-engine explore DEMO ...`. */
#include "explore/explore_main.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "explore/explore_options.h"
#include "explore/report_frames.h"
#include "lockstep/util.h"

/* Large: not on the stack. */
struct lab {
	struct explore_options options;
	struct steps_program program;
	struct explore_report report;
	struct interleaving schedule;
	struct step_threads_trace trace[STEPS_MAX];
	struct explore_blame blame[STEPS_MAX];
	struct explore_told told; /* while it runs */
	struct explore_tell *tell;
	struct step_threads *crew;
	struct explore *search;
};

/* `call` is the one that failed; NULL: `what` says it. */
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

static struct explore_told
explore_told_of(struct lab *lab)
{
	const struct explore_report *r = &lab->report;
	struct explore_told told = {.options = &lab->options,
	    .program = &lab->program,
	    .report = r,
	    .trace = lab->trace,
	    .blame = lab->blame};

	if (lab->options.schedule != NULL)
		told.outcome = &r->outcome[0];
	else if (r->failing >= 0)
		told.outcome = &r->outcome[r->failing];
	if (told.outcome != NULL)
		told.schedule = &told.outcome->smallest;
	return told;
}

static int
tell(struct lab *lab)
{
	const struct explore_report *r = &lab->report;
	struct explore_told told = explore_told_of(lab);

	bool failed = false;

	if (lab->tell != NULL)
		failed = !explore_tell_end(lab->tell, &told);
	else if (lab->options.json)
		explore_json(&told, stdout);
	else
		explore_print(&told, stdout);
	if (fflush(stdout) != 0) {
		fprintf(
		    stderr, "lockstep: standard output: %s\n", strerror(errno));
		return EXIT_ACCOUNTING;
	}
	if (r->breaches == 0)
		return failed ? EXIT_ACCOUNTING : 0;
	fprintf(stderr, "lockstep: the accounting does not hold\n");
	return EXIT_ACCOUNTING;
}

/* Run the smallest that fails once more, to see what its steps did. */
static void
explore_run_failing(struct lab *lab)
{
	const struct explore_report *r = &lab->report;
	struct step_threads_result result;

	if (r->failing < 0)
		return;
	step_threads_run(lab->crew, &r->outcome[r->failing].smallest, 1,
	    &result, lab->trace);
	explore_blame(
	    &lab->program, &r->outcome[r->failing].smallest, lab->blame);
}

static void
explore_search(struct lab *lab)
{
	if (lab->tell != NULL)
		explore_tell_crew(lab->tell, lab->crew);
	if (lab->options.schedule != NULL) {
		explore_run_one(&lab->report, &lab->program, lab->crew,
		    &lab->schedule, lab->trace);
		explore_blame(&lab->program, &lab->schedule, lab->blame);
		return;
	}
	explore_run(&lab->report, &lab->program, lab->search, lab->crew,
	    lab->options.limit, lab->tell != NULL ? explore_tell_look : NULL,
	    lab->tell);
	explore_run_failing(lab);
}

static int
run(struct lab *lab)
{
	int status = explore_build(lab);
	const char *call;

	if (status == 0 && lab->options.schedule == NULL)
		status = explore_begin_search(lab);
	if (status != 0)
		return status;
	if (lab->options.status >= 0) {
		lab->report.of =
		    lab->search != NULL ? explore_total(lab->search) : 1;
		lab->told = explore_told_of(lab);
		lab->tell = explore_tell_new(&lab->told, &call);
		if (lab->tell == NULL)
			return explore_cannot("start", call);
	}
	lab->crew = step_threads_new(&lab->program);
	if (lab->crew == NULL)
		return explore_cannot("start the threads", NULL);
	explore_search(lab);
	return tell(lab);
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
	else
		status = run(lab);
	explore_tell_free(lab->tell);
	step_threads_free(lab->crew);
	explore_free(lab->search);
	explore_options_free(&lab->options);
	free(lab);
	return status;
}
