/*
 * layout: which part gets which rows and columns. Pure arithmetic: the same
 * sizes give the same layout, even at 1x1.
 */
#ifndef LOCKSTEP_LAYOUT_H
#define LOCKSTEP_LAYOUT_H

#include <stdbool.h>

#define LAYOUT_PANEL_COLS 50 /* narrowest of panels side by side */

/* Rows of the whole screen, from the top; a part with no rows is not shown. */
struct layout {
	int header; /* rows: 1 to 3 */
	int banners;
	int body;
	int report;   /* how the run ended; framed from 4 rows up */
	int schedule; /* 0 or 1 */
	int bar;      /* 0 or 1 */
};

/* Rows that each part asks for. */
struct layout_wish {
	int header; /* 2 or 3, if the screen is large enough */
	int banners;
	int report;   /* 0: not ended; else framed, 4 or more */
	int brief;    /* the same without room for a frame: 1 to 3 */
	int schedule; /* 1: there is one */
	bool other;   /* not the workers view: its body takes any size */
};

struct layout layout_screen(int rows, int cols, struct layout_wish);

enum layout_workers {
	LAYOUT_GRID,  /* one panel per process, side by side */
	LAYOUT_FOLD,  /* one row per process, plus the selected one's panel */
	LAYOUT_PANEL, /* only the selected one's panel */
};

struct layout_plan {
	enum layout_workers kind;
	int abreast;  /* grid: panels side by side */
	int list;     /* fold: rows of the list, its heading included */
	bool heading; /* fold: the list has a heading */
	int strip;    /* fold: rows of the selected one's heat strip */
	int panel;    /* fold: rows of the selected one's panel, 0: none */
	bool boxed;   /* the panel has a frame */
};

/*
 * `threads[i]` is the number of rows worker i asks for; n = 0: no grid. The
 * selected one asks for `chosen` rows of threads; 0: no panel, its row in the
 * list is enough. `lines` counts the rows of the list: the workers and others,
 * such as the supervisor.
 */
struct layout_plan layout_workers(int rows, int cols, const unsigned *threads,
    unsigned n, unsigned lines, unsigned chosen);

#endif
