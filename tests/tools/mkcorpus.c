/*
 * mkcorpus: write the fuzzers' first inputs into a folder.
 *
 *   mkcorpus FOLDER [RECORDING...]
 *
 * One per scenario: its first frames and its last, and the same with a dent;
 * and one with a frame of every type. For fuzz_screen: of each recording the
 * first frames of every kind, the last, and keys; and one whose frames are made
 * up.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fuzz/script.h"
#include "streamgen.h"
#include "term/terminal.h"

#define HEAD 24 /* frames */
#define TAIL 24

#define FIRST  2 /* frames of each kind of a recording */
#define TRACES 14

static void
write_input(const char *folder, const char *name, unsigned char step,
    const struct frame *f, size_t n)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", folder, name);

	FILE *out = fopen(path, "w");

	if (out == NULL || fputc(step, out) == EOF ||
	    fwrite(f, FRAME_SIZE, n, out) != n || fclose(out) != 0)
		err(1, "%s", path);
}

static void
write_scenario(const char *folder, const char *name)
{
	struct streamgen g = {0};
	char dented[64];

	streamgen_scenario(&g, name, 0);
	memmove(g.frame + HEAD, g.frame + g.n - TAIL, TAIL * FRAME_SIZE);
	write_input(folder, name, 0, g.frame, HEAD + TAIL);
	g.frame[HEAD].version = 0;
	g.frame[HEAD + 5].text.parts = 99;
	snprintf(dented, sizeof dented, "%s-dented", name);
	write_input(folder, dented, 100, g.frame, HEAD + TAIL);
	streamgen_free(&g);
}

static void
write_types(const char *folder)
{
	static const enum frame_type type[] = {FRAME_PROC, FRAME_THREAD,
	    FRAME_ITEM_QUEUE, FRAME_SUM, FRAME_LOCK, FRAME_CONTROL, FRAME_QUEUE,
	    FRAME_MUTEX, FRAME_EXECUTOR, FRAME_FUTURE, FRAME_MEASURE,
	    FRAME_TRACE, FRAME_COMMAND, FRAME_BYE};
	struct streamgen g = {0};

	streamgen_hello(&g, "types", 1, 1);
	for (unsigned kind = 0; kind <= TEXT_RESULT; kind++)
		streamgen_text(&g, (enum frame_text)kind, kind,
		    "12 is a text that is in need of two frames");
	for (unsigned i = 0; i < sizeof type / sizeof type[0]; i++) {
		struct frame *f = streamgen_add(&g, type[i]);

		f->pid = f->tid = 7;
		if (type[i] == FRAME_CONTROL)
			f->control.speed = 1000;
		if (type[i] == FRAME_QUEUE)
			f->queue.index = FRAME_MAX_OBJECTS;
		if (type[i] == FRAME_MUTEX)
			f->mutex.index = 1;
		if (type[i] == FRAME_EXECUTOR)
			f->executor.index = 1;
		if (type[i] == FRAME_FUTURE)
			f->future.executor = 1;
		if (type[i] == FRAME_TRACE)
			f->trace.op = TRACE_GET;
		if (type[i] == FRAME_COMMAND)
			f->command.op = COMMAND_STOP;
	}
	write_input(folder, "types", 64, g.frame, g.n);
	streamgen_free(&g);
}

/* ---- of fuzz_screen ---- */

#define SPECIAL(key) (unsigned char)(0x80 + (key)-TERMINAL_UP)

static const unsigned char tour[] = {'2', 'z', 'j', SPECIAL(TERMINAL_DOWN), 'z',
    SPECIAL(TERMINAL_UP), ACT_SIZE, 10, 40, SPECIAL(TERMINAL_END), '/', 'p',
    'o', SPECIAL(TERMINAL_ENTER), 'o', SPECIAL(TERMINAL_ENTER), TERMINAL_ESCAPE,
    '3', ' ', ACT_SIZE, 30, 100, '4', SPECIAL(TERMINAL_DOWN),
    SPECIAL(TERMINAL_ENTER), '5', 'o', 'i', '7', 'x', 'm',
    SPECIAL(TERMINAL_LEFT), 't', 'a', 'D', '(', ')', SPECIAL(TERMINAL_RIGHT),
    ACT_TIME, 20, '!', '?', ACT_SIZE, 0, 0, ACT_SIZE, 3, 20,
    SPECIAL(TERMINAL_PAGE_DOWN), '1', SPECIAL(TERMINAL_TAB), ACT_SIZE, 24, 80};

static const unsigned char steering[] = {' ', 'l', ACT_ANSWER, 0, 'L',
    SPECIAL(TERMINAL_DOWN), SPECIAL(TERMINAL_ENTER), ACT_ANSWER, 4, ']', '>',
    '+', '}', 'b', 's', 'n', '1', 'N', 'u', 'U', 'c', 'k', 'y', ACT_STRETCH, 4,
    '2', 'z', 'j', 'r', 'y', 'P', '1', '2', SPECIAL(TERMINAL_ENTER), ACT_KEY,
    0x22, 0x6f, 0, ACT_STALL, 1, 'x', 't', ACT_STALL, 0, ACT_TYPE, 12, 27, '[',
    '1', ';', '5', 'A', 0xe6, 0xbc, 0xa2, 27, 'O', 'P'};

static const unsigned char end[] = {ACT_TYPE, 7, 27, '[', '2', '0', '0', '~',
    'j', ACT_TYPE, 8, 'j', 27, '[', '2', '0', '1', '~', 27, ACT_SIGNAL, 1,
    ACT_SIGNAL, 2, ACT_END};

static FILE *
open_input(const char *folder, const char *name, unsigned char flags)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s-keys", folder, name);

	FILE *out = fopen(path, "w");

	if (out == NULL || fputc(flags, out) == EOF)
		err(1, "%s", path);
	return out;
}

static void
close_input(FILE *out)
{
	fwrite(steering, 1, sizeof steering, out);
	fwrite(end, 1, sizeof end, out);
	if (fclose(out) != 0)
		err(1, "input");
}

static void
write_made(const char *folder)
{
	FILE *out = open_input(folder, "made", 0);

	for (unsigned char type = 0; type < 23; type++) {
		const unsigned char frames[] = {ACT_FRAMES, 9, type, type, 1};

		fwrite(frames, 1, sizeof frames, out);
		fwrite(tour + type, 1, sizeof tour - type, out);
	}
	close_input(out);
}

/* Its name without folder and ending. */
static void
name_of(const char *path, char name[64])
{
	const char *slash = strrchr(path, '/');

	snprintf(name, 64, "%s", slash != NULL ? slash + 1 : path);
	name[strcspn(name, ".")] = '\0';
}

/* Texts differ by what they say. */
static unsigned
kind_of(const struct frame *f)
{
	return f->type == FRAME_TEXT ? 256U + f->text.kind : f->type;
}

static size_t
read_frames(const char *path, struct frame **frame)
{
	FILE *in = fopen(path, "r");
	long size;

	if (in == NULL || fseek(in, 0, SEEK_END) != 0 || (size = ftell(in)) < 0)
		err(1, "%s", path);
	rewind(in);
	*frame = malloc((size_t)size + 1);
	if (*frame == NULL ||
	    fread(*frame, 1, (size_t)size, in) != (size_t)size)
		err(1, "%s", path);
	fclose(in);
	return (size_t)size / FRAME_SIZE;
}

/* Of each kind the first ones and the last; returns how many are left. */
static size_t
pick_frames(struct frame *frame, size_t n)
{
	unsigned seen[512] = {0}, all[512] = {0};
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		all[kind_of(&frame[i])]++;
	for (size_t i = 0; i < n; i++) {
		unsigned kind = kind_of(&frame[i]), nth = ++seen[kind];

		if (nth <= (kind == FRAME_TRACE ? TRACES : FIRST) ||
		    nth == all[kind])
			frame[kept++] = frame[i];
	}
	return kept;
}

static void
write_recording(const char *folder, const char *path, unsigned char flags)
{
	struct frame *frame;
	size_t n = read_frames(path, &frame);
	char name[64];
	FILE *out;

	n = pick_frames(frame, n);
	name_of(path, name);
	out = open_input(folder, name, flags);
	fwrite(frame, FRAME_SIZE, n / 2, out);
	fwrite(tour, 1, sizeof tour, out);
	fwrite(steering, 1, sizeof steering, out);
	fwrite(frame + n / 2, FRAME_SIZE, n - n / 2, out);
	fwrite(tour, 1, sizeof tour, out);
	close_input(out);
	free(frame);
}

int
main(int argc, char **argv)
{
	static const unsigned char flags[] = {PLAIN, IS_RECORDING, ASCII, PLAIN,
	    IS_FD | PLAIN, NO_LAST, PREDICTS | PLAIN};

	if (argc < 2)
		errx(2, "usage: mkcorpus FOLDER [RECORDING...]");
	for (int i = 0; streamgen_scenarios[i] != NULL; i++)
		write_scenario(argv[1], streamgen_scenarios[i]);
	write_types(argv[1]);
	write_made(argv[1]);
	for (int i = 2; i < argc; i++)
		write_recording(argv[1], argv[i],
		    flags[(size_t)i % (sizeof flags / sizeof flags[0])]);
	return 0;
}
