/* lock_kind_columns: the results of each lock kind, as columns. */
#include "widgets/lock_kind_columns.h"

#include "style/format.h"

#define ADDS_COLS 8
#define LOST_COLS (KIND_COLS - ADDS_COLS)

void
draw_kind_titles(const struct model *m, struct pen *p, bool contended)
{
	pen_field(p, LOOK_DIM, "adds/s", -ADDS_COLS);
	pen_field(p, LOOK_DIM, "lost", -LOST_COLS);
	if (contended)
		pen_field(p, LOOK_DIM, "contended", 2 - CONTENDED_COLS);
	pen_text(p, LOOK_DIM, "  ");
	if (model_adds(m) && !model_kind_exact(m, m->lock.kind))
		pen_text(p, LOOK_DIM, "complete samples only");
}

static void
kind_number(struct pen *p, enum look look, bool known, double n, int cols)
{
	char buf[FORMAT_LEN];

	pen_field(p, known ? look : LOOK_DIM,
	    known ? format_short(buf, n) : "-", -cols);
}

void
draw_kind_numbers(
    const struct model *m, unsigned kind, struct pen *p, bool contended)
{
	const struct model_kind k = model_kind_of(m, kind);
	double adds = model_kind_adds(m, kind);
	bool known = k.ns > 0;

	if (known && adds < 0) /* not one complete sample */
		adds = (double)k.adds * 1e9 / (double)k.ns;

	kind_number(p, LOOK_PLAIN, known, adds, ADDS_COLS);
	kind_number(p, k.lost_updates > 0 ? LOOK_ALARM : LOOK_GOOD, known,
	    (double)k.lost_updates, LOST_COLS);
	if (contended)
		kind_number(p, LOOK_PLAIN, known, (double)k.contended,
		    CONTENDED_COLS - 2);
	pen_text(p, LOOK_PLAIN, "  ");
}
