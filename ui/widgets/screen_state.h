/*
 * screen_state: what the user has chosen to look at, and how much of it fits:
 * selection, filter, order, scrolling. Views settle it and draw from it;
 * widgets read it.
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
	DO_NOT_MINE = 4, /* the view does not use this key */
	DO_THROUGH = 8   /* step through the selected schedule */
};

/*
 * A process or a thread: its place in the model, and its identity. This is all
 * that a screen keeps of the model: a pointer into it is invalid after the next
 * frame or key. selection_find() looks it up.
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

/* The timeline's columns. settle() chooses what the user has not. */
struct timeline {
	uint64_t chosen; /* ns of a column, 0: automatic */
	uint64_t cursor; /* ns; 0: it follows the current time */
	uint64_t width;  /* ns of a column */
	uint64_t left;   /* ns of the first column's left edge */
	uint64_t first;  /* ns: nothing before this is known */
	unsigned cols;   /* of the bars */
	unsigned at;     /* the cursor's */
};

/* Lost updates: the list stands still while the user looks at one. */
struct race_screen {
	uint64_t run;    /* the run they belong to */
	uint64_t newest; /* number of the list's first one; 0: none */
	uint64_t since;  /* ns of its last change */
	bool pinned;     /* it stays so */
	bool matrix;     /* who overwrote whom, instead of the steps */
	unsigned back;   /* steps scrolled back from the last one */
	struct lost_updates_record shown; /* the selected one */
};

#define SCREEN_NOTE 512

/* The latest lost update in words; it stays long enough to be read. */
struct lost_note {
	uint64_t run, number; /* of the record; 0: there is none yet */
	uint64_t ns;          /* when it was chosen, on the frames' clock */
	char text[SCREEN_NOTE];
};

struct view;
struct keys_table;

/* The screen's own state, not the pipeline's. */
struct screen {
	const struct view *view;
	const struct view *back;       /* where Esc leads; NULL: nowhere */
	const struct keys_table *keys; /* what can be pressed */
	/*
	 * Not a row: the selection follows a process or thread wherever its row
	 * moves. When its process is replaced, the replacement is selected.
	 */
	struct place selection;
	char filter[SCREEN_FILTER];
	enum screen_sort sort;
	bool steers, recording;
	bool reported; /* the results are in a box at the bottom */
	/* Taken from the model; set before settle(). */
	bool program, stepped, undoes, explores, over;
	const struct predict *predict; /* NULL: no guessing */
	uint64_t now;                  /* ns on the frames' clock */
	uint64_t silent; /* ns that a command has waited for an answer, or 0 */

	int rows, cols; /* of the view's area; set before settle() */
	int page;       /* rows that a page key moves by; set by settle() */
	unsigned top;   /* first row shown; settle() keeps it in range */
	unsigned total; /* rows of a text; set by settle() */
	bool follow;    /* log: stay at the newest line */

	bool by_order; /* futures: by completion, not by submission */
	uint16_t futures[MODEL_MAX_FUTURES]; /* shown; set by settle() */
	unsigned nfutures;

	/* Locks: number of the selected one, 0: the one around the sum. */
	unsigned lock;
	bool lock_chosen; /* by a key; else it is the first one */
	bool lock_open;   /* show only this one */

	/* Explore: number of the outcome from 1; 0: the smallest that fails. */
	unsigned outcome;

	struct place *list; /* of threads, collected by settle() */
	unsigned nlist, list_room;

	struct timeline timeline;
	struct race_screen race;
	struct lost_note lost_note;
};

#endif
