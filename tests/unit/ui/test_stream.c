/*
 * test_stream: engines, descriptors and recordings. The engine is this very
 * program: see fakeengine.h.
 */
#include "stream/stream.h"

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export/headless.h"
#include "fakeengine.h"
#include "stream/recording.h"
#include "streamgen.h"
#include "suite.h"
#include "term/signals.h"

#define SECOND 1000000000LL

static char file[] = "/tmp/lockstep-stream-XXXXXX";

static void
make_file(void)
{
	int fd = mkstemp(file);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void
remove_file(void)
{
	unlink(file);
}

/* All that was written to the file, NUL-terminated; static. */
static const char *
file_text(size_t *size)
{
	static char text[1 << 20];
	FILE *f = fopen(file, "r");

	ck_assert_ptr_ne(f, NULL);

	size_t n = fread(text, 1, sizeof text - 1, f);

	fclose(f);
	text[n] = '\0';
	if (size != NULL)
		*size = n;
	return text;
}

static void
errors_to_file(void)
{
	int fd = open(file, O_WRONLY | O_TRUNC);

	ck_assert_int_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	close(fd);
}

static int
start(struct stream **s, const char *how)
{
	char word[32];
	char *args[] = {word, NULL};

	snprintf(word, sizeof word, "%s", how);
	setenv("LOCKSTEP_ENGINE", "/proc/self/exe", 1);
	return stream_open_engine(s, args);
}

static struct stream *
started(const char *how)
{
	struct stream *s = NULL;

	ck_assert_int_eq(start(&s, how), 0);
	ck_assert_ptr_ne(s, NULL);
	return s;
}

/* Pump until `done`; the test's own deadline is the limit. */
static void
pump_until(struct stream *s, struct model *m,
    bool (*done)(const struct stream *, const struct model *))
{
	while (!done(s, m)) {
		struct pollfd p[4];
		int timeout, n = stream_pollfds(s, p, &timeout);

		poll(p, (nfds_t)n, timeout);
		stream_pump(s, m, 1000, false);
	}
}

static bool
run_over(const struct stream *s, const struct model *m)
{
	(void)s;
	return m->ended;
}

static bool
bytes_over(const struct stream *s, const struct model *m)
{
	(void)m;
	return stream_ended(s);
}

static bool
second_run_over(const struct stream *s, const struct model *m)
{
	(void)s;
	return m->ended && m->runs == 2;
}

/* Engines. */

START_TEST(an_engine_runs)
{
	struct streamgen g = {0};
	struct model *m = model_new();
	struct stream *s = started("killed");

	ck_assert(stream_steers(s));
	ck_assert(stream_recording(s) == NULL);
	pump_until(s, m, run_over);
	streamgen_scenario(&g, "killed", 0);
	ck_assert_uint_eq(m->frames, g.n);
	ck_assert_int_eq(model_ledger(m), LEDGER_HOLDS);
	ck_assert_ptr_eq(stream_trouble(s), NULL);
	ck_assert_int_eq(stream_close(s, NULL), 0);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(an_engine_refuses)
{
	static const struct {
		const char *how, *line;
		int status;
	} row[] = {
	    {"usage", "--threads: 0 is not 1 to 8192\n", 2},
	    {"mute", "the engine exited before it sent HELLO (status 0)\n", 3},
	};
	struct stream *s = NULL;

	errors_to_file();
	ck_assert_int_eq(start(&s, row[_i].how), row[_i].status);
	ck_assert_ptr_eq(s, NULL);
	ck_assert_ptr_ne(strstr(file_text(NULL), row[_i].line), NULL);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(an_engine_is_missing)
{
	char *args[] = {NULL};
	struct stream *s = NULL;

	errors_to_file();
	setenv("LOCKSTEP_ENGINE", "/nonexistent/engine", 1);
	ck_assert_int_eq(stream_open_engine(&s, args), 3);
	ck_assert_str_eq(file_text(NULL),
	    "lockstep: cannot start /nonexistent/engine: "
	    "No such file or directory\n");
}
END_TEST

START_TEST(an_engine_dies)
{
	struct model *m = model_new();
	struct stream *s = started("die");

	pump_until(s, m, bytes_over);
	ck_assert(!m->ended);
	ck_assert(!stream_steers(s));
	ck_assert_str_eq(
	    stream_trouble(s), "the engine was killed by signal 9");
	ck_assert_str_eq(model_log_line(m, 0)->text, stream_trouble(s));
	ck_assert(m->broken);
	ck_assert_double_eq(m->tasks_per_s, 0);
	ck_assert_uint_eq(model_left(m), 0);

	int status = stream_close(s, NULL);

	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
	model_free(m);
}
END_TEST

static bool
logged_first_line(const struct stream *s, const struct model *m)
{
	(void)s;
	for (unsigned i = 0; model_log_line(m, i) != NULL; i++) {
		if (strcmp(model_log_line(m, i)->text, "first line") == 0)
			return m->ended;
	}
	return false;
}

START_TEST(what_an_engine_says_is_kept)
{
	struct streamgen g = {0};
	struct model *m = model_new();
	struct stream *s = started("chatty");
	FILE *f = fopen(file, "w");

	pump_until(s, m, logged_first_line);
	streamgen_scenario(&g, "hybrid", 0);
	ck_assert_uint_eq(m->frames, g.n);
	ck_assert_int_eq(stream_close(s, f), 0);
	fclose(f);
	ck_assert_str_eq(file_text(NULL), "first line\nsecond ?[2J\n");
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(an_engine_obeys)
{
	struct model *m = model_new();
	struct stream *s = started("patient");

	ck_assert_int_eq(stream_command(s, COMMAND_PAUSE, 1), 0);
	ck_assert_int_eq(stream_command(s, COMMAND_STOP, 0), 0);
	pump_until(s, m, run_over);
	ck_assert_uint_eq(m->bye.outcome, OUTCOME_STOPPED);
	ck_assert_int_eq(stream_close(s, NULL), 0);
	model_free(m);
}
END_TEST

START_TEST(an_engine_restarts)
{
	struct model *m = model_new();
	struct stream *s = started("hybrid");

	pump_until(s, m, run_over);
	ck_assert_int_eq(stream_command(s, COMMAND_RESTART, 0), 0);
	pump_until(s, m, second_run_over);
	ck_assert_int_eq(stream_close(s, NULL), 0);
	model_free(m);
}
END_TEST

START_TEST(an_engine_that_stays_is_killed)
{
	struct model *m = model_new();
	struct stream *s = started("stubborn");
	FILE *f = fopen(file, "w");

	pump_until(s, m, run_over);
	ck_assert_int_eq(stream_close(s, f), 0);
	fclose(f);
	ck_assert_ptr_ne(strstr(file_text(NULL), "did not exit"), NULL);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	model_free(m);
}
END_TEST

START_TEST(a_signal_stops_the_engine)
{
	struct model *m = model_new();
	struct stream *s = started("patient");
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGTERM); /* waits for headless_run to ask */
	ck_assert_int_eq(headless_run(m, s, NULL, NULL), 128 + SIGTERM);
	ck_assert(m->ended);
	ck_assert_uint_eq(m->bye.outcome, OUTCOME_STOPPED);
	ck_assert_int_eq(stream_close(s, NULL), 0);
	model_free(m);
}
END_TEST

START_TEST(settling_ends_the_run)
{
	struct model *m = model_new();
	struct stream *s = started("patient");

	headless_settle(m, s, 30000);
	ck_assert(m->ended);
	ck_assert_int_eq(stream_close(s, NULL), 0);
	model_free(m);
}
END_TEST

/* Without a screen there is nobody to look at a program that hangs. */
START_TEST(a_program_that_hangs_is_stopped)
{
	struct model *m = model_new();
	struct stream *s = started("hang");

	ck_assert_int_eq(headless_run(m, s, NULL, NULL), 0);
	ck_assert(m->ended && model_hung(m));
	ck_assert_int_eq(stream_close(s, NULL), 0);
	model_free(m);
}
END_TEST

START_TEST(a_recording_holds_every_byte)
{
	struct streamgen g = {0};
	struct model *m = model_new();
	struct stream *s = started("killed");
	size_t size;

	ck_assert_int_eq(stream_record(s, file), 0);
	pump_until(s, m, run_over);
	stream_close(s, NULL);
	streamgen_scenario(&g, "killed", 0);

	const char *bytes = file_text(&size);

	ck_assert_uint_eq(size, g.n * FRAME_SIZE);
	ck_assert_mem_eq(bytes, g.frame, size);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(a_full_disk_ends_only_the_recording)
{
	struct model *m = model_new();
	struct stream *s = started("hybrid");
	FILE *f = fopen(file, "w");

	ck_assert_int_eq(stream_record(s, "/dev/full"), 0);
	pump_until(s, m, run_over);
	ck_assert_int_eq(model_ledger(m), LEDGER_HOLDS);
	ck_assert(stream_record_end(s));
	ck_assert_int_eq(stream_close(s, f), 0);
	fclose(f);
	ck_assert_str_eq(file_text(NULL),
	    "lockstep: the recording /dev/full ends here: "
	    "No space left on device\n");
	errors_to_file();
	s = started("hybrid");
	ck_assert_int_eq(stream_record(s, "/nonexistent/file"), 3);
	stream_close(s, NULL);
	model_free(m);
}
END_TEST

/* Descriptors. */

START_TEST(a_descriptor_never_blocks)
{
	struct streamgen g = {0};
	struct model *m = model_new();
	struct stream *s = NULL;
	int fd[2];
	const char *p;
	size_t size, step = 700;

	streamgen_scenario(&g, "lost", 0);
	p = (const char *)g.frame;
	size = g.n * FRAME_SIZE;
	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(write(fd[1], p, FRAME_SIZE), FRAME_SIZE);
	ck_assert_int_eq(stream_open_fd(&s, fd[0]), 0);
	ck_assert(stream_pump(s, m, 100, false));  /* the HELLO */
	ck_assert(!stream_pump(s, m, 100, false)); /* nothing there */
	for (size_t at = FRAME_SIZE; at < size; at += step) {
		size_t n = size - at < step ? size - at : step;

		ck_assert_int_eq(write(fd[1], p + at, n), (ssize_t)n);
		stream_pump(s, m, 5, false);
		while (stream_pump(s, m, 5, false))
			continue;
	}
	ck_assert(!stream_ended(s));
	ck_assert_uint_eq(m->frames, g.n);
	ck_assert_int_eq(stream_command(s, COMMAND_STOP, 0), -ENOTSUP);
	ck_assert(!stream_steers(s));
	close(fd[1]);
	stream_pump(s, m, 5, false);
	ck_assert(stream_ended(s));
	ck_assert_ptr_eq(stream_trouble(s), NULL);
	ck_assert_int_eq(stream_close(s, NULL), 0);
	ck_assert_int_ne(fcntl(fd[0], F_GETFD), -1); /* still the caller's */
	model_free(m);
	streamgen_free(&g);
}
END_TEST

/* Text that somebody piped in: its end, or 64 KiB, is enough to know. */
START_TEST(a_descriptor_without_a_stream)
{
	static char text[64 * 1024];
	size_t size = _i == 0 ? 1000 : sizeof text;
	struct stream *s = NULL;
	int fd[2];

	errors_to_file();
	memset(text, 'x', sizeof text);
	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(write(fd[1], text, size), (ssize_t)size);
	if (_i == 0)
		close(fd[1]);
	ck_assert_int_eq(stream_open_fd(&s, fd[0]), 2);
	ck_assert_ptr_eq(s, NULL);
	ck_assert_ptr_ne(strstr(file_text(NULL), "no HELLO frame"), NULL);
}
END_TEST

/* Recordings. */

static void
write_file(const void *p, size_t size)
{
	FILE *f = fopen(file, "w");

	ck_assert_uint_eq(fwrite(p, 1, size, f), size);
	fclose(f);
}

static struct stream *
recording(struct streamgen *g, const char *scenario)
{
	struct stream *s = NULL;

	streamgen_scenario(g, scenario, 0);
	write_file(g->frame, g->n * FRAME_SIZE);
	ck_assert_int_eq(stream_open_recording(&s, file), 0);
	return s;
}

START_TEST(a_recording_plays_at_once)
{
	struct streamgen g = {0};
	struct model *m = model_new();
	struct stream *s = recording(&g, "killed");

	ck_assert_ptr_nonnull(stream_recording(s));
	ck_assert_ptr_eq(stream_trouble(s), NULL);
	ck_assert_uint_eq(recording_length(stream_recording(s)),
	    g.frame[g.n - 1].ns - g.frame[0].ns);
	ck_assert(!stream_ended(s));
	ck_assert(stream_pump(s, m, 1, true));
	ck_assert(stream_ended(s));
	ck_assert_uint_eq(m->frames, g.n);
	ck_assert_uint_eq(recording_at(stream_recording(s)),
	    recording_length(stream_recording(s)));
	ck_assert(!stream_pump(s, m, 1, true));
	ck_assert_int_eq(stream_close(s, NULL), 0);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

/* How many frames are due at `at` ns. */
static uint64_t
frames_at(const struct streamgen *g, uint64_t at)
{
	uint64_t n = 0;

	while (n < g->n && g->frame[n].ns - g->frame[0].ns <= at)
		n++;
	return n;
}

START_TEST(a_recording_seeks)
{
	static const int64_t step[] = {5 * SECOND, -3 * SECOND, 100, -1,
	    1000 * SECOND, -1 * SECOND, -1000 * SECOND, 0, INT64_MAX, INT64_MIN,
	    SECOND / 7};
	struct streamgen g = {0};
	struct model *m = model_new();
	struct stream *s = recording(&g, "killed");
	int64_t at = 0, length = (int64_t)recording_length(stream_recording(s));

	recording_set_pace(stream_recording(s), 1, true);
	for (unsigned i = 0; i < sizeof step / sizeof step[0]; i++) {
		recording_seek(stream_recording(s), m, step[i]);
		if (step[i] > length - at)
			at = length;
		else
			at = step[i] < -at ? 0 : at + step[i];
		ck_assert_uint_eq(recording_at(stream_recording(s)), at);
		ck_assert_uint_eq(m->frames, frames_at(&g, (uint64_t)at));
		ck_assert_uint_eq(m->dropped, 0);
		ck_assert_uint_eq(
		    stream_now(s, m), g.frame[0].ns + (uint64_t)at);
		ck_assert_int_eq(stream_ended(s), at == length);
	}
	stream_close(s, NULL);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(a_recording_keeps_its_pace)
{
	struct streamgen g = {0};
	struct model *m = model_new();
	struct stream *s = recording(&g, "hybrid");
	struct pollfd p[4];
	bool paused;
	int timeout;

	recording_set_pace(stream_recording(s), 0.001, false);
	stream_pump(s, m, 1000, false);
	ck_assert_uint_le(
	    m->frames, frames_at(&g, recording_at(stream_recording(s))));
	ck_assert_uint_lt(recording_at(stream_recording(s)),
	    recording_length(stream_recording(s)));
	ck_assert_int_eq(stream_pollfds(s, p, &timeout), 0);
	ck_assert_int_ge(timeout, 0);
	recording_set_pace(stream_recording(s), 1, true);
	stream_pump(s, m, 10000, false);
	ck_assert_uint_le(
	    m->frames, frames_at(&g, recording_at(stream_recording(s))));
	ck_assert_uint_lt(m->frames, g.n);
	stream_pollfds(s, p, &timeout);
	ck_assert_int_eq(timeout, -1); /* paused: no need to ask again */
	ck_assert_double_eq(recording_pace(stream_recording(s), &paused), 1);
	ck_assert(paused);
	recording_set_pace(stream_recording(s), 1000, false);
	pump_until(s, m, bytes_over); /* 16 ms */
	ck_assert_uint_eq(m->frames, g.n);
	stream_pollfds(s, p, &timeout);
	ck_assert_int_eq(timeout, -1);
	stream_close(s, NULL);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(a_spoilt_recording_says_where)
{
	struct streamgen g = {0};
	struct model *m = model_new();
	struct stream *s = NULL;
	char what[160] = "";
	size_t n;

	streamgen_scenario(&g, "hybrid", 0);
	n = g.n;
	switch (_i) {
	case 0: /* cut off between two frames */
		write_file(g.frame, 500 * FRAME_SIZE);
		strcpy(what, "the recording stops before the run ended");
		n = 500;
		break;
	case 1: /* in the middle of one */
		write_file(g.frame, 500 * FRAME_SIZE + 10);
		strcpy(what,
		    "the recording ends in the middle of frame 501 "
		    "(byte 32010)");
		n = 500;
		break;
	case 2: /* a frame is damaged */
		g.frame[300].version = 0;
		write_file(g.frame, g.n * FRAME_SIZE);
		strcpy(what,
		    "the recording is damaged in the frame at byte 19200: "
		    "64 bytes skipped");
		n = g.n - 1;
		break;
	case 3: /* its end is */
		memset(&g.frame[g.n - 1], 0, FRAME_SIZE);
		write_file(g.frame, g.n * FRAME_SIZE);
		snprintf(what, sizeof what,
		    "the recording is damaged in the frame at byte %zu: 64 "
		    "bytes skipped; "
		    "it stops before the run ended",
		    (g.n - 1) * FRAME_SIZE);
		n = g.n - 1;
		break;
	case 4: /* a stamp from far away */
		g.frame[300].ns = UINT64_MAX / 2;
		write_file(g.frame, g.n * FRAME_SIZE);
		break;
	}
	ck_assert_int_eq(stream_open_recording(&s, file), 0);
	if (what[0] != '\0')
		ck_assert_str_eq(stream_trouble(s), what);
	else
		ck_assert_ptr_eq(stream_trouble(s), NULL);
	ck_assert_int_eq(stream_damaged(s), _i == 2 || _i == 3);
	recording_seek(stream_recording(s), m, INT64_MAX);
	ck_assert(stream_ended(s));
	ck_assert_uint_eq(m->frames, n);
	ck_assert_uint_le(recording_length(stream_recording(s)), 20 * SECOND);
	stream_close(s, NULL);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

/*
 * Where a stream ends is seen whatever number of frames is taken in at once:
 * as lines, as one report, by a dashboard.
 */
static const size_t lengths[] = {1, 2, 255, 256, 257, 511, 512, 1024, 4095,
    4096, 4097, 8191, 8192, 65535, 65536, 65537, 131072};

#define LENGTHS (int)(sizeof lengths / sizeof lengths[0])

/* So many frames; `torn` bytes of one more. */
static void
write_length(struct streamgen *g, size_t n, size_t torn)
{
	streamgen_hello(g, "race", 1, 1);
	while (g->n + 1 < n)
		streamgen_add(g, FRAME_SUM);
	if (n > 1)
		streamgen_add(g, FRAME_BYE);
	streamgen_add(g, FRAME_SUM); /* of which only bytes are written */
	write_file(g->frame, n * FRAME_SIZE + torn);
}

static bool
line_by_line(const struct model *m, void *arg)
{
	(void)m;
	(void)arg;
	return true;
}

/* `run` takes the stream to its end. */
static void
check_ends(struct stream *s, size_t n, size_t torn,
    void (*run)(struct model *, struct stream *))
{
	struct model *m = model_new();

	run(m, s);
	ck_assert(stream_ended(s));
	ck_assert_uint_eq(m->frames, n);
	ck_assert_int_eq(m->ended, n > 1);
	ck_assert_int_eq(stream_trouble(s) != NULL, n == 1 || torn > 0);
	ck_assert_int_eq(stream_close(s, NULL), 0);
	model_free(m);
}

static void
run_plain(struct model *m, struct stream *s)
{
	ck_assert_int_eq(headless_run(m, s, line_by_line, NULL), 0);
}

static void
run_json(struct model *m, struct stream *s)
{
	ck_assert_int_eq(headless_run(m, s, NULL, NULL), 0);
}

/* It takes in as much as this at once. */
static void
run_shown(struct model *m, struct stream *s)
{
	if (stream_recording(s) != NULL)
		recording_set_pace(stream_recording(s), 1e12, false);
	while (!stream_ended(s)) {
		struct pollfd p[4];
		int timeout, n = stream_pollfds(s, p, &timeout);

		poll(p, (nfds_t)n, timeout);
		stream_pump(s, m, 65536, false);
	}
}

static void (*const runs[])(struct model *, struct stream *) = {
    run_plain, run_json, run_shown};

START_TEST(a_recording_ends_at_any_length)
{
	for (size_t torn = 0; torn <= FRAME_SIZE / 2; torn += FRAME_SIZE / 2) {
		for (int i = 0; i < 3; i++) {
			struct streamgen g = {0};
			struct stream *s = NULL;

			write_length(&g, lengths[_i], torn);
			ck_assert_int_eq(stream_open_recording(&s, file), 0);
			check_ends(s, lengths[_i], torn, runs[i]);
			streamgen_free(&g);
		}
	}
}
END_TEST

/* From a pipe, whose other end is closed behind the last byte. */
static int
piped(void)
{
	int fd[2], in = open(file, O_RDONLY);
	char buf[5000];
	ssize_t n;

	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);
	if (fork() != 0) {
		close(fd[1]);
		close(in);
		return fd[0];
	}
	close(fd[0]);
	while ((n = read(in, buf, sizeof buf)) > 0)
		if (write(fd[1], buf, (size_t)n) != n)
			_exit(1);
	_exit(0);
}

START_TEST(a_descriptor_ends_at_any_length)
{
	for (size_t torn = 0; torn <= FRAME_SIZE / 2; torn += FRAME_SIZE / 2) {
		for (int i = 0; i < 6; i++) {
			struct streamgen g = {0};
			struct stream *s = NULL;

			write_length(&g, lengths[_i], torn);

			int fd = i < 3 ? piped() : open(file, O_RDONLY);

			ck_assert_int_eq(stream_open_fd(&s, fd), 0);
			check_ends(s, lengths[_i], torn, runs[i % 3]);
			close(fd);
			while (wait(NULL) > 0)
				continue;
			streamgen_free(&g);
		}
	}
}
END_TEST

START_TEST(no_recording)
{
	static const char *const path[] = {"/nonexistent", "/tmp", "/dev/null"};
	struct streamgen g = {0};
	struct stream *s = NULL;

	for (unsigned i = 0; i < 3; i++)
		ck_assert_int_eq(stream_open_recording(&s, path[i]), 2);
	write_file("", 0);
	ck_assert_int_eq(stream_open_recording(&s, file), 2);
	streamgen_scenario(&g, "hybrid", 0);
	write_file(g.frame + 1, 100 * FRAME_SIZE); /* no HELLO */
	ck_assert_int_eq(stream_open_recording(&s, file), 2);
	ck_assert_ptr_eq(s, NULL);
	streamgen_free(&g);
}
END_TEST

static TCase *
engines(void)
{
	TCase *t = tcase_create("engines");

	tcase_add_checked_fixture(t, make_file, remove_file);
	tcase_add_test(t, an_engine_runs);
	tcase_add_loop_test(t, an_engine_refuses, 0, 2);
	tcase_add_test(t, an_engine_is_missing);
	tcase_add_test(t, an_engine_dies);
	tcase_add_test(t, what_an_engine_says_is_kept);
	tcase_add_test(t, an_engine_obeys);
	tcase_add_test(t, an_engine_restarts);
	tcase_add_test(t, an_engine_that_stays_is_killed);
	tcase_add_test(t, a_signal_stops_the_engine);
	tcase_add_test(t, settling_ends_the_run);
	tcase_add_test(t, a_program_that_hangs_is_stopped);
	tcase_add_test(t, a_recording_holds_every_byte);
	tcase_add_test(t, a_full_disk_ends_only_the_recording);
	return t;
}

static TCase *
others(void)
{
	TCase *t = tcase_create("others");

	tcase_add_checked_fixture(t, make_file, remove_file);
	tcase_add_test(t, a_descriptor_never_blocks);
	tcase_add_loop_test(t, a_descriptor_without_a_stream, 0, 2);
	tcase_add_test(t, a_recording_plays_at_once);
	tcase_add_test(t, a_recording_seeks);
	tcase_add_test(t, a_recording_keeps_its_pace);
	tcase_add_loop_test(t, a_spoilt_recording_says_where, 0, 5);
	tcase_add_loop_test(t, a_recording_ends_at_any_length, 0, LENGTHS);
	tcase_add_loop_test(t, a_descriptor_ends_at_any_length, 0, LENGTHS);
	tcase_add_test(t, no_recording);
	return t;
}

int
main(int argc, char **argv)
{
	if (fakeengine_wanted(argc, argv))
		return fakeengine_main(argc, argv);
	signals_start();

	TCase *const cases[] = {engines(), others(), NULL};

	return suite_run("stream", cases);
}
