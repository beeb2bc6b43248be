/*
 * screen: one frame of the dashboard, from header to bottom bar, on a canvas.
 * No terminal, no stream: the same input draws the same picture.
 */
#ifndef LOCKSTEP_SCREEN_H
#define LOCKSTEP_SCREEN_H

#include "dashboard/footer.h"
#include "dashboard/prompt.h"
#include "model/model.h"
#include "term/canvas.h"
#include "views/view.h"

struct show {
	struct screen screen;
	struct prompt prompt;
	bool frozen;
	const char *message; /* for the bottom line; NULL: none */
	const char *trouble; /* of the stream; NULL: none */
	const struct footer_replay *replay; /* NULL: not a recording */
};

/* Settle the view for this size, then draw everything. */
void screen_draw(struct show *, const struct model *, struct canvas *);

#endif
