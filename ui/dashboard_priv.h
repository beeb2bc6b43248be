/* dashboard_priv: what the files of the dashboard share. */
#ifndef LOCKSTEP_DASHBOARD_PRIV_H
#define LOCKSTEP_DASHBOARD_PRIV_H

#include <signal.h>

#include "command.h"
#include "dashboard.h"
#include "show.h"

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

	int signals; /* a signalfd */
	sigset_t old_mask;
	int leave; /* signal to leave with, 0: none */
	bool quit;

	char message[192];
	uint64_t message_until; /* ns, 0: there is none */
	uint32_t ack;           /* last one seen */

	uint64_t undone;   /* run of which steps were taken back last */
	bool chosen;       /* a view, by the user */
	uint64_t compared; /* run whose comparison was opened */

	bool ended; /* the stream: no more frames will come */
	bool resized, dirty;
	bool flowing;   /* the last pump brought something */
	uint64_t drawn; /* ns of the last drawing */
	uint64_t now;   /* ns, read once a turn */
};

/* press.c: what a key does. */
void dashboard_press(struct dashboard *, int code);
void dashboard_say(struct dashboard *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* press_step.c: false if it is no key of stepping. */
bool dashboard_step(struct dashboard *, enum action, int code);

/* Stop on SIGTSTP; it goes on when we are continued. */
void dashboard_stop(void);

/* through.c: the schedule selected in a search, in a dashboard of its own. */
void dashboard_through(struct dashboard *);

/* The model to be looked at. */
static inline const struct model *
dashboard_shown(const struct dashboard *d)
{
	return d->frozen != NULL ? d->frozen : d->model;
}

#endif
