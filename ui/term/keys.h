/*
 * keys: one table of what can be pressed. Each row is an action with its
 * keys, where it applies, its line in the help and its word in the bottom
 * bar; both are drawn from here.
 */
#ifndef LOCKSTEP_KEYS_H
#define LOCKSTEP_KEYS_H

#include <stdbool.h>

#define KEYS_MAX 10 /* of one action */

enum action {
	ACTION_NONE = 0,

	ACTION_WORKERS, /* views */
	ACTION_THREADS,
	ACTION_LOG,
	ACTION_LOCKS,
	ACTION_FUTURES,
	ACTION_TIMELINE,
	ACTION_RACE,
	ACTION_COMPARE,
	ACTION_LINTS,
	ACTION_INFO,
	ACTION_HELP,
	ACTION_BACK,
	ACTION_VIEW_BEFORE,
	ACTION_VIEW_AFTER,

	ACTION_UP, /* moving about */
	ACTION_DOWN,
	ACTION_LEFT,
	ACTION_RIGHT,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_FIRST,
	ACTION_LAST,
	ACTION_FOCUS,
	ACTION_OPEN,
	ACTION_FILTER,
	ACTION_SORT,
	ACTION_MATRIX,
	ACTION_EARLIER,
	ACTION_LATER,
	ACTION_FAR_EARLIER,
	ACTION_FAR_LATER,
	ACTION_FINER,
	ACTION_COARSER,

	ACTION_PAUSE, /* steering the pipeline */
	ACTION_LOCK,
	ACTION_PICK_LOCK,
	ACTION_WINDOW_LESS,
	ACTION_WINDOW_MORE,
	ACTION_SPEED_LESS,
	ACTION_SPEED_MORE,
	ACTION_WORKERS_MORE,
	ACTION_WORKERS_LESS,
	ACTION_THREADS_MORE,
	ACTION_THREADS_LESS,
	ACTION_KILL,
	ACTION_RESTART,
	ACTION_BLIND,

	ACTION_STEPPED, /* stepping it */
	ACTION_STEP,
	ACTION_STEP_LETTER,
	ACTION_STEP_ANY,
	ACTION_UNDO,
	ACTION_UNDO_ALL,
	ACTION_CONTINUE,

	ACTION_REPLAY_PAUSE, /* steering a recording */
	ACTION_SEEK_BACK,
	ACTION_SEEK_ON,
	ACTION_PACE_LESS,
	ACTION_PACE_MORE,

	ACTION_GUESS,
	ACTION_THROUGH, /* a schedule that a search has found */
	ACTION_FREEZE,
	ACTION_REDRAW,
	ACTION_QUIT,
	ACTION_COUNT
};

enum keys_group {
	KEYS_VIEWS,
	KEYS_MOVE,
	KEYS_STEER,   /* the engine */
	KEYS_STEP,    /* its threads, one operation at a time */
	KEYS_REPLAY,  /* a recording only */
	KEYS_EXPLORE, /* a search of all schedules only */
	KEYS_OTHER,
	KEYS_GROUPS
};

struct keys_binding {
	enum action action;
	enum keys_group group;
	int codes[KEYS_MAX];   /* characters and enum terminal_key; 0 ends */
	bool crew;             /* a program's own affair */
	const char *label;     /* the keys, as shown */
	const char *bar;       /* word in the bottom bar, NULL: not there */
	const char *bar_label; /* before it, if not the first of the keys */
	const char *help;
};

/* In the order of the help. Ends with ACTION_NONE. */
const struct keys_binding *keys_table(void);
const char *keys_group_name(enum keys_group);

/* What is shown: a key may mean something else. */
enum keys_mode {
	KEYS_LIVE,
	KEYS_RECORDING,
	KEYS_STEPPED, /* all threads stand at their gates */
	KEYS_SEARCH   /* a search of all schedules */
};

enum action keys_action(int code, enum keys_mode);
const struct keys_binding *keys_binding(enum action);

/* What is shown, and whether it can be steered. */
struct keys_where {
	bool steers, recording;
	bool program;  /* it starts its own processes and threads */
	bool stepped;  /* all threads stand at their gates */
	bool undoes;   /* steps were taken that can be taken back */
	bool over;     /* the run has ended: nobody is left to be steered */
	bool guesses;  /* the sum may be guessed */
	bool explores; /* a search of all schedules */
};

/* Does this row mean anything here? */
bool keys_apply(const struct keys_binding *, struct keys_where);

/* And has it a place in the bottom bar? */
bool keys_bar(const struct keys_binding *, struct keys_where);

#endif
