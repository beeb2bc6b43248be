/* footer: how the run ended, and the bottom line. */
#include "dashboard/footer.h"

#include <inttypes.h>
#include <string.h>

#include "dashboard/header.h"
#include "style/format.h"
#include "text/stepping.h"
#include "widgets/object_rows.h"
#include "widgets/process_end.h"
#include "widgets/widgets.h"

#define PRINTED     4 /* lines of the program, at most */
#define PRINTED_MIN 2
#define LABEL_COLS  9

static void
footer_report_title(
    const struct model *m, const struct screen *s, struct pen *p)
{
	static const char *const words[] = {
	    [OUTCOME_DONE] = "done in",
	    [OUTCOME_STOPPED] = "stopped after",
	    [OUTCOME_FAILED] = "no worker left after",
	    [OUTCOME_HUNG] = "hung, stopped after",
	};
	bool failed = m->bye.outcome == OUTCOME_FAILED && m->control.program;
	char buf[FORMAT_LEN];

	pen_print(p, LOOK_STRONG, " %s %s ",
	    failed || stepping_misfits(m) ? "failed after"
					  : words[m->bye.outcome],
	    format_took(buf, m->bye.elapsed));
	pen_text(p, LOOK_DIM, " ");
	if (s->steers) {
		pen_text(p, LOOK_KEY, "r");
		pen_text(p, LOOK_PLAIN, " runs again  ");
	}
	if (s->steers && s->undoes) {
		pen_text(p, LOOK_KEY, "u");
		pen_text(p, LOOK_PLAIN, " undoes the last step  ");
	}
	pen_text(p, LOOK_KEY, "q");
	pen_text(p, LOOK_PLAIN, " quits ");
}

static void
footer_report_items(const struct model *m, struct pen *p)
{
	const struct frame_item_queue *q = &m->item_queue;
	bool hold = model_items_hold(m);
	char buf[FORMAT_LEN];

	pen_print(p, LOOK_PLAIN,
	    " items %" PRIu64 " put, %" PRIu64
	    " done, %u requeued, %u poisoned",
	    q->put, q->done, q->requeued, q->poisoned);
	pen_print(p, LOOK_PLAIN, "   tasks %s   ",
	    format_number(buf, (int64_t)model_tasks(m)));
	pen_glyph(
	    p, hold ? LOOK_GOOD : LOOK_ALARM, hold ? GLYPH_TICK : GLYPH_CROSS);
	if (q->queued > 0 || q->in_flight > 0)
		pen_print(p, LOOK_WARN, "  %u left", q->queued + q->in_flight);
}

/* For a program: how main exited, and its futures. */
static void
footer_report_fate(const struct model *m, struct pen *p)
{
	const struct model_proc *first = model_main(m);
	struct model_futures n = model_futures(m);
	struct segments s = {.n = 0};
	char how[64];

	pen_char(p, LOOK_PLAIN, ' ');
	if (first != NULL && draw_ended(how, first)[0] != '\0') {
		struct segment *one =
		    segments_add(&s, 1, first->name, LOOK_PLAIN);
		segment_value(one, "%s", how);
	}
	if (n.executors > 0) {
		segment_value(segments_add(&s, 2, NULL, LOOK_PLAIN), "futures");
		object_rows_add_futures(&s, &n);
	}
	segments_draw(&s, p);
}

static int
footer_lines_printed(const struct model *m, uint64_t most)
{
	return (int)(m->output_total < most ? m->output_total : most);
}

/* The last lines that it printed, one per row. */
static void
footer_draw_printed(const struct model *m, struct area a)
{
	uint64_t kept = m->output_total < MODEL_MAX_OUTPUT ? m->output_total
							   : MODEL_MAX_OUTPUT;

	for (int i = 0; i < a.rows; i++) {
		const struct model_log *line = model_output_at(
		    m, (unsigned)(kept - (uint64_t)(a.rows - i)));
		struct pen p = pen_at(a, i);

		if (line != NULL)
			pen_cut(&p, LOOK_PLAIN, line->text, pen_left(&p));
	}
}

static struct area
footer_labelled(struct area a, const char *label)
{
	int cols = a.cols > 50 ? LABEL_COLS : 1;
	struct pen p = pen_at(a, 0);

	pen_char(&p, LOOK_DIM, ' ');
	if (cols > 1)
		pen_field(&p, LOOK_DIM, label, LABEL_COLS - 1);
	return area_part(a, 0, cols, a.rows, a.cols - cols);
}

/* Its results, and as much of its output as fits. */
static void
footer_report_found(const struct model *m, struct area a)
{
	int results = (int)object_rows_results(m),
	    printed = footer_lines_printed(m, PRINTED);
	int most = a.rows - results;

	if (most < PRINTED_MIN)
		most = a.rows - 1 < PRINTED_MIN ? a.rows - (results > 0)
						: PRINTED_MIN;
	if (printed > most)
		printed = most > 0 ? most : 0;
	if (results > a.rows - printed)
		results = a.rows - printed;
	if (results > 0)
		object_rows_draw_results(m,
		    footer_labelled(
			area_part(a, 0, 0, results, a.cols), "results"));
	if (printed > 0)
		footer_draw_printed(m,
		    footer_labelled(
			area_part(a, results, 0, printed, a.cols), "printed"));
}

static void
footer_report_sum(const struct model *m, struct pen *p)
{
	if (m->masked) {
		pen_text(p, LOOK_PLAIN, " sum ? + lost ?   ");
		pen_text(p, LOOK_KEY, "P");
		pen_text(
		    p, LOOK_PLAIN, " guesses; the sum is hidden until then");
		return;
	}
	struct segments s = {.n = 0};
	char a[FORMAT_LEN], b[FORMAT_LEN], c[FORMAT_LEN], d[FORMAT_LEN];
	bool private = m->control.sum_mode == SUM_PRIVATE;
	struct segment *one =
	    segments_add(&s, 0, NULL, m->sum.lost != 0 ? LOOK_BAD : LOOK_PLAIN);

	segment_value(one, "%s %s + lost %s, expected %s",
	    private ? "copies" : "sum", format_number(a, model_total(m)),
	    format_number(b, m->sum.lost), format_number(c, m->sum.expected));
	one = segments_add(&s, 2, NULL, LOOK_PLAIN);
	segment_value(one, "%s update%s lost",
	    format_number(d, (int64_t)m->sum.lost_updates),
	    m->sum.lost_updates == 1 ? "" : "s");
	header_add_ledger(&s, m);
	pen_char(p, LOOK_PLAIN, ' ');
	segments_draw(&s, p);
}

int
footer_report_rows(const struct model *m)
{
	int rows = 2 + 1 + model_adds(m);

	if (m->control.program)
		rows += (int)object_rows_results(m) +
		    footer_lines_printed(m, PRINTED);
	return rows > FOOTER_FRAMED ? rows : FOOTER_FRAMED;
}

int
footer_brief_rows(const struct model *m)
{
	return m->control.program ? 1 + footer_lines_printed(m, 2) : 1;
}

static void
footer_report_program(const struct model *m, struct area in)
{
	struct pen p = pen_at(in, 0);
	int found = in.rows - 1 - model_adds(m);

	footer_report_fate(m, &p);
	footer_report_found(m, area_part(in, 1, 0, found, in.cols));
	p = pen_at(in, in.rows - 1);
	if (model_adds(m))
		footer_report_sum(m, &p);
}

void
footer_draw_report(const struct model *m, const struct screen *s, struct area a)
{
	if (a.rows < FOOTER_FRAMED) {
		struct pen p = pen_at(a, 0);
		footer_report_title(m, s, &p);
		footer_draw_printed(
		    m, area_part(a, 1, 1, a.rows - 1, a.cols - 1));
		return;
	}
	struct area in = area_box(a, LOOK_STRONG);
	struct pen title = pen_at(area_part(a, 0, 2, 1, a.cols - 4), 0);
	footer_report_title(m, s, &title);
	if (m->control.program) {
		footer_report_program(m, in);
		return;
	}
	struct pen items = pen_at(in, 0), sum = pen_at(in, 1);
	footer_report_items(m, &items);
	footer_report_sum(m, &sum);
}

static void
footer_draw_replay(const struct footer_replay *r, struct pen *p)
{
	char a[FORMAT_LEN], b[FORMAT_LEN];
	const char *at = format_clock(a, r->at);
	const char *length = format_clock(b, r->length);
	bool narrow = pen_left(p) < 40;

	if (narrow)
		pen_print(p, LOOK_STRONG, "%s/%s", at, length);
	else
		pen_print(
		    p, LOOK_STRONG, " replay %s / %s x%g", at, length, r->pace);
	pen_char(p, LOOK_PLAIN, ' ');
	if (r->ended)
		pen_text(p, LOOK_NOTICE, narrow ? "end" : "end of recording");
	else if (r->paused)
		pen_text(p, LOOK_NOTICE, narrow ? "||" : "paused");
	if (r->ended || r->paused)
		pen_char(p, LOOK_PLAIN, ' ');
}

static void
footer_draw_key(const struct keys_binding *b, struct pen *p)
{
	const char *label = b->bar_label != NULL ? b->bar_label : b->label;
	int n = (int)strcspn(label, " ");

	if (b->bar_label != NULL)
		n = (int)strlen(label);
	if (pen_left(p) < n + 2 + (int)strlen(b->bar))
		return;
	pen_print(p, LOOK_KEY, " %.*s", n, label);
	pen_print(p, LOOK_PLAIN, " %s", b->bar);
}

/* Keys of the bar; `first`: those visible even on the narrowest screen. */
static void
footer_draw_group(
    const struct screen *s, struct pen *p, enum keys_group group, bool first)
{
	const struct keys_where where = screen_where(s);

	for (unsigned i = 0; i < s->keys->n; i++) {
		const struct keys_rows *r = s->keys->rows[i];

		for (unsigned j = 0; j < r->n; j++) {
			const struct keys_binding *b = &r->row[j];

			if (b->group == group && b->first == first &&
			    keys_bar(s->keys, b, where))
				footer_draw_key(b, p);
		}
	}
}

static void
footer_draw_keys(const struct screen *s, struct pen *p)
{
	static const enum keys_group order[] = {KEYS_EXPLORE, KEYS_STEP,
	    KEYS_VIEWS, KEYS_STEER, KEYS_REPLAY, KEYS_MOVE, KEYS_OTHER};
	const size_t n = sizeof order / sizeof order[0];

	for (size_t i = 0; i < n; i++)
		footer_draw_group(s, p, order[i], true);
	for (size_t i = 0; i < n; i++)
		footer_draw_group(s, p, order[i], false);
}

void
footer_draw_bar(
    const struct screen *s, const struct footer_replay *replay, struct area a)
{
	struct pen p = pen_at(a, 0);

	if (replay != NULL)
		footer_draw_replay(replay, &p);
	if (s->filter[0] != '\0')
		pen_print(&p, LOOK_NOTICE, " /%s ", s->filter);
	footer_draw_keys(s, &p);
	pen_fill(&p);
}
