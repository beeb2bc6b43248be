/*
 * keys: what can be pressed, a row each. A row has the keys, where they apply,
 * their line in the help, their word in the bottom bar, and what runs. The
 * rows stand beside their handlers, in dashboard/; what is asked of them is
 * here.
 */
#ifndef LOCKSTEP_KEYS_H
#define LOCKSTEP_KEYS_H

#include <stdbool.h>

#define KEYS_MAX 10 /* of one row */

struct dashboard;
struct view;

/* What a view or a question understands by itself. */
enum action {
	ACTION_NONE = 0,
	ACTION_UP,
	ACTION_DOWN,
	ACTION_LEFT,
	ACTION_RIGHT,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_FIRST,
	ACTION_LAST,
	ACTION_FOCUS,
	ACTION_OPEN,
	ACTION_BACK,
	ACTION_SORT,
	ACTION_MATRIX,
	ACTION_EARLIER,
	ACTION_LATER,
	ACTION_FAR_EARLIER,
	ACTION_FAR_LATER,
	ACTION_FINER,
	ACTION_COARSER,
	ACTION_PICK_LOCK,
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

/* What is shown, and whether it can be steered. */
struct keys_where {
	bool steers, recording;
	bool program;  /* it starts its own processes and threads */
	bool stepped;  /* all threads stand at their gates */
	bool undoes;   /* steps were taken that can be undone */
	bool over;     /* the run has ended: there is nothing left to steer */
	bool guesses;  /* the sum may be guessed */
	bool explores; /* a search of all schedules */
	bool back;     /* there is a view to go back to */
};

struct keys_binding {
	enum keys_group group;
	int codes[KEYS_MAX];   /* characters and enum terminal_key; 0 ends */
	const char *label;     /* the keys, as shown */
	const char *bar;       /* word in the bottom bar, NULL: not there */
	const char *bar_label; /* before it, if not the first of the keys */
	const char *help;

	bool first;  /* in the bar before all others */
	bool crew;   /* not in a program, which makes its own threads */
	bool search; /* also while schedules are searched */
	bool after;  /* also once the run is over */
	/* Only if so: in the help and the bar; in the bar. NULL: always. */
	bool (*when)(struct keys_where);
	bool (*bar_when)(struct keys_where);

	/* First the view is asked, if it may know the action. Then this runs
	 * and returns enum consequence, or this view opens. */
	enum action action;
	unsigned (*run)(struct dashboard *, int code);
	const struct view *view;
};

/* The rows of one file; and of all of them, in the order of the help. */
struct keys_rows {
	const struct keys_binding *row;
	unsigned n;
};
struct keys_table {
	const struct keys_rows *const *rows;
	unsigned n;
};

/* The nth row of all, NULL: there are no more. */
const struct keys_binding *keys_at(const struct keys_table *, unsigned n);
const char *keys_group_name(enum keys_group);

/*
 * The row of this key, NULL: it has none. A key may mean something else in a
 * recording, in a search and while the run is stepped.
 */
const struct keys_binding *keys_find(
    const struct keys_table *, int code, struct keys_where);

/* Its action where nothing is special; ACTION_NONE: it has none. */
enum action keys_action(const struct keys_table *, int code);

/* Does this row mean anything here? */
bool keys_apply(
    const struct keys_table *, const struct keys_binding *, struct keys_where);

/* And has it a place in the bottom bar? */
bool keys_bar(
    const struct keys_table *, const struct keys_binding *, struct keys_where);

#endif
