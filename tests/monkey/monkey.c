/*
 * monkey: presses keys at random, on terminals of all sizes.
 *
 *   monkey [--keys N] [--seed N] [--run N] [--verbose] BUILD STREAMS
 *
 * BUILD has `lockstep` and `lockstep-engine`, built with sanitizers, STREAMS
 * recordings. A run is one program from its start to its end; the same seed
 * has the same runs with the same keys, and --run does one of them alone.
 *
 * Nothing may be reported by a sanitizer; the program answers until it is
 * told to leave, writes nothing that a terminal should not be sent, leaves it
 * as it was, and no process behind.
 */
#include <sys/wait.h>

#include <dirent.h>
#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keys.h"
#include "scenes.h"
#include "stage.h"

#define KEYS_A_RUN 60
#define BURST      24 /* keys in one write */
#define ARGS       16
#define WORDS      8192 /* bytes, of all arguments */
#define FAILURES   3    /* then it is enough */
#define GONE       20   /* seconds: no process is left by then */

static struct {
	const char *build, *streams;
	char folder[64]; /* thrown away at the end */
	uint64_t seed;
	unsigned keys;
	int only; /* -1: all runs */
	bool verbose;
} opt = {.seed = 1, .keys = 2000, .only = -1};

struct run {
	unsigned number;
	struct dice dice;
	const struct scene *scene;
	const char *term;
	struct stage stage;
	unsigned keys;     /* pressed */
	bool told;         /* it was told to leave */
	char failure[512]; /* empty: none so far */
	FILE *log;         /* what was done, a line each */
	char *lines;
	size_t size;
};

static void note(struct run *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
note(struct run *r, const char *fmt, ...)
{
	va_list ap;

	fputs("    ", r->log);
	va_start(ap, fmt);
	vfprintf(r->log, fmt, ap);
	va_end(ap);
	fputc('\n', r->log);
}

static void fail(struct run *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The first one counts. */
static void
fail(struct run *r, const char *fmt, ...)
{
	va_list ap;

	if (r->failure[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(r->failure, sizeof r->failure, fmt, ap);
	va_end(ap);
	note(r, "(%s)", r->failure);
}

static bool
goes_on(const struct run *r)
{
	return r->failure[0] == '\0' && !r->stage.ended;
}

/* ---- how it is ---- */

static const char *
status_words(int status, char buf[64])
{
	if (WIFSIGNALED(status))
		snprintf(buf, 64, "killed by signal %d", WTERMSIG(status));
	else
		snprintf(buf, 64, "status %d", WEXITSTATUS(status));
	return buf;
}

static void
check(struct run *r)
{
	char status[64];

	if (r->stage.watch.wrong[0] != '\0')
		fail(r, "%s", r->stage.watch.wrong);
	if (r->stage.ended && !r->told)
		fail(r, "it left by itself, %s",
		    status_words(r->stage.status, status));
}

/* It must be alive, unless it has left as it was told to. */
static void
probe(struct run *r)
{
	if (!goes_on(r))
		return;
	note(r, "is it alive?");
	r->stage.redraws += r->scene->search; /* another dashboard */
	if (!stage_answers(&r->stage)) {
		fail(r, "no answer for %d s", STAGE_WAIT);
		/* Its sanitizer says where it is. */
		kill(r->stage.program, SIGABRT);
		stage_wait_end(&r->stage, GONE);
	}
	check(r);
}

/* At ^C, ^Z and ^\ the kernel drops the output that is not read yet. */
static void
type(struct run *r, const char *bytes, size_t n)
{
	char text[4 * BURST * KEYS_ONE + 1];

	for (size_t i = 0; i < n; i++)
		if (strchr("\3\32\34", bytes[i]) != NULL && bytes[i] != '\0')
			r->stage.watch.drops = true;
	keys_print(text, bytes, n);
	note(r, "\"%s\"", text);
	if (!stage_write(&r->stage, bytes, n))
		fail(r, "it does not read its keys");
	stage_look(&r->stage);
	check(r);
}

/* ---- what is done to it ---- */

static void
press(struct run *r)
{
	char bytes[BURST * KEYS_ONE];
	unsigned keys = dice_below(&r->dice, 4) == 0
	    ? 1 + dice_below(&r->dice, BURST)
	    : 1 + dice_below(&r->dice, 3);
	size_t n = 0;

	for (unsigned i = 0; i < keys; i++)
		n += keys_draw(&r->dice, !r->scene->search, bytes + n);
	r->keys += keys;
	type(r, bytes, n);
}

static void
draw_size(struct run *r, int *rows, int *cols)
{
	bool tiny = dice_below(&r->dice, 4) == 0;

	*rows = 1 + (int)dice_below(&r->dice, tiny ? 12 : 70);
	*cols = 1 + (int)dice_below(&r->dice, tiny ? 30 : 260);
}

static void
resize(struct run *r)
{
	int rows, cols;

	draw_size(r, &rows, &cols);
	if (dice_below(&r->dice, 40) == 0)
		rows = cols = 0;
	note(r, "size %dx%d", cols, rows);
	stage_resize(&r->stage, rows, cols);
}

static void
resize_often(struct run *r)
{
	for (int i = 0; i < 10; i++)
		resize(r);
}

/* One of the engine's, the supervisor now and then. */
static void
kill_one(struct run *r)
{
	pid_t pids[PROCS_MAX];
	int n = procs_of(r->stage.shell, "lockstep-engine", pids);
	unsigned which = dice_below(&r->dice, 1000);
	bool supervisor = dice_below(&r->dice, 8) == 0;

	for (int i = 0; i < n; i++) {
		pid_t pid = pids[(which + (unsigned)i) % (unsigned)n];
		bool is_worker = false;

		for (int k = 0; k < n; k++)
			is_worker |= procs_parent(pid) == pids[k];
		if (is_worker != supervisor) {
			note(r, "SIGKILL to %d, a %s", (int)pid,
			    is_worker ? "worker" : "supervisor");
			kill(pid, SIGKILL);
			return;
		}
	}
}

static bool
has_stopped(const struct stage *s, void *arg)
{
	const bool *stopped = arg;

	return s->ended || s->stopped == *stopped;
}

/* What a shell finds when its job has stopped is its own terminal. */
static void
suspend(struct run *r)
{
	bool yes = true, no = false;
	const char *left;

	probe(r);
	if (!goes_on(r))
		return;
	type(r, "\32", 1);
	if (!stage_wait(&r->stage, has_stopped, &yes, STAGE_WAIT))
		fail(r, "Ctrl-Z does not stop it");
	check(r);
	if (!goes_on(r))
		return;
	left = stage_unrestored(&r->stage);
	if (left != NULL)
		fail(r, "stopped, it left %s behind", left);
	note(r, "SIGCONT");
	r->stage.redraws++;
	kill(-r->stage.program, SIGCONT);
	if (!stage_wait(&r->stage, has_stopped, &no, STAGE_WAIT))
		fail(r, "it does not go on");
	check(r);
	probe(r);
}

static void
hold_output(struct run *r)
{
	type(r, "\23", 1);
	press(r);
	press(r);
	type(r, "\21", 1);
	probe(r);
}

/* It may leave, or ask, or take it as a letter. */
static void
quit(struct run *r)
{
	r->told = true;
	type(r, "q", 1);
	probe(r);
	if (goes_on(r))
		r->told = false;
}

static void
act(struct run *r)
{
	static const struct {
		unsigned weight;
		void (*act)(struct run *);
	} acts[] = {{72, press}, {9, resize}, {3, kill_one}, {2, suspend},
	    {1, hold_output}, {1, quit}, {1, resize_often}, {11, probe}};
	unsigned at = dice_below(&r->dice, 100);
	size_t i = 0;

	for (; at >= acts[i].weight; i++)
		at -= acts[i].weight;
	acts[i].act(r);
}

/* ---- its end ---- */

/* Whatever is open, F10 leaves; another dashboard in front goes first. */
static void
leave_by_key(struct run *r, const char *key)
{
	r->told = true;
	if (strcmp(key, "q") == 0) {
		type(r, "\r", 1);
		probe(r);
	}
	for (int i = 0; i < 4 && goes_on(r); i++) {
		type(r, key, strlen(key));
		probe(r);
		key = "\33[21~";
	}
	if (!r->stage.ended)
		fail(r, "F10 does not end it");
}

static void
leave_by_signal(struct run *r, int number)
{
	r->told = true;
	note(r, "signal %d", number);
	kill(r->stage.program, number);
	if (!stage_wait_end(&r->stage, STAGE_WAIT))
		fail(r, "signal %d does not end it", number);
}

/* The terminal's own signals, which all of its job get. */
static void
leave_by_terminal(struct run *r, const char *key)
{
	probe(r);
	if (!goes_on(r))
		return;
	r->told = true;
	type(r, key, 1);
	if (!stage_wait_end(&r->stage, STAGE_WAIT))
		fail(r, "a signal from the terminal does not end it");
}

/* The signal that it was ended with, 0: by a key. */
static int
leave(struct run *r)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
	unsigned how = dice_below(&r->dice, 10);

	switch (how) {
	case 0:
	case 1:
	case 2:
	case 3:
		leave_by_signal(r, signals[how]);
		return signals[how];
	case 4:
		leave_by_terminal(r, "\3");
		return SIGINT;
	case 5:
		leave_by_terminal(r, "\34");
		return SIGQUIT;
	default:
		leave_by_key(r, how < 8 ? "q" : "\33[21~");
		return 0;
	}
}

/* 0, what a run may come to, or the signal that it was sent. */
static bool
is_right(int status, int signal)
{
	if (signal != 0 && WIFSIGNALED(status))
		return WTERMSIG(status) == signal;
	if (!WIFEXITED(status))
		return false;
	switch (WEXITSTATUS(status)) {
	case 0:
	case 1:
	case 4:
		return true;
	default:
		return signal != 0 && WEXITSTATUS(status) == 128 + signal;
	}
}

static bool
has_gone(const struct stage *s, void *arg)
{
	pid_t pids[PROCS_MAX];
	int *n = arg;

	*n = stage_procs(s, pids);
	return *n == 0;
}

static void
check_end(struct run *r, int signal)
{
	struct stage *s = &r->stage;
	const char *left = stage_unrestored(s);
	char words[64];
	int n = 0;

	check(r);
	if (!is_right(s->status, signal))
		fail(r, "it left with %s", status_words(s->status, words));
	if (left != NULL)
		fail(r, "it left %s behind", left);
	if (!stage_wait(s, has_gone, &n, GONE))
		fail(r, "it left %d processes behind", n);
}

/* ---- reports of sanitizers ---- */

static void
report_path(char path[PATH_MAX], const char *name)
{
	snprintf(path, PATH_MAX, "%s/%s", opt.folder, name);
}

static void
print_file(FILE *out, const char *path)
{
	char line[512];
	FILE *f = fopen(path, "r");

	for (int i = 0; f != NULL && i < 60; i++) {
		if (fgets(line, sizeof line, f) == NULL)
			break;
		fprintf(out, "    %s", line);
	}
	if (f != NULL)
		fclose(f);
}

/* Every file of the folder goes; what a sanitizer wrote is a failure. */
static void
sweep(struct run *r)
{
	DIR *dir = opendir(opt.folder);
	char path[PATH_MAX];

	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
		if (e->d_name[0] == '.')
			continue;
		report_path(path, e->d_name);
		if (r != NULL && strncmp(e->d_name, "report", 6) == 0) {
			fail(r, "a sanitizer's report");
			print_file(r->log, path);
		}
		unlink(path);
	}
	if (dir != NULL)
		closedir(dir);
}

static void
set_sanitizers(void)
{
	char options[512], path[PATH_MAX];

	report_path(path, "report");
	snprintf(options, sizeof options,
	    "log_path=%.100s:exitcode=99:print_stacktrace=1:detect_leaks=1:"
	    "detect_stack_use_after_return=1:handle_segv=2:handle_abort=2:"
	    "handle_sigbus=2:handle_sigfpe=2:handle_sigill=2",
	    path);
	setenv("ASAN_OPTIONS", options, 1);
	setenv("UBSAN_OPTIONS", options, 1);
}

/* ---- a run ---- */

static int
expand(char *out, size_t size, const char *word)
{
	switch (word[0]) {
	case '@':
		return snprintf(out, size, "%s/%s", opt.streams, word + 1);
	case '%':
		return snprintf(out, size, "%s/%s", opt.folder, word + 1);
	default:
		return snprintf(out, size, "%s", word);
	}
}

/* The program, and the words of a line, which stay in `words`. */
static void
arguments(char *argv[ARGS], char words[WORDS], const char *line)
{
	char text[256], *save = NULL, *word;
	size_t at;
	int n = 0;

	snprintf(text, sizeof text, "%s", line);
	at = 1 + (size_t)snprintf(words, WORDS, "%s/lockstep", opt.build);
	argv[n++] = words;
	for (word = strtok_r(text, " ", &save); word != NULL && n < ARGS - 1;
	     word = strtok_r(NULL, " ", &save)) {
		argv[n++] = words + at;
		at += 1 + (size_t)expand(words + at, WORDS - at, word);
	}
	argv[n] = NULL;
}

static void
open_run(struct run *r)
{
	char words[WORDS], input[PATH_MAX], *argv[ARGS];
	struct stage_job job = {.argv = argv};

	r->scene = &scenes[(r->number + opt.seed) % nscenes];
	r->term = scene_terms[dice_below(&r->dice, nscene_terms)];
	arguments(argv, words, r->scene->line);
	draw_size(r, &job.rows, &job.cols);
	job.term = r->term;
	job.locale = "C.UTF-8";
	if (r->scene->input != NULL) {
		snprintf(
		    input, sizeof input, "%s/%s", opt.streams, r->scene->input);
		job.input = input;
	}
	note(r, "size %dx%d", job.cols, job.rows);
	stage_open(&r->stage, &job);
	r->stage.watch.ascii = r->scene->ascii;
	r->stage.watch.echo = r->scene->search;
	if (r->stage.trouble[0] != '\0')
		fail(r, "%s", r->stage.trouble);
	check(r);
}

static void
complain(struct run *r)
{
	char last[WATCH_LAST], text[4 * WATCH_LAST + 1];

	keys_print(text, last, watch_last(&r->stage.watch, last));
	printf("not ok - monkey: lockstep %s, TERM=%s: %s\n", r->scene->line,
	    r->term, r->failure);
	printf("    again: monkey --seed %" PRIu64 " --run %u\n", opt.seed,
	    r->number);
	printf("%s    it wrote last: \"%s\"\n", r->lines, text);
}

/* How many keys were pressed; -1: it failed. */
static int
play(unsigned number)
{
	struct run r = {.number = number, .dice = dice_of(opt.seed, number)};
	bool failed;
	int signal;

	r.log = open_memstream(&r.lines, &r.size);
	if (r.log == NULL)
		err(1, "memory");
	open_run(&r);
	while (goes_on(&r) && r.keys < KEYS_A_RUN)
		act(&r);
	probe(&r);
	signal = goes_on(&r) ? leave(&r) : 0;
	if (r.stage.ended)
		check_end(&r, signal);
	stage_close(&r.stage);
	sweep(&r);
	fclose(r.log);
	failed = r.failure[0] != '\0';
	if (failed)
		complain(&r);
	else if (opt.verbose)
		printf("run %u: lockstep %s, TERM=%s\n%s", number,
		    r.scene->line, r.term, r.lines);
	fflush(stdout);
	free(r.lines);
	return failed ? -1 : (int)r.keys;
}

static int
play_all(void)
{
	unsigned keys = 0, runs = 0, failures = 0;

	if (opt.only >= 0) {
		opt.verbose = true;
		return play((unsigned)opt.only) < 0;
	}
	while (keys < opt.keys && failures < FAILURES) {
		int pressed = play(runs++);

		if (pressed < 0)
			failures++;
		else
			keys += (unsigned)pressed;
	}
	printf("%s - monkey: %u keys in %u runs, seed %" PRIu64 "\n",
	    failures > 0 ? "not ok" : "ok", keys, runs, opt.seed);
	return failures > 0;
}

static void
parse(int argc, char **argv)
{
	static const struct option options[] = {
	    {"keys", required_argument, NULL, 'k'},
	    {"seed", required_argument, NULL, 's'},
	    {"run", required_argument, NULL, 'r'},
	    {"verbose", no_argument, NULL, 'v'}, {NULL, 0, NULL, 0}};

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 'k')
			opt.keys = (unsigned)atol(optarg);
		else if (c == 's')
			opt.seed = strtoull(optarg, NULL, 10);
		else if (c == 'r')
			opt.only = atoi(optarg);
		else if (c == 'v')
			opt.verbose = true;
		else
			exit(2);
	}
	if (argc - optind != 2)
		errx(2, "usage: monkey [OPTION...] BUILD STREAMS");
	opt.build = realpath(argv[optind], NULL);
	if (opt.build == NULL)
		err(2, "%s", argv[optind]);
	opt.streams = realpath(argv[optind + 1], NULL);
	if (opt.streams == NULL)
		err(2, "%s", argv[optind + 1]);
}

int
main(int argc, char **argv)
{
	int failed;

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		errx(1, "there is no locale C.UTF-8");
	parse(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	snprintf(opt.folder, sizeof opt.folder, "/tmp/monkey-XXXXXX");
	if (mkdtemp(opt.folder) == NULL)
		err(1, "%s", opt.folder);
	/* Where the program leaves its pictures, which are swept up. */
	if (chdir(opt.folder) != 0)
		err(1, "%s", opt.folder);
	set_sanitizers();
	failed = play_all();
	sweep(NULL);
	rmdir(opt.folder);
	return failed;
}
