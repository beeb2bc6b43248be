/* banners: the result of a guess, and lasting trouble. */
#include "dashboard/banners.h"

#include <stdio.h>

#include "model/predict.h"
#include "text/stepping.h"
#include "widgets/widgets.h"

#define HANGS_ROWS 3 /* for the reason, at most */
#define MARK_COLS  3 /* " ! " */

/* The same with letters, if the run is stepped. */
static void
banners_hangs_text(const struct model *m, char buf[MODEL_LINE + 16])
{
	char stuck[MODEL_LINE] = "";

	if (stepping_is_stuck(m))
		stepping_stuck(m, stuck, sizeof stuck);
	if (stuck[0] != '\0') {
		snprintf(buf, MODEL_LINE + 16, "no thread can run: %s", stuck);
		return;
	}
	snprintf(buf, MODEL_LINE + 16, "%s: %s", m->ended ? "hung" : "hangs",
	    model_hangs(m));
}

static int
banners_hangs_rows(const struct model *m, int cols)
{
	struct area none = {.cols = cols - MARK_COLS};
	char text[MODEL_LINE + 16];
	int rows;

	if (!model_hung(m) && !stepping_is_stuck(m))
		return 0;
	banners_hangs_text(m, text);
	rows = draw_wrapped(none, 0, LOOK_ALARM, text);
	return rows < 1 ? 1 : rows < HANGS_ROWS ? rows : HANGS_ROWS;
}

static void
banners_draw_hangs(const struct model *m, struct area a)
{
	char text[MODEL_LINE + 16];

	banners_hangs_text(m, text);
	for (int i = 0; i < a.rows; i++) {
		struct pen p = pen_at(a, i);

		pen_repeat(&p, LOOK_ALARM, ' ', a.cols);
	}
	struct pen mark = pen_at(a, 0);
	pen_text(&mark, LOOK_ALARM, " ! ");
	draw_wrapped(area_part(a, 0, MARK_COLS, a.rows, a.cols - MARK_COLS), 0,
	    LOOK_ALARM, text);
}

/* A program that adds nothing has no sum. */
static bool
banners_says_private(const struct model *m)
{
	return m->control.sum_mode == SUM_PRIVATE && model_adds(m);
}

/* The result of the guess. */
static int
banners_verdict_rows(const struct screen *s, const struct model *m, int cols)
{
	struct area none = {.cols = cols - 2};
	char text[MODEL_LINE];

	predict_verdict(s->predict, m, text);
	return text[0] != '\0' ? draw_wrapped(none, 0, LOOK_NOTICE, text) : 0;
}

static int
banners_draw_verdict(
    const struct screen *s, const struct model *m, struct area a)
{
	int rows = banners_verdict_rows(s, m, a.cols);
	char text[MODEL_LINE];

	predict_verdict(s->predict, m, text);
	for (int i = 0; i < rows; i++) {
		struct pen p = pen_at(a, i);

		pen_repeat(&p, LOOK_NOTICE, ' ', a.cols);
	}
	draw_wrapped(
	    area_part(a, 0, 1, rows < a.rows ? rows : a.rows, a.cols - 2), 0,
	    LOOK_NOTICE, text);
	return rows;
}

int
banners_rows(const struct screen *s, const struct model *m, const char *trouble,
    int cols)
{
	int n = trouble != NULL;

	for (int i = 0; i < MODEL_MAX_LINES; i++)
		n += m->banner[i][0] != '\0';
	return n + banners_says_private(m) + banners_hangs_rows(m, cols) +
	    banners_verdict_rows(s, m, cols);
}

static void
banners_draw_banner(struct area a, int row, enum look look, const char *text)
{
	struct pen p = pen_at(a, row);

	pen_text(&p, look, " ! ");
	pen_cut(&p, look, text, pen_left(&p));
}

void
banners_draw(const struct screen *s, const struct model *m, const char *trouble,
    struct area a)
{
	int top = banners_verdict_rows(s, m, a.cols),
	    row = banners_hangs_rows(m, a.cols);

	if (top > 0)
		banners_draw_verdict(s, m, a);
	a = area_part(a, top, 0, a.rows - top, a.cols);
	if (row > 0)
		banners_draw_hangs(
		    m, area_part(a, 0, 0, row < a.rows ? row : a.rows, a.cols));
	for (int i = 0; i < MODEL_MAX_LINES; i++) {
		if (m->banner[i][0] != '\0')
			banners_draw_banner(a, row++, LOOK_WARN, m->banner[i]);
	}
	if (trouble != NULL)
		banners_draw_banner(a, row++, LOOK_WARN, trouble);
	if (!banners_says_private(m))
		return;
	struct pen p = pen_at(a, row);
	pen_cut(&p, LOOK_DIM,
	    " private: each process adds to its own copy, as after fork",
	    pen_left(&p));
}
