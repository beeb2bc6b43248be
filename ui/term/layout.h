/*
 * layout: who gets which rows and columns. Arithmetic only: the same
 * sizes give the same layout, at 1x1 too.
 */
#ifndef LOCKSTEP_LAYOUT_H
#define LOCKSTEP_LAYOUT_H

#include <stdbool.h>

#define LAYOUT_PANEL_COLS 50 /* narrowest panel of several abreast */

/* Rows of the whole screen, from the top; a part without rows is not shown. */
struct layout {
	int header; /* rows: 1 to 3 */
	int banners;
	int body;
	int report;   /* how the run ended; in a frame from 4 rows on */
	int schedule; /* 0 or 1 */
	int bar;      /* 0 or 1 */
};

/* Rows that the parts ask for. */
struct layout_wish {
	int header; /* 2 or 3, on a screen of some size */
	int banners;
	int report;   /* 0: it has not ended; else with a frame, from 4 on */
	int brief;    /* the same where there is no room for a frame: 1 to 3 */
	int schedule; /* 1: there is one */
	bool other;   /* a view other than the workers: a body at any size */
};

struct layout layout_screen(int rows, int cols, struct layout_wish);

enum layout_workers {
	LAYOUT_GRID,  /* a panel each, some abreast */
	LAYOUT_FOLD,  /* a row each, and the selected one's panel */
	LAYOUT_PANEL, /* only the selected one */
};

struct layout_plan {
	enum layout_workers kind;
	int abreast;  /* grid: panels side by side */
	int list;     /* fold: rows of the list, its heading included */
	bool heading; /* fold: it has one */
	int strip;    /* fold: rows of heat strip of the selected one */
	int panel;    /* fold: rows of its panel, 0: none */
	bool boxed;   /* the panel has a frame */
};

/*
 * `threads[i]`: rows that worker i wants, n = 0: no grid; the selected one
 * wants `chosen` rows of threads, 0: no panel, a row in the list will do.
 * `lines` are the rows of the list: the workers, and what else there is to
 * say in a row, as of the supervisor.
 */
struct layout_plan layout_workers(int rows, int cols, const unsigned *threads,
    unsigned n, unsigned lines, unsigned chosen);

#endif
