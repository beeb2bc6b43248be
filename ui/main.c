/*
 * lockstep: opens a stream, shows it, and says how it ended.
 *
 * Exit status: 0 success; 1 the accounting does not hold or an --expect
 * condition failed; 2 usage; 3 could not start; 4 the program hung; 128 + n on
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

#include "base/util_priv.h"
#include "command/completion.h"
#include "dashboard/dashboard.h"
#include "export/headless.h"
#include "command/fronts.h"
#include "lockstep/util.h"
#include "command/options.h"
#include "stream/launch.h"
#include "term/lines.h"
#include "term/signals.h"
#include "term/terminal.h"
#include "text/summary.h"

#define UNFIT     1
#define USAGE     2
#define CANNOT    3
#define SETTLE_MS 2000 /* for the engine to end its run after `q` */

/*
 * Descriptors that we open must not become standard input, output or error. A
 * closed one is replaced by a file that fails, so that lost output is noticed.
 */
static void
hold_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null",
			    fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/*
 * The dashboard, or lines? Decided once, here, and passed on to the engine. 0,
 * or the exit status.
 */
static int
choose_front(struct options *o)
{
	o->obstacle = o->front != NULL ? o->given : terminal_obstacle();
	o->screen = o->obstacle == NULL;
	if (o->screen || !o->dashboard.predict)
		return 0;
	warnx("--predict: only the dashboard can hide the sum, and %s",
	    o->obstacle);
	return USAGE;
}

/* At a terminal, lines need an explanation; in a pipe they are expected. */
static void
explain_front(const struct options *o)
{
	if (!o->screen && o->front == NULL && isatty(STDOUT_FILENO))
		warnx("%s: showing plain lines", o->obstacle);
}

/* An engine that steps its threads must know if there is no one to step. */
static int
open_engine(struct stream **s, const struct options *o)
{
	char unwatched[160];
	size_t n = 0;

	if (o->screen || o->action == ACTION_SEARCH)
		return stream_open_engine(s, o->engine);
	snprintf(unwatched, sizeof unwatched, "--unwatched=%s", o->obstacle);
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
output_failed(int error)
{
	if (error == EPIPE)
		return 128 + SIGPIPE;
	warnc(error, "standard output");
	return UNFIT;
}

/* The guess and the truth, which the screen has shown. */
static void
print_guess(const struct predict *guess, const struct model *m, FILE *out)
{
	char text[MODEL_LINE], typed[PREDICT_LEN];

	predict_verdict(guess, m, text);
	if (text[0] != '\0')
		fprintf(out, "guess    %s\n", text);
	else if (guess->state == PREDICT_GUESSED)
		fprintf(out, "guess    you said %s; the run has not ended\n",
		    predict_guess(guess, typed));
}

static int
show_screen(struct model *m, struct stream *s, const struct options *o)
{
	struct predict guess = {.state = PREDICT_HIDES};
	const char *call;
	int status = dashboard_run(m, s, &o->dashboard, &guess, &call);
	struct lines lines;

	if (status < 0) {
		warnc(-status, "cannot show the dashboard: %s", call);
		return CANNOT;
	}
	stream_leave(s);
	headless_settle(m, s, SETTLE_MS);
	if (lines_open(&lines, STDOUT_FILENO) == 0) {
		summary_print(m, stream_trouble(s), false, lines.file);
		print_guess(&guess, m, lines.file);
		lines_close(&lines);
	}
	return status;
}

static int
show(struct model *m, struct stream *s, const struct options *o)
{
	if (o->screen)
		return show_screen(m, s, o);

	const struct front *front = o->front != NULL ? o->front : &fronts[0];
	bool search = o->action == ACTION_SEARCH && front->search != NULL;
	int status = search ? front->search(m, s) : front->run(m, s);

	return status >= 0 ? status : output_failed(-status);
}

/* After a signal, do not wait for a reader of errors that does not read. */
static void
hush(void)
{
	const struct sink errors = {.fd = STDERR_FILENO};

	if (signals_ending() != 0 && !sink_wait(&errors, 0))
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
}

/* An engine exits with 0; 1 goes with a run that it reports as failed. */
static int
judge_engine(const struct model *m, int wait_status)
{
	int code = launch_exit_code(wait_status);
	bool failed = m->ended &&
	    (m->bye.outcome == OUTCOME_FAILED ||
		m->bye.outcome == OUTCOME_HUNG);

	if (m->explores && code == EXIT_START) /* the engine has said why */
		return CANNOT;
	if (WIFSIGNALED(wait_status))
		warnx("the engine was killed by signal %d",
		    WTERMSIG(wait_status));
	else if ((code > UNFIT && code != EXIT_HUNG) || (code != 0 && !failed))
		warnx("the engine exited with status %d", code);
	return code == 0 ? 0 : UNFIT;
}

/* Why the run could not start, as ": words"; else "". */
static const char *
cause(const struct model *m, char buf[MODEL_LINE + 2])
{
	const char *why = m->banner[BANNER_THREADS];

	if (why[0] == '\0')
		why = m->banner[BANNER_PROCESSES];
	snprintf(buf, MODEL_LINE + 2, "%s%s", why[0] != '\0' ? ": " : "", why);
	return buf;
}

static int
judge(const struct model *m, const struct options *o, bool spoilt)
{
	int status = spoilt ? UNFIT : 0;
	char why[MODEL_LINE + 2];

	if (m->explores) {
		if (m->bye.outcome == OUTCOME_FAILED)
			warnx("the accounting does not hold");
		return m->bye.outcome == OUTCOME_FAILED ? UNFIT : status;
	}
	if (summary_failed(m) && m->banner[BANNER_SCHEDULE][0] != '\0') {
		warnx("%s", m->banner[BANNER_SCHEDULE]);
		status = UNFIT;
	} else if (summary_failed(m) && m->control.program) {
		warnx("the program failed%s", cause(m, why));
		status = UNFIT;
	} else if (summary_failed(m)) {
		warnx("the run failed: no worker is left, %" PRIu64
		      " items are not done%s",
		    summary_undone(m), cause(m, why));
		status = UNFIT;
	}
	if (!summary_holds(m)) {
		warnx("the accounting does not hold: %s", summary_breach(m));
		status = UNFIT;
	}
	if (m->left_out.count > 0) {
		warnx("%" PRIu64 " left out: %s: %s%s", m->left_out.count,
		    m->left_out.why[0], m->left_out.name[0],
		    m->left_out.count > 1 ? ", ..." : "");
		status = UNFIT;
	}
	if (o->expect_exact && m->left_out.count > 0)
		warnx("--expect-exact: not met: %" PRIu64 " left out",
		    m->left_out.count);
	else if (o->expect_exact && !summary_exact(m)) {
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

/* A model and its stream. 0, or the exit status to use, and there is none. */
static int
begin(struct model **m, struct stream **s, const struct options *o)
{
	*s = NULL;
	*m = model_new();
	if (*m == NULL) {
		warn("cannot start");
		return CANNOT;
	}

	int status = open_stream(s, o);

	if (status != 0)
		model_free(*m);
	return status;
}

static int
run(const struct options *o)
{
	struct stream *s;
	struct model *m;
	int status = begin(&m, &s, o);

	if (status != 0)
		return status;
	explain_front(o);
	status = show(m, s, o);
	hush();

	bool unrecorded = stream_record_end(s);
	bool spoilt =
	    (stream_ended(s) && !m->ended) || stream_damaged(s) || unrecorded;
	int engine = judge_engine(m, stream_close(s, stderr));

	if (status == 0 && engine != CANNOT)
		status = judge(m, o, spoilt);
	model_free(m);
	return status != 0 ? status : engine;
}

static int
picture(const struct options *o)
{
	const char *path = o->dashboard.picture.path;
	struct stream *s;
	struct model *m;
	int status = begin(&m, &s, o);

	if (status != 0)
		return status;

	int error = dashboard_picture(m, s, &o->dashboard, o->replay);

	if (error == -EEXIST)
		warnx("%s: this is the recording itself", path);
	else if (error != 0)
		warnc(-error, "%s", path);
	stream_close(s, stderr);
	model_free(m);
	return error == 0 ? 0 : UNFIT;
}

static int
help(void)
{
	options_help(stdout);
	if (fflush(stdout) != 0)
		return output_failed(errno);
	launch_show("--help");
}

static int
complete(enum completion_shell shell)
{
	static struct completion_set ours;

	options_describe(&ours);
	if (completion_print(shell, &ours) != 0) {
		warnx("--completion: lockstep-engine does not say which "
		      "options it has");
		return CANNOT;
	}
	return fflush(stdout) != 0 ? output_failed(errno) : 0;
}

static int
act(struct options *o)
{
	int status;

	switch (o->action) {
	case ACTION_LIST:
		launch_show("--list");
	case ACTION_HELP:
		return help();
	case ACTION_COMPLETION:
		return complete(o->shell);
	case ACTION_VERSION:
		puts("lockstep " LOCKSTEP_VERSION);
		return fflush(stdout) != 0 ? output_failed(errno) : 0;
	case ACTION_EXPLORE:
		launch_words(o->engine);
	default:
		if (o->dashboard.picture.path != NULL)
			return picture(o);
		status = choose_front(o);
		if (status != 0)
			return status;
		return run(o);
	}
}

int
main(int argc, char **argv)
{
	struct options o;
	int status;

	signals_start();
	launch_start();
	hold_standard_descriptors();
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	stderr_clean();
	status = options_parse(&o, argc, argv);
	if (status == 0)
		status = act(&o);
	options_free(&o);
	signals_die();
	return status;
}
