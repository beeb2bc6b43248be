/*
 * lockstep: opens a stream, shows it, and says how it ended.
 *
 * Exit status: 0 fine; 1 the accounting does not hold or an expectation was
 * not met; 2 usage; 3 could not start; 4 the program hung; 128 + n on
 * signal n.
 */
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dashboard.h"
#include "headless.h"
#include "json.h"
#include "launch.h"
#include "options.h"
#include "plain.h"
#include "summary.h"
#include "util.h"

#define UNFIT     1
#define USAGE     2
#define CANNOT    3
#define SETTLE_MS 2000 /* the engine's time to end its run after `q` */

#define BANNER_SCHEDULE 7 /* says why a schedule could not be repeated */

/* No descriptor that we open may become standard input, output or error. */
static void
hold_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static bool
have_screen(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term != NULL && term[0] != '\0' &&
	    strcmp(term, "dumb") != 0;
}

/* An engine that steps its threads is told if nobody can say who goes. */
static int
open_engine(struct stream **s, const struct options *o)
{
	static char unwatched[] = "--unwatched=on";
	size_t n = 0;

	if ((o->front == FRONT_BEST && have_screen()) ||
	    o->action == ACTION_SEARCH)
		return stream_open_engine(s, o->engine);
	while (o->engine[n] != NULL)
		n++;

	char **args = calloc(n + 2, sizeof *args);

	if (args == NULL) {
		warn("cannot start");
		return CANNOT;
	}
	args[0] = unwatched;
	memcpy(args + 1, o->engine, n * sizeof *args);

	int status = stream_open_engine(s, args);

	free(args);
	return status;
}

static int
open_stream(struct stream **s, const struct options *o)
{
	int status = 0;

	switch (o->action) {
	case ACTION_REPLAY:
		status = stream_open_recording(s, o->replay);
		break;
	case ACTION_STDIN:
		if (isatty(STDIN_FILENO)) {
			warnx("-: standard input is a terminal; "
			      "pipe a stream of frames into it");
			return USAGE;
		}
		status = stream_open_fd(s, STDIN_FILENO);
		break;
	default:
		status = open_engine(s, o);
		break;
	}
	if (status == 0 && o->record != NULL) {
		status = stream_record(*s, o->record);
		if (status != 0)
			stream_close(*s, stderr);
	}
	return status;
}

static int
output_failed(void)
{
	if (errno == EPIPE)
		return 128 + SIGPIPE;
	warn("standard output");
	return UNFIT;
}

static int
show_json(struct model *m, struct stream *s)
{
	int status = headless_run(m, s, NULL, NULL);

	if (!m->live)
		return status;
	if (json_write(m, stdout) != 0)
		return output_failed();
	if (stream_trouble(s) != NULL)
		warnx("%s", stream_trouble(s));
	return status;
}

/* Guess and truth, which were on the screen. */
static void
print_guess(const struct predict *guess, const struct model *m)
{
	char text[MODEL_LINE], said[PREDICT_LEN];

	predict_verdict(guess, m, text);
	if (text[0] != '\0')
		printf("guess    %s\n", text);
	else if (guess->state == PREDICT_GUESSED)
		printf("guess    you said %s; the run has not ended\n",
		    predict_guess(guess, said));
}

static int
show(struct model *m, struct stream *s, const struct options *o)
{
	if (o->front == FRONT_JSON)
		return show_json(m, s);
	if (o->front == FRONT_BEST && have_screen()) {
		struct predict guess = {.state = PREDICT_HIDES};
		int status = dashboard_run(m, s, &o->dashboard, &guess);

		if (status >= 0) {
			headless_settle(m, s, SETTLE_MS);
			summary_print(m, stream_trouble(s), false, stdout);
			print_guess(&guess, m);
			fflush(stdout);
			return status;
		}
	}

	int status = plain_run(m, s);

	if (status >= 0)
		return status;
	errno = -status;
	return output_failed();
}

/* An engine leaves with 0; 1 goes with a run that it calls failed. */
static int
judge_engine(const struct model *m, int wait_status)
{
	int code = launch_exit_code(wait_status);
	bool failed = m->ended &&
	    (m->bye.outcome == OUTCOME_FAILED ||
		m->bye.outcome == OUTCOME_HUNG);

	if (WIFSIGNALED(wait_status))
		warnx("the engine was killed by signal %d",
		    WTERMSIG(wait_status));
	else if ((code > UNFIT && code != EXIT_HUNG) || (code != 0 && !failed))
		warnx("the engine left with status %d", code);
	return code == 0 ? 0 : UNFIT;
}

static int
judge(const struct model *m, const struct options *o, bool spoilt)
{
	int status = spoilt ? UNFIT : 0;

	if (m->explores) {
		if (m->bye.outcome == OUTCOME_FAILED)
			warnx("the accounting does not hold");
		return m->bye.outcome == OUTCOME_FAILED ? UNFIT : status;
	}
	if (summary_failed(m) && m->banner[BANNER_SCHEDULE][0] != '\0') {
		warnx("%s", m->banner[BANNER_SCHEDULE]);
		status = UNFIT;
	} else if (summary_failed(m) && m->control.program) {
		warnx("the program failed");
		status = UNFIT;
	} else if (summary_failed(m)) {
		warnx("the run failed: no worker is left, %" PRIu64
		      " items are not done",
		    summary_undone(m));
		status = UNFIT;
	}
	if (!summary_holds(m)) {
		warnx("the accounting does not hold: %s", summary_breach(m));
		status = UNFIT;
	}
	if (o->expect_exact && !summary_exact(m)) {
		warnx("--expect-exact: not met: %" PRIu64 " updates lost, "
		      "%" PRIu32 " in doubt",
		    m->sum.lost_updates, m->sum.in_doubt);
		status = UNFIT;
	}
	if (o->expect_lost >= 0 &&
	    m->sum.lost_updates < (uint64_t)o->expect_lost) {
		warnx("--expect-lost: not met: %" PRIu64 " updates lost, "
		      "at least %" PRId64 " expected",
		    m->sum.lost_updates, o->expect_lost);
		status = UNFIT;
	}
	if (model_hung(m)) {
		warnx("the program hung: %s", model_hangs(m));
		status = EXIT_HUNG;
	}
	return status;
}

static int
run(const struct options *o)
{
	struct stream *s = NULL;
	struct model *m = model_new();
	int status;

	if (m == NULL) {
		warn("cannot start");
		return CANNOT;
	}
	if (o->dashboard.predict && !have_screen()) {
		warnx("--predict: only the dashboard can hide the sum, and "
		      "standard output is no terminal");
		model_free(m);
		return USAGE;
	}
	status = open_stream(&s, o);
	if (status != 0) {
		model_free(m);
		return status;
	}
	status = show(m, s, o);

	bool unrecorded = stream_record_failed(s);
	bool spoilt =
	    (stream_ended(s) && !m->ended) || stream_damaged(s) || unrecorded;
	int engine = judge_engine(m, stream_close(s, stderr));

	if (status == 0)
		status = judge(m, o, spoilt);
	model_free(m);
	return status != 0 ? status : engine;
}

/* Without a screen, and nothing to record, the engine's own report will do. */
static int
search(const struct options *o)
{
	bool watched = o->front == FRONT_BEST && have_screen();

	if (!watched && o->record == NULL)
		return launch_words(o->engine);
	signal(SIGPIPE, SIG_IGN);
	return run(o);
}

static int
help(void)
{
	options_help(stdout);
	if (fflush(stdout) != 0)
		return output_failed();
	return launch_show("--help");
}

int
main(int argc, char **argv)
{
	struct options o;
	int status;

	hold_standard_descriptors();
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	stderr_clean();
	status = options_parse(&o, argc, argv);
	if (status == 0) {
		switch (o.action) {
		case ACTION_LIST:
			status = launch_show("--list");
			break;
		case ACTION_HELP:
			status = help();
			break;
		case ACTION_VERSION:
			puts("lockstep " LOCKSTEP_VERSION);
			if (fflush(stdout) != 0)
				status = output_failed();
			break;
		case ACTION_EXPLORE:
			status = launch_words(o.engine);
			break;
		case ACTION_SEARCH:
			status = search(&o);
			break;
		default:
			signal(SIGPIPE, SIG_IGN);
			status = run(&o);
			break;
		}
	}
	options_free(&o);
	return status;
}
