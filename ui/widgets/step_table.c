/* step_table: steps of several threads as a table. */
#include "widgets/step_table.h"

#define NARROWEST 14 /* fewest columns of the screen for a thread */
#define WIDEST    30
#define NAME      12 /* of a thread without its own column */

/* Columns of the screen for each thread; 0: threads have no column. */
static int
step_table_cell_cols(const struct steptable *t, int cols)
{
	int each = t->columns > 0 ? (cols - t->margin) / (int)t->columns : 0;

	if (each > WIDEST)
		each = WIDEST;
	return each >= NARROWEST ? each : 0;
}

static int
step_table_name_cols(const struct steptable *t)
{
	int most = 1;

	for (unsigned i = 0; i < t->columns; i++) {
		int cols = canvas_width(t->heading[i]);

		if (cols > most)
			most = cols;
	}
	return most < NAME ? most : NAME;
}

static void
step_table_draw_heading(const struct steptable *t, int each, struct pen *p)
{
	pen_repeat(p, LOOK_PLAIN, ' ', t->margin + 1);
	for (unsigned i = 0; i < t->columns && each > 0; i++) {
		pen_field(p, LOOK_TITLE, t->heading[i], each - 1);
		pen_char(p, LOOK_PLAIN, ' ');
	}
	if (each == 0)
		pen_text(p, LOOK_DIM, "thread and step");
}

static void
step_table_draw_row(const struct steptable *t, const struct step_table_row *r,
    int each, struct pen *p)
{
	if (t->margin > 0)
		pen_field(p, LOOK_DIM, r->margin != NULL ? r->margin : "",
		    -t->margin);
	if (each > 0) {
		pen_repeat(p, LOOK_PLAIN, ' ', each * (int)r->column);
	} else {
		pen_char(p, LOOK_PLAIN, ' ');
		pen_field(p, LOOK_TITLE, t->heading[r->column],
		    step_table_name_cols(t));
	}
	pen_char(p, r->look, r->marked ? '!' : ' ');
	pen_cut(p, r->look, r->text, pen_left(p));
}

unsigned
step_table_height(const struct steptable *t)
{
	return 1 + t->rows;
}

void
step_table_draw(const struct steptable *t, unsigned top, struct area a)
{
	int each = step_table_cell_cols(t, a.cols);
	struct pen p = pen_at(a, 0);

	step_table_draw_heading(t, each, &p);
	for (int i = 1; i < a.rows; i++) {
		unsigned at = top + (unsigned)i - 1;

		if (at >= t->rows)
			return;
		p = pen_at(a, i);
		step_table_draw_row(t, &t->row[at], each, &p);
	}
}
