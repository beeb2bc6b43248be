/*
 * header: what stands above and below every view: the run in three lines,
 * banners, how it ended, and the keys.
 */
#ifndef LOCKSTEP_HEADER_H
#define LOCKSTEP_HEADER_H

#include "canvas.h"
#include "model.h"
#include "view.h"

/* The replay's position, which the stream knows and the model does not. */
struct header_replay {
	uint64_t at, length; /* ns */
	double pace;
	bool paused, ended;
};

/* One to three rows, as many as the area has. */
void header_draw(
    const struct screen *, const struct model *, bool frozen, struct area);

/* Lasting trouble: model's banners, and the stream's if not NULL. */
int header_banners(const struct model *, const char *trouble);
void header_draw_banners(
    const struct model *, const char *trouble, struct area);

/* How the run ended, in four rows or in one. */
void header_draw_report(const struct model *, bool steers, struct area);

/* Keys that do something here; before them the replay's position. */
void header_draw_bar(
    const struct screen *, const struct header_replay *, struct area);

#endif
