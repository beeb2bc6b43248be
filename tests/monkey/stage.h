/*
 * stage: a program on a terminal of its own, as the job of a little shell,
 * so that it can be stopped and continued.
 *
 * Nothing here sleeps: whatever is waited for is waited for with poll(), while
 * what the program writes is read and watched.
 */
#ifndef TESTS_MONKEY_STAGE_H
#define TESTS_MONKEY_STAGE_H

#include <sys/types.h>

#include <stdbool.h>
#include <termios.h>

#include "../e2e/procs.h"
#include "watch.h"

#define STAGE_WAIT 60 /* seconds that anything may take */

struct stage {
	int master, slave;
	int told;      /* the shell says here what became of the program */
	pid_t shell;   /* leader of the session */
	pid_t program; /* leader of a process group */
	bool stopped, ended;
	int status;       /* wait status, once it has ended */
	unsigned redraws; /* that may come without the key for it */
	struct termios before;
	struct watch watch;
	char trouble[256]; /* why nothing can be done with it; empty: fine */
};

/* `input`: standard input instead of the terminal; NULL: none. */
struct stage_job {
	char *const *argv;
	const char *term, *locale, *input;
	int rows, cols;
};

void stage_open(struct stage *, const struct stage_job *);
/* Kills what is left. */
void stage_close(struct stage *);

/* True once `done` is, within so many seconds. */
bool stage_wait(struct stage *, bool (*done)(const struct stage *, void *arg),
    void *arg, int seconds);
bool stage_wait_end(struct stage *, int seconds);
/* Take in what there is. */
void stage_look(struct stage *);

/* All of it, at once if the terminal takes it. */
bool stage_write(struct stage *, const char *bytes, size_t n);
void stage_resize(struct stage *, int rows, int cols);

/*
 * It draws everything anew when it is asked to: it is alive, and has read all
 * keys before. Also true if it has ended.
 */
bool stage_answers(struct stage *);

/* How the terminal differs from what it was; NULL: it does not. */
const char *stage_unrestored(struct stage *);

/* Processes of the session but the shell; also those that are not ours. */
int stage_procs(const struct stage *, pid_t out[PROCS_MAX]);

#endif
