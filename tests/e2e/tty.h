/*
 * tty: a program on a terminal whose other end is ours: what it writes is
 * read, or not; what is typed is any bytes. For screens as a person sees them
 * there is term.h.
 *
 * A failure of anything here fails the test and shows what was written. The
 * program dies with the test: its terminal hangs up.
 */
#ifndef LOCKSTEP_TTY_H
#define LOCKSTEP_TTY_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>

#define TTY_DEADLINE 30 /* seconds; what takes so long does not come */
#define TTY_BYTES    (1 << 20)

struct tty {
	int fd; /* our end */
	pid_t pid;
	char text[TTY_BYTES]; /* what it has written, NUL-terminated */
	size_t len;
};

struct tty_options {
	const char *term;      /* TERM; NULL: it is not set */
	void (*prepare)(void); /* in the child, before exec; or NULL */
	bool no_keyboard; /* standard input is /dev/null, and no /dev/tty */
};

/* Run $LOCKSTEP with these words, NULL-terminated. */
struct tty *tty_start(const struct tty_options *, const char *const args[]);
void tty_end(struct tty *);

void tty_type(struct tty *, const char *bytes, size_t len);

/* Read until the extended regular expression matches what was written. */
void tty_wait(struct tty *, const char *regex);
bool tty_says(const struct tty *, const char *regex);
const char *tty_tail(const struct tty *); /* of what it says, to be shown */
void tty_forget(struct tty *);            /* what was written up to here */

/* Fill the terminal, so that it takes nothing until it is read. */
void tty_stuff(struct tty *);

/*
 * Wait until it has ended; what it writes is read if `reading`, and what is
 * left is read in any case. Its exit status, or 128 + n if signal n ended it.
 */
int tty_status(struct tty *, bool reading);

/* Fails unless the terminal's settings are those of before. */
void tty_check_settings(struct tty *);

#endif
