/* layout: which part gets which rows and columns. */
#include "term/layout.h"

#define LIST_MIN     3 /* fewest rows that make a list worthwhile */
#define PANEL_MIN    5 /* a frame, a heading and two threads */
#define STRIP_MAX    8
#define LIST_COLS    61 /* columns before the threads in a list row */
#define BOX          2  /* rows that a frame takes */
#define HEADING      1
#define SCHEDULE_MIN 4 /* fewest rows of a screen with a schedule row */
#define FRAMED       4 /* fewest rows of a framed report */
#define BODY_MIN     9 /* rows that a framed report leaves to the body */
#define INDENT       1 /* of a strip, like the rows below it */

static int
layout_min(int a, int b)
{
	return a < b ? a : b;
}

static int
layout_max(int a, int b)
{
	return a > b ? a : b;
}

struct layout
layout_screen(int rows, int cols, struct layout_wish w)
{
	struct layout l = {.bar = rows > 1};
	bool full = rows >= 16 && cols >= 60;

	l.schedule = w.schedule > 0 && rows > SCHEDULE_MIN;
	rows -= l.bar + l.schedule;
	if (w.other)
		l.header = full ? w.header : rows > 5;
	else
		l.header = full
		    ? w.header
		    : layout_min(rows, rows > 5 && rows < 9 ? 2 : w.header);
	rows -= l.header;
	if (w.report > 0 && rows >= 18 && full)
		l.report = w.other
		    ? FRAMED
		    : layout_min(w.report, layout_max(FRAMED, rows - BODY_MIN));
	else if (w.report > 0 && rows > 3)
		l.report = layout_min(w.brief, layout_max(1, rows - 3));
	rows -= l.report;
	l.banners = layout_min(w.banners, layout_max(0, rows - 4));
	l.body = rows - l.banners;
	return l;
}

/* Rows of the panels when this many are side by side. */
static long
layout_grid_rows(const unsigned *threads, unsigned n, unsigned abreast)
{
	long sum = 0;

	for (unsigned i = 0; i < n; i += abreast) {
		unsigned most = 0;

		for (unsigned j = i; j < n && j < i + abreast; j++)
			if (threads[j] > most)
				most = threads[j];
		sum += (long)most + BOX + HEADING;
	}
	return sum;
}

static struct layout_plan
layout_fold(int rows, int cols, unsigned lines, unsigned chosen)
{
	struct layout_plan p = {.kind = LAYOUT_FOLD, .heading = rows > 8};
	int wanted = (int)chosen + BOX + HEADING;

	p.list = (int)lines + p.heading;
	/* A long list leaves the panel its rows, but at most half. */
	p.list = layout_min(p.list, layout_max(rows - wanted, rows / 2));
	p.panel = rows - p.list;
	if (p.panel < PANEL_MIN) {
		p.list =
		    layout_max(rows - PANEL_MIN, layout_min(rows, LIST_MIN));
		p.panel = rows - p.list;
	}
	p.panel = layout_min(p.panel, layout_max(wanted, PANEL_MIN));
	p.boxed = p.panel > PANEL_MIN - 2;
	if (wanted > p.panel + 2 && (int)chosen > cols - LIST_COLS &&
	    p.panel > 2 * PANEL_MIN && cols > BOX + INDENT) {
		int inside = cols - BOX - INDENT;
		int all = ((int)chosen + inside - 1) / inside;

		p.strip = layout_min(layout_min(all, STRIP_MAX), p.panel / 3);
	}
	return p;
}

static struct layout_plan
layout_list_only(int rows, unsigned lines)
{
	bool heading = (int)lines < rows || rows > 8;

	return (struct layout_plan){.kind = LAYOUT_FOLD,
	    .heading = heading,
	    .list = layout_min((int)lines + heading, rows)};
}

struct layout_plan
layout_workers(int rows, int cols, const unsigned *threads, unsigned n,
    unsigned lines, unsigned chosen)
{
	for (unsigned a = 1;
	     n > 0 && a <= (unsigned)layout_max(1, cols / LAYOUT_PANEL_COLS);
	     a++) {
		if (cols < 60 || (a > 1 && a > n))
			break;
		if (layout_grid_rows(threads, n, a) + (long)(lines - n) <= rows)
			return (struct layout_plan){
			    .kind = LAYOUT_GRID, .abreast = (int)a};
	}
	if (chosen == 0)
		return layout_list_only(rows, lines);
	if (rows < 10 || cols < 60)
		return (struct layout_plan){
		    .kind = LAYOUT_PANEL, .panel = rows};
	return layout_fold(rows, cols, lines, chosen);
}
