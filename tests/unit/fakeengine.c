/* fakeengine: see the header. */
#include "fakeengine.h"

#include <sys/prctl.h>

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "streamgen.h"

#define HUNG_TICKS 140 /* of the scenario: it hangs, and has no end yet */

bool
fakeengine_wanted(int argc, char **argv)
{
	return argc > 1 &&
	    (strcmp(argv[1], "--status-fd") == 0 ||
		strcmp(argv[1], "--help") == 0 ||
		strcmp(argv[1], "--list") == 0);
}

static void
put(int fd, const struct frame *f, size_t n)
{
	const char *p = (const char *)f;
	size_t left = n * FRAME_SIZE;

	while (left > 0) {
		ssize_t w = write(fd, p, left);

		if (w < 0 && errno != EINTR)
			err(1, "fakeengine");
		if (w > 0) {
			p += w;
			left -= (size_t)w;
		}
	}
}

/* The operation of the next command; 0: control has ended. */
static uint32_t
next_command(int fd)
{
	static uint32_t number;
	struct frame f;

	if (read(fd, &f, sizeof f) != (ssize_t)sizeof f)
		return 0;
	if (f.seq != ++number)
		errx(1, "fakeengine: command %u, not %u", f.seq, number);
	if (frame_check(&f) != FRAME_OK || f.type != FRAME_COMMAND)
		errx(1, "fakeengine: no command");
	return f.command.op;
}

static void
obey(int status, int control, struct streamgen *g)
{
	uint32_t op;

	while ((op = next_command(control)) != 0 && op != COMMAND_STOP) {
		if (op == COMMAND_RESTART)
			put(status, g->frame, g->n);
	}
}

static void
end_when_told(
    int status, int control, struct streamgen *g, enum frame_outcome outcome)
{
	while (next_command(control) != COMMAND_STOP)
		continue;

	size_t from = g->n;

	streamgen_add(g, FRAME_BYE)->bye.outcome = (uint32_t)outcome;
	put(status, g->frame + from, 1);
}

int
fakeengine_main(int argc, char **argv)
{
	struct streamgen g = {0};

	if (argc < 5 || strcmp(argv[1], "--status-fd") != 0) {
		printf("  %-22s %s\n", argv[1], "shown by the engine");
		return 0;
	}

	int status = atoi(argv[2]), control = atoi(argv[4]);
	const char *how = argc > 5 ? argv[5] : "hybrid";

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (strcmp(how, "usage") == 0)
		errx(2, "--threads: 0 is not 1 to 8192");
	if (strcmp(how, "mute") == 0)
		return 0;
	if (strcmp(how, "hang") == 0) {
		streamgen_scenario(&g, "hung", HUNG_TICKS);
		put(status, g.frame, g.n);
		end_when_told(status, control, &g, OUTCOME_HUNG);
		streamgen_free(&g);
		return 0;
	}
	if (!streamgen_scenario(&g, how, 0))
		streamgen_scenario(&g, "hybrid", 0);
	if (strcmp(how, "die") == 0) {
		put(status, g.frame, g.n / 2);
		raise(SIGKILL);
	}
	if (strcmp(how, "patient") == 0) {
		g.n /= 2;
		g.seq = (uint32_t)g.n;
		put(status, g.frame, g.n);
		end_when_told(status, control, &g, OUTCOME_STOPPED);
		streamgen_free(&g);
		return 0;
	}
	put(status, g.frame, g.n);
	if (strcmp(how, "chatty") == 0)
		fputs("first line\nsecond \033[2J", stderr);
	if (strcmp(how, "stubborn") == 0) {
		for (;;)
			pause();
	}
	obey(status, control, &g);
	streamgen_free(&g);
	return 0;
}
