/*
 * term: a program in a real terminal, which is a tmux server of its own.
 *
 * A failure of anything here fails the test and shows the screen. However
 * the test ends, killed or timed out, the server and its programs end too.
 *
 * Waiting is always for something on the screen or in the system, with
 * TERM_DEADLINE; no test sleeps.
 */
#ifndef LOCKSTEP_TERM_H
#define LOCKSTEP_TERM_H

#include <sys/types.h>

#include <stdbool.h>

#define TERM_DEADLINE 90  /* seconds; what takes so long does not come */
#define TERM_TIMEOUT  300 /* seconds, for one test */

struct term;

/*
 * Run a line of shell in a terminal of that size. $LOCKSTEP is the program.
 * When it has left, "LEFT" stands on the screen.
 */
struct term *term_start(int width, int height, const char *line);

/*
 * The same as the job of a shell with job control. When it has stopped for
 * the first time, "STOPPED 1" stands on the screen, until it is resumed.
 */
struct term *term_start_job(int width, int height, const char *line);
void term_resume(struct term *);

void term_end(struct term *);

/* The process that the line was started as; and the shell's session. */
pid_t term_pid(const struct term *);
pid_t term_session(const struct term *);

/* Keys by tmux's names, or text; each argument one key. */
void term_keys(struct term *, const char *key);
void term_resize(struct term *, int width, int height);

/* What stands on the screen; valid until the next call. */
const char *term_screen(struct term *);
const char *term_screen_with_escapes(struct term *);

/* Is the extended regular expression on the screen, now? */
bool term_shows(struct term *, const char *regex);

/* Wait until it is on the screen, or is not. */
void term_wait(struct term *, const char *regex);
void term_wait_gone(struct term *, const char *regex);

/* Press the key again and again until the expression is on the screen. */
void term_press_until(struct term *, const char *key, const char *regex);

/* Wait until it is true; `what` is said if it never is. */
void term_wait_until(struct term *, bool (*is_true)(struct term *, void *),
    void *arg, const char *what);

/* The part that the first group of the expression matches. Waits for it. */
void term_read(struct term *, const char *regex, char *out, size_t size);
long term_read_number(struct term *, const char *regex);

/* After LEFT: the exit status; fails unless the terminal is as it was. */
int term_left(struct term *);

/* Wait until nothing of the session, lockstep or engine, lives any more. */
void term_alone(struct term *, pid_t session);

/* Fails unless the terminal is now as it was before the line. */
void term_check_restored(struct term *);

#endif
