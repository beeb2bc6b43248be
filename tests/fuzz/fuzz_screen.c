/*
 * fuzz_screen: frames, keys, sizes and the like from the fuzzer's bytes into
 * the dashboard, as it stands but for its terminal and its clock; and what
 * came of them into the reports (script.h). Built with -fsanitize=fuzzer.
 */
#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "ask.h"
#include "dashboard/dashboard.h"
#include "must.h"
#include "reports.h"
#include "script.h"
#include "shape.h"
#include "stream/stream_priv.h"
#include "term/terminal.h"
#include "terminal.h"
#include "world.h"

#define TURNS     400    /* of one input */
#define CELLS     300000 /* drawn for one input, more or less */
#define FRAMES    4096   /* of one input */
#define BATCH     8      /* frames in a turn */
#define LEAVE     16     /* turns that a key to leave may take */
#define IDLE      4      /* turns without anything to do */
#define FRAME_NS  20000000ULL
#define PIPE_SIZE (1 << 20)

int LLVMFuzzerInitialize(int *, char ***);
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The input, and how far it is played. */
static struct {
	const uint8_t *at, *end;
	struct stream *stream;
	int frames;  /* where they go to, -1: nowhere any more */
	int control; /* where commands come from, -1: nowhere */
	int all;     /* a file of all of them, -1: not to be written */
	unsigned turns, nframes, stretch, after;
	uint32_t seq;
	uint64_t ns;
} in;

static unsigned
byte(void)
{
	return in.at < in.end ? *in.at++ : 0;
}

static unsigned
two_bytes(void)
{
	unsigned low = byte();

	return byte() << 8 | low;
}

static size_t
some_bytes(const uint8_t **bytes)
{
	size_t left, n = byte();

	left = (size_t)(in.end - in.at);
	if (n > left)
		n = left;
	*bytes = in.at;
	in.at += n;
	return n;
}

/* ---- frames ---- */

static void
send_bytes(const void *bytes, size_t n)
{
	if (in.all >= 0)
		MUST(write(in.all, bytes, n) == (ssize_t)n);
	if (in.frames >= 0 && write(in.frames, bytes, n) < 0)
		MUST(errno == EAGAIN);
}

static void
send_frames(struct frame *f, int n, bool stamp)
{
	for (int i = 0; i < n && in.nframes < FRAMES; i++, in.nframes++) {
		if (stamp) {
			f[i].version = FRAME_VERSION;
			f[i].seq = in.seq++;
			f[i].ns = in.ns += FRAME_NS;
		} else if (f[i].ns > in.ns)
			in.ns = f[i].ns;
		send_bytes(&f[i], sizeof f[i]);
	}
}

static void
send_made(unsigned n)
{
	struct frame f[FRAME_TEXT_PARTS];
	unsigned type = byte(), seed = two_bytes();

	for (unsigned i = 0; i < n; i++)
		send_frames(
		    f, shape_make(f, type, (uint64_t)seed << 16 | i), true);
}

static void
send_text(void)
{
	struct frame f[FRAME_TEXT_PARTS];
	enum frame_text kind = (enum frame_text)byte();
	unsigned index = byte();
	char text[256];
	const uint8_t *bytes;
	size_t n = some_bytes(&bytes);

	memcpy(text, bytes, n);
	text[n] = '\0';
	send_frames(f, frame_from_text(f, kind, index, text), true);
}

static void
send_begin(void)
{
	struct frame f[FRAME_TEXT_PARTS];

	send_frames(f, shape_begin(f, byte()), true);
}

/* The engine obeys its last command, or refuses it. */
static void
send_answer(void)
{
	static const int results[] = {
	    0, 0, 0, -EBUSY, -EAGAIN, -ENOTSUP, -ESRCH, -EINVAL, INT32_MIN, 1};
	struct frame f = {.type = FRAME_CONTROL,
	    .control = {.ack = in.stream != NULL ? in.stream->commands : 0,
		.start = 1,
		.speed = 1000,
		.processes = 2,
		.threads = 2}};

	f.control.result =
	    results[byte() % (sizeof results / sizeof results[0])];
	send_frames(&f, 1, true);
}

static void
send_frame(void)
{
	struct frame f;

	memcpy(&f, in.at, sizeof f);
	in.at += sizeof f;
	shape_mend(&f);
	send_frames(&f, 1, false);
}

static bool
is_frame(void)
{
	return in.end - in.at >= FRAME_SIZE && in.at[1] == FRAME_VERSION;
}

/* ---- acts ---- */

static void
end_frames(void)
{
	if (in.frames >= 0)
		close(in.frames);
	in.frames = -1;
}

static void
send_signal(unsigned which)
{
	static const int signals[] = {
	    SIGWINCH, SIGCONT, SIGTSTP, SIGTERM, SIGINT, SIGHUP, SIGQUIT};

	world_signal(signals[which % (sizeof signals / sizeof signals[0])]);
}

/* Small ones exactly, up to 300. */
static int
length_of(unsigned b)
{
	return (int)(b < 200                ? b
		: 200 + (b - 200) * 2 < 300 ? 200 + (b - 200) * 2
					    : 300);
}

static void
resize(void)
{
	int rows = length_of(byte());
	int cols = length_of(byte());

	fake_terminal_size(rows, cols);
	world_signal(SIGWINCH);
}

/* Those that are about the screen. */
static void
play(unsigned act)
{
	const uint8_t *bytes;
	unsigned code;
	size_t n;

	switch (act) {
	case ACT_KEY:
		code = two_bytes();
		fake_terminal_key((int)(byte() << 16 | code));
		break;
	case ACT_SIZE:
		resize();
		break;
	case ACT_END:
		end_frames();
		break;
	case ACT_SIGNAL:
		send_signal(byte());
		break;
	case ACT_TIME:
		world_pass(byte() * 100000000ULL);
		break;
	case ACT_HANG_UP:
		fake_terminal_hang_up();
		break;
	case ACT_STRETCH:
		in.stretch = byte();
		break;
	case ACT_STALL:
		fake_terminal_stall(byte() & 1);
		break;
	case ACT_TYPE:
		n = some_bytes(&bytes);
		fake_terminal_bytes(bytes, n);
		break;
	default:
		if (act < 0x80)
			fake_terminal_key((int)act);
		else if (act < ACT_KEY)
			fake_terminal_key(TERMINAL_UP + (int)(act - 0x80));
	}
}

/* Those that are about the stream; false if it is none of them. */
static bool
feed(unsigned act)
{
	const uint8_t *bytes;
	size_t n;

	switch (act) {
	case ACT_FRAME:
		send_made(1);
		break;
	case ACT_FRAMES:
		send_made(byte());
		break;
	case ACT_ANSWER:
		send_answer();
		break;
	case ACT_BYTES:
		n = some_bytes(&bytes);
		send_bytes(bytes, n);
		break;
	case ACT_TEXT:
		send_text();
		break;
	case ACT_BEGIN:
		send_begin();
		break;
	default:
		return false;
	}
	return true;
}

/* One of what the input is made of; `screen`: else only the stream's. */
static void
step(bool screen)
{
	static const unsigned char arguments[256] = {[ACT_KEY] = 3,
	    [ACT_SIZE] = 2,
	    [ACT_SIGNAL] = 1,
	    [ACT_TIME] = 1,
	    [ACT_STRETCH] = 1,
	    [ACT_STALL] = 1};
	unsigned act;

	if (is_frame()) {
		send_frame();
		return;
	}
	act = byte();
	if (feed(act))
		return;
	if (screen) {
		play(act);
		return;
	}
	for (unsigned i = act == ACT_TYPE ? byte() : arguments[act]; i > 0; i--)
		byte();
}

/* ---- the dashboard's turns ---- */

static void
check_commands(void)
{
	struct frame f;

	while (in.control >= 0 && read(in.control, &f, sizeof f) > 0)
		MUST(f.type == FRAME_COMMAND && frame_check(&f) == FRAME_OK);
}

/* It has nothing to do and knows it; then it leaves as soon as it may. */
static void
leave(void)
{
	static uint64_t idle;

	if (in.after == 0) {
		idle = world_idle();
		fake_terminal_stall(false);
	}
	in.after++;
	if (in.after == IDLE) {
		MUST(world_idle() > idle);
		fake_terminal_key(TERMINAL_F10);
	}
	MUST(in.after < IDLE + LEAVE);
}

static void
turn(void *arg)
{
	(void)arg;
	check_commands();
	in.turns++;
	if (in.at == in.end || in.turns > TURNS ||
	    fake_terminal_shown() > CELLS) {
		leave();
		return;
	}
	in.stretch = is_frame() ? BATCH - 1 : 0;
	do
		step(true);
	while (in.at < in.end && in.stretch-- > 0);
}

/* ---- one input ---- */

static void
open_pipe(bool engine)
{
	int frames[2], control[2];

	in.stream = stream_new(engine ? &engine_ops : NULL);
	MUST(in.stream != NULL);
	MUST(pipe2(frames, O_NONBLOCK | O_CLOEXEC) == 0);
	fcntl(frames[1], F_SETPIPE_SZ, PIPE_SIZE);
	in.stream->fd = frames[0];
	in.frames = frames[1];
	if (!engine)
		return;
	MUST(pipe2(control, O_NONBLOCK | O_CLOEXEC) == 0);
	in.stream->engine.control = control[1];
	in.control = control[0];
}

/* Its frames come first; the keys are for when it is played. */
static void
open_recording(void)
{
	const uint8_t *at = in.at;
	char path[64];

	while (in.at < in.end)
		step(false);
	in.at = at;
	snprintf(path, sizeof path, "/proc/self/fd/%d", in.all);
	MUST(stream_open_recording(&in.stream, path) == 0);
	in.all = -1;
}

static void
close_stream(void)
{
	end_frames();
	if (in.control >= 0) {
		close(in.control);
		close(in.stream->engine.control);
	}
	if (in.stream->replay == NULL)
		close(in.stream->fd);
	/* There is no process to be stopped. */
	in.stream->ops = NULL;
	stream_close(in.stream, NULL);
}

static void
show(struct model *m, unsigned flags)
{
	const struct dashboard_options options = {
	    .ascii = (flags & ASCII) != 0, .predict = (flags & PREDICTS) != 0};
	struct predict guess = {.state = PREDICT_HIDES};
	const char *call;

	fake_terminal_start(true, (flags & NO_LAST) != 0);
	world_start(turn, NULL);

	MUST(dashboard_run(m, in.stream, &options, &guess, &call) >= 0);
	check_commands();
	ask_model(m);
	reports_check(m, stream_trouble(in.stream), &guess);
	world_end();
	fake_terminal_end();
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	MUST(setlocale(LC_ALL, "C.UTF-8") != NULL && wcwidth(0x6f22) == 2);
	setlocale(LC_NUMERIC, "C");
	signal(SIGPIPE, SIG_IGN);
	reports_start();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct model *m;
	static int all = -1;

	if (m == NULL) {
		m = model_new();
		all = memfd_create("frames", MFD_CLOEXEC);
	}
	MUST(m != NULL && all >= 0 && ftruncate(all, 0) == 0);
	model_reset(m);
	MUST(lseek(all, 0, SEEK_SET) == 0);
	memset(&in, 0, sizeof in);
	in.at = data;
	in.end = data + size;
	in.frames = in.control = -1;
	in.all = all;

	unsigned flags = byte();

	if (flags & IS_RECORDING)
		flags &= ~(unsigned)NO_BEGIN;
	else
		open_pipe((flags & IS_FD) == 0);
	if ((flags & NO_BEGIN) == 0 && !is_frame())
		send_begin();
	if (flags & IS_RECORDING)
		open_recording();
	show(m, flags);
	close_stream();
	if (flags & PLAIN) {
		world_start(NULL, NULL);
		reports_plain(all);
		world_end();
	}
	return 0;
}
