/*
 * mkcorpus: write the fuzzer's first inputs into a folder.
 *
 *   mkcorpus FOLDER
 *
 * One per scenario: its first frames and its last, and the same with a dent;
 * and one with a frame of every type.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "streamgen.h"

#define HEAD 24 /* frames */
#define TAIL 24

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
	    FRAME_QUEUE, FRAME_SUM, FRAME_LOCK, FRAME_CONTROL, FRAME_FIFO,
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
		if (type[i] == FRAME_FIFO)
			f->fifo.index = FRAME_MAX_OBJECTS;
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

int
main(int argc, char **argv)
{
	if (argc != 2)
		errx(2, "usage: mkcorpus FOLDER");
	for (int i = 0; streamgen_scenarios[i] != NULL; i++)
		write_scenario(argv[1], streamgen_scenarios[i]);
	write_types(argv[1]);
	return 0;
}
