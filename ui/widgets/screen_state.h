/*
 * screen_state: what the user has chosen to look at, and what of it fits: the
 * selection, the filter, the order, how far it is scrolled. Views settle it
 * and draw from it; widgets read it.
 */
#ifndef LOCKSTEP_SCREEN_STATE_H
#define LOCKSTEP_SCREEN_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

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
 * next frame or key. selection_find() looks it up.
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
	struct lost_updates_record shown; /* the selected one */
};

struct view;
struct keys_table;

/* The state of the screen, which is not the pipeline's. */
struct screen {
	const struct view *view;
	const struct view *back;       /* where Esc leads; NULL: nowhere */
	const struct keys_table *keys; /* what can be pressed */
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

#endif
