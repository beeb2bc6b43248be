/* dashboard_priv: what the files of the dashboard share. */
#ifndef LOCKSTEP_DASHBOARD_PRIV_H
#define LOCKSTEP_DASHBOARD_PRIV_H

#include "dashboard/commands.h"
#include "dashboard/dashboard.h"
#include "dashboard/screen.h"

struct dashboard {
	const struct dashboard_options *options;
	struct model *model;
	struct model *frozen; /* shown instead, NULL: the view is live */
	struct stream *stream;
	struct show show;

	struct predict predict; /* guess first */
	uint64_t predicted;     /* run that was asked about */
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
	uint64_t message_until; /* ns, 0: there is none */
	uint32_t ack;           /* last one seen */

	uint64_t undone;   /* run of which steps were taken back last */
	bool chosen;       /* a view, by the user */
	uint64_t compared; /* run whose comparison was opened */

	bool ended; /* the stream: no more frames will come */
	bool resized, dirty;
	bool stalled; /* the terminal takes nothing: what is dirty must wait */
	bool flowing; /* the last pump brought something */
	uint64_t drawn; /* ns of the last drawing, or of when it could not be */
	uint64_t now;   /* ns, read once a turn */
};

/* message.c: what the bottom line says next. */
void dashboard_say(struct dashboard *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * press.c: what a key does, and what the loop has to do: enum consequence.
 * A character that was pasted only fills in.
 */
unsigned dashboard_press(struct dashboard *, int code);
void dashboard_paste(struct dashboard *, int code);

/* view_keys.c: this view, or back from it if it is shown; and by keys. */
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
 * commands.c: send one command, and say what was asked or why it cannot be.
 * `what` is also what will be said once the engine has obeyed.
 */
void dashboard_send(
    struct dashboard *, enum frame_command, int64_t arg, const char *what);

/*
 * suspend.c: take the terminal (again), which must be ours: else we stop until
 * it is. Do what the signals ask that have come. Leave as signal `sig` says.
 */
void dashboard_resume(struct dashboard *);
void dashboard_signals(struct dashboard *);
void dashboard_leave(struct dashboard *, int sig);

/* child_dashboard.c: step through the schedule selected in a search. */
void dashboard_through(struct dashboard *);

/* The model to be looked at. */
static inline const struct model *
dashboard_shown(const struct dashboard *d)
{
	return d->frozen != NULL ? d->frozen : d->model;
}

#endif
