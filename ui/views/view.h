/*
 * view: what a view is, and what all of them share.
 *
 * Three steps, three places: the dashboard takes frames in; settle() decides
 * (what is selected, what has scrolled where); draw() only draws, from a
 * model and a screen that it may not change.
 */
#ifndef LOCKSTEP_VIEW_H
#define LOCKSTEP_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"
#include "term/canvas.h"
#include "term/keys.h"

#define SCREEN_FILTER 64

/* What a key asks the loop to do. */
enum consequence {
	DO_NOTHING = 0,
	DO_REDRAW = 1,
	DO_QUIT = 2,
	DO_NOT_MINE = 4, /* the view has no use for this key */
	DO_THROUGH = 8   /* step through the schedule that is selected */
};

/*
 * A process or a thread: where the model has it, and who it was. This is all
 * that a screen keeps of the model: a pointer into it does not outlive the
 * next frame or key. select_find() looks it up.
 */
struct place {
	int32_t pid;
	int32_t tid; /* 0: the process */
	unsigned slot, index;
};

enum screen_sort {
	SORT_PLACE, /* worker, then thread */
	SORT_STATE,
	SORT_TASKS,
	SORT_ADDS,
	SORT_LOST,
	SORT_AGE, /* longest in its state first */
	SORT_COUNT
};

/* A place looked up: for one call, never kept. */
struct row {
	const struct model_proc *proc;
	const struct model_thread *thread; /* NULL: the process itself */
};

/* The timeline's columns. settle() says what has not been chosen. */
struct timeline {
	uint64_t chosen; /* ns of a column, 0: as it fits */
	uint64_t cursor; /* ns; 0: it follows the present */
	uint64_t width;  /* ns of a column */
	uint64_t left;   /* ns of the first column's left edge */
	uint64_t first;  /* ns: nothing is known of what was before */
	unsigned cols;   /* of the bars */
	unsigned at;     /* the cursor's */
};

/* Lost updates: the list stands still while one of them is looked at. */
struct race_screen {
	uint64_t run;    /* whose they are */
	uint64_t newest; /* number of the first of the list; 0: none */
	uint64_t since;  /* ns: when it became so */
	bool pinned;     /* it stays so */
	bool matrix;     /* who overwrote whom, instead of the steps */
	unsigned back;   /* steps scrolled back from the last one */
	struct races_record shown; /* the selected one */
};

/* The state of the screen, which is not the pipeline's. */
struct screen {
	const struct view *view;
	const struct view *back; /* where Esc leads; NULL: nowhere */
	/*
	 * Not a row: it stays selected wherever it moves to. When its process
	 * is replaced, the replacement is selected.
	 */
	struct place selection;
	char filter[SCREEN_FILTER];
	enum screen_sort sort;
	bool steers, recording;
	bool reported; /* the results stand in a box at the bottom */
	/* As the model says, set before settle(). */
	bool program, stepped, undoes, explores, over;
	const struct predict *predict; /* NULL: the sum is not guessed */
	uint64_t now;                  /* ns on the frames' clock */
	uint64_t silent; /* ns that a command waits for an answer, or 0 */

	int rows, cols; /* of the view's area, set before settle() */
	int page;       /* rows that a page key moves by; settle() says */
	unsigned top;   /* first row shown; settle() keeps it in range */
	unsigned total; /* rows of a text; settle() says */
	bool follow;    /* log: stay at the newest line */

	bool by_order; /* futures: of finishing, not of submission */
	uint16_t futures[MODEL_MAX_FUTURES]; /* to show, as settle() says */
	unsigned nfutures;

	/* Locks: number of the one selected, 0: around the sum. */
	unsigned lock;
	bool lock_chosen; /* by a key; else the first one is */
	bool lock_open;   /* it alone is shown */

	/* Explore: number of the outcome from 1; 0: the smallest that fails. */
	unsigned outcome;

	struct place *list; /* of threads: what settle() has collected */
	unsigned nlist, list_room;

	struct timeline timeline;
	struct race_screen race;
};

struct view {
	const char *name;
	enum action action; /* that opens it */
	void (*settle)(struct screen *, const struct model *);
	void (*draw)(const struct screen *, const struct model *, struct area);
	/* enum consequence; NULL: no keys of its own */
	unsigned (*act)(struct screen *, const struct model *, enum action);
};

extern const struct view view_workers, view_threads, view_log, view_locks,
    view_futures, view_compare, view_lints, view_info, view_help, view_detail,
    view_timeline, view_race, view_explore;

/* What keys mean there. */
struct keys_where screen_where(const struct screen *);

/* For views that are but text: scroll by keys, within `total` rows. */
unsigned view_scroll(struct screen *, enum action);
void view_scroll_settle(struct screen *, unsigned total);
/* How many rows are below, on the last one. */
void view_draw_more(const struct screen *, struct area);

#endif
