/*
 * footer: the rows below every view: how the run ended, and the bottom line
 * with the replay's position and the keys.
 */
#ifndef LOCKSTEP_FOOTER_H
#define LOCKSTEP_FOOTER_H

#include "model/model.h"
#include "term/canvas.h"
#include "views/view.h"

/* The replay's position, which only the stream knows. */
struct footer_replay {
	uint64_t at, length; /* ns */
	double pace;
	bool paused, ended;
};

/* How the run ended, in four rows or in one. */
/*
 * Rows that it needs, with a frame and without; a frame has at least that many.
 */
#define FOOTER_FRAMED 4
int footer_report_rows(const struct model *);
int footer_brief_rows(const struct model *);
void footer_draw_report(
    const struct model *, const struct screen *, struct area);

/* The keys that work here, after the replay's position. */
void footer_draw_bar(
    const struct screen *, const struct footer_replay *, struct area);

#endif
