/*
 * view: what a view is, and what all of them share.
 *
 * Three steps, three places: the dashboard takes frames in; settle() decides
 * (what is selected, what has scrolled where); draw() only draws, from a model
 * and a screen that it may not change.
 *
 * ui/views: a row of operations per view, and its file or two. It may use
 * widgets and the folders before it.
 */
#ifndef LOCKSTEP_VIEW_H
#define LOCKSTEP_VIEW_H

#include "model/model.h"
#include "term/canvas.h"
#include "term/keys.h"
#include "widgets/screen_state.h"

struct view {
	const char *name;
	bool aside; /* not about the run: Tab skips it */
	/* Is there anything to see? NULL: always. */
	bool (*has)(const struct model *);
	void (*settle)(struct screen *, const struct model *);
	void (*draw)(const struct screen *, const struct model *, struct area);
	/* enum consequence; NULL: no keys of its own */
	unsigned (*act)(struct screen *, const struct model *, enum action);
};

extern const struct view view_workers, view_threads, view_log, view_locks,
    view_futures, view_compare, view_lints, view_info, view_help, view_detail,
    view_timeline, view_race, view_explore;

/* What the keys do there. */
struct keys_where screen_where(const struct screen *);

/* For views that are only text: scroll by keys, within `total` rows. */
unsigned view_scroll(struct screen *, enum action);
void view_scroll_settle(struct screen *, unsigned total);
/* Writes how many rows are below, on the last row. */
void view_draw_more(const struct screen *, struct area);

#endif
