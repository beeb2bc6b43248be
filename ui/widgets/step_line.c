/* step_line: stepping as a line: for a thread, and for the schedule. */
#include "widgets/step_line.h"

#include <inttypes.h>
#include <stdio.h>

#include "text/stepping.h"

#define WIDE     60 /* columns for labels besides numbers */
#define TAIL     12 /* fewest useful columns of a schedule */
#define TAIL_MIN 5

bool
draw_step_says(const struct model *m, struct row r)
{
	return stepping_gated(m) && !m->ended &&
	    stepping_lives(r.proc, r.thread) &&
	    (model_step(r.thread)->point != POINT_NONE ||
		model_step(r.thread)->letter != 0);
}

static void
step_line_draw_blocker(const struct model *m, struct pen *p, struct row r)
{
	char name[STEPPING_LEN];

	if (!stepping_blocker(m, r.proc, r.thread, false, name))
		return;
	if (canvas_width(name) + 3 > pen_left(p))
		stepping_blocker(m, r.proc, r.thread, true, name);
	pen_char(p, LOOK_PLAIN, ' ');
	pen_glyph(p, LOOK_WARN, GLYPH_BECAUSE);
	pen_char(p, LOOK_PLAIN, ' ');
	pen_cut(p, LOOK_STRONG, name, pen_left(p));
}

void
draw_step(const struct model *m, struct pen *p, struct row r)
{
	const struct frame_step *s = model_step(r.thread);
	bool blocked = s->flags & STEP_BLOCKED, silent = s->flags & STEP_SILENT;
	enum look look = blocked || silent ? LOOK_DIM : LOOK_GOOD;
	char buf[LETTER_TEXT], what[STEPPING_LEN];
	const char *letter = letter_format(s->letter, buf);

	if (s->flags & STEP_LAST)
		pen_glyph(p, LOOK_KEY, GLYPH_BECOMES);
	else
		pen_char(p, LOOK_PLAIN, ' ');
	pen_print(p, LOOK_KEY, "%s ", letter[0] != '\0' ? letter : " ");
	if (s->point == POINT_NONE) {
		pen_text(p, LOOK_DIM, "  on its way");
		return;
	}
	if (blocked)
		pen_glyph(p, LOOK_BAD, GLYPH_CROSS);
	else
		pen_char(p, LOOK_PLAIN, ' ');
	stepping_operation(m, r.proc, r.thread, what);
	pen_print(p, look, silent ? " (%s)" : " %s", what);
	step_line_draw_blocker(m, p, r);
}

/*
 * The text after the schedule, as long as it leaves the schedule the room that
 * it `wants`, or at least `needs`.
 */
static void
step_line_sum_up(const struct model *m, int room, int wants, int needs,
    char buf[3 * STEPPING_LEN])
{
	const struct frame_schedule *l = &m->lab;
	char counts[STEPPING_LEN], who[STEPPING_LEN];

	stepping_counts(m, counts);
	stepping_who(m, who);
	snprintf(buf, 3 * STEPPING_LEN, "   %s   %s", counts, who);
	if (canvas_width(buf) + wants <= room)
		return;
	snprintf(buf, 3 * STEPPING_LEN, "  %" PRIu32 " step%s  %s", l->taken,
	    l->taken == 1 ? "" : "s", who);
	if (canvas_width(buf) + needs <= room)
		return;
	snprintf(buf, 3 * STEPPING_LEN, " %" PRIu32, l->taken);
}

void
draw_schedule(const struct model *m, struct area a)
{
	struct pen p = pen_at(a, 0);
	char more[3 * STEPPING_LEN], why[MODEL_LINE], text[MODEL_LINE + 32];
	bool wide = a.cols >= WIDE;
	const char *schedule = m->schedule[0] != '\0' ? m->schedule : "-";

	pen_char(&p, LOOK_PLAIN, ' ');
	stepping_spoilt(m, why, sizeof why);
	snprintf(text, sizeof text, "%s%s",
	    wide ? "cannot be repeated: " : "no repeat: ", why);
	if (why[0] != '\0') {
		int width = canvas_width(text);

		step_line_sum_up(
		    m, pen_left(&p), width, wide ? width : TAIL_MIN, more);
		pen_cut(&p, LOOK_WARN, text, pen_left(&p) - canvas_width(more));
	} else {
		pen_text(&p, LOOK_DIM, wide ? "schedule " : "");
		step_line_sum_up(m, pen_left(&p), TAIL, TAIL_MIN, more);
		pen_tail(&p, LOOK_STRONG, schedule,
		    pen_left(&p) - canvas_width(more));
	}
	pen_text(&p, LOOK_PLAIN, more);
	pen_fill(&p);
}
