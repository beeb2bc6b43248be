/* dashboard_priv: shared by the files of the dashboard. */
#ifndef LOCKSTEP_DASHBOARD_PRIV_H
#define LOCKSTEP_DASHBOARD_PRIV_H

#include "dashboard/commands.h"
#include "dashboard/dashboard.h"
#include "dashboard/screen.h"

struct dashboard {
	const struct dashboard_options *options;
	struct model *model;
	struct model *frozen; /* shown instead; NULL: the view is live */
	struct stream *stream;
	struct show show;

	struct predict predict; /* the guess */
	uint64_t predicted;     /* run for which a guess was requested */
	bool asked_at_end;
	struct canvas canvas;
	struct footer_replay replay;
	struct command_memory memory;

	enum theme theme;   /* shown now */
	uint64_t answer_by; /* ns, until when the terminal may say which
			     * theme fits it; 0: that is known */

	int leave; /* exit status of a signal, 0: none */
	bool quit;

	char message[192];
	uint64_t message_until; /* ns, 0: no message */
	uint32_t ack;           /* last acknowledged command */

	uint64_t undone;   /* run whose steps were undone last */
	bool chosen;       /* the user has chosen a view */
	uint64_t compared; /* run whose comparison was opened */

	bool ended; /* the stream: no more frames will come */
	bool resized, dirty;
	bool stalled;   /* the terminal accepts nothing: drawing must wait */
	bool flowing;   /* the last pump brought something */
	uint64_t drawn; /* ns of the last drawing, or attempt at one */
	uint64_t now;   /* ns, read once per turn of the loop */
};

/* message.c: show this in the bottom line. */
void dashboard_say(struct dashboard *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * press.c: does what a key asks for; returns what the loop has to do: enum
 * consequence. A pasted character can only fill in a prompt.
 */
unsigned dashboard_press(struct dashboard *, int code);
void dashboard_paste(struct dashboard *, int code);

/* view_keys.c: open a view, or go back if it is shown; the same by keys. */
void dashboard_open(struct dashboard *, const struct view *);
unsigned dashboard_view_after(struct dashboard *, int code);
unsigned dashboard_view_before(struct dashboard *, int code);

/*
 * themes.c: is the terminal to be asked; a theme, or what is waited for; and
 * what it has answered. The key for the next one.
 */
bool themes_ask(const struct dashboard_options *);
void themes_begin(struct dashboard *);
void themes_look_for_answer(struct dashboard *);
unsigned themes_next(struct dashboard *, int code);

/*
 * dashboard.c: with nothing drawn yet, NULL: no memory; take in what the stream
 * has; draw on the canvas.
 */
struct dashboard *dashboard_new(
    struct model *, struct stream *, const struct dashboard_options *);
void dashboard_free(struct dashboard *);
void dashboard_take_in(struct dashboard *);
void dashboard_compose(struct dashboard *);

/*
 * commands.c: send one command, and report what was requested or why it cannot
 * be. `what` is also the message once the engine has obeyed.
 */
void dashboard_send(
    struct dashboard *, enum frame_command, int64_t arg, const char *what);

/*
 * suspend.c: take the terminal (again); if it is not ours, stop until it is.
 * Handle pending signals. Leave because of signal `sig`.
 */
void dashboard_resume(struct dashboard *);
void dashboard_signals(struct dashboard *);
void dashboard_leave(struct dashboard *, int sig);

/* child_dashboard.c: step through the schedule selected in a search. */
void dashboard_through(struct dashboard *);

/* The model to show. */
static inline const struct model *
dashboard_shown(const struct dashboard *d)
{
	return d->frozen != NULL ? d->frozen : d->model;
}

#endif
