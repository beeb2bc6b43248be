/* header_sum: the sum, its expected value, and whether the ledger holds. */
#include "dashboard/header_priv.h"
#include "model/predict.h"
#include "style/format.h"

static const struct header_mark ledgers[] = {
    [LEDGER_HOLDS] = {.word = "ok", .glyph = GLYPH_TICK, .look = LOOK_GOOD},
    [LEDGER_SETTLING] = {.word = "settling",
	.glyph = GLYPH_UNSURE,
	.look = LOOK_DIM},
    [LEDGER_DOUBT] = {.word = "in doubt",
	.glyph = GLYPH_UNSURE,
	.look = LOOK_WARN},
    [LEDGER_BROKEN] = {.word = "BROKEN",
	.glyph = GLYPH_CROSS,
	.look = LOOK_ALARM},
};

/* A tick, or another mark, after the identity that it refers to. */
void
header_add_ledger(struct segments *s, const struct model *m)
{
	enum model_ledger l = model_ledger(m);
	struct segment *one = segments_add(s, 1, NULL, ledgers[l].look);
	one->glyph = ledgers[l].glyph;
	bool private = m->control.sum_mode == SUM_PRIVATE;

	segment_value(one, "%s %s + lost %s expected", ledgers[l].word,
	    private ? "copies" : "sum", l == LEDGER_BROKEN ? "!=" : "=");
	segment_brief(one, "%s", ledgers[l].word);
	if (m->sum.in_doubt > 0) {
		one = segments_add(s, 2, "in doubt", LOOK_WARN);
		segment_value(one, "%u", m->sum.in_doubt);
	}
}

/* Until it is guessed. */
void
header_draw_masked(const struct model *m, struct pen *p)
{
	struct segments s = {.n = 0};
	char buf[FORMAT_LEN];
	struct segment *one = segments_add(&s, 0, "sum", LOOK_STRONG);

	segment_value(one, "?");
	one = segments_add(&s, 1, "expected", LOOK_STRONG);
	const char *expected = format_number(buf, m->sum.expected);
	segment_value(one, "%s", expected);
	segment_brief(one, "of %s", expected);
	segment_value(segments_add(&s, 0, "lost", LOOK_STRONG), "?");
	one = segments_add(&s, 2, "P", LOOK_NOTICE);
	segment_value(one, "guesses; the sum is hidden until then");
	segment_brief(one, "P guesses");
	segments_draw(&s, p);
}

static void
header_add_guess(struct segments *s, const struct predict *guess)
{
	struct segment *one;
	char buf[PREDICT_LEN];

	if (guess == NULL || guess->state != PREDICT_GUESSED)
		return;
	one = segments_add(s, 0, "guess", LOOK_NOTICE);
	const char *typed = predict_guess(guess, buf);
	segment_value(one, "%s", typed);
	segment_brief(one, "(%s)", typed);
}

void
header_draw_sum(
    const struct screen *screen, const struct model *m, struct pen *p)
{
	bool private = m->control.sum_mode == SUM_PRIVATE;
	const struct frame_sum *f = &m->sum;
	enum look alarm = f->lost != 0 ? LOOK_BAD : LOOK_DIM;
	const struct model_proc *first =
	    m->control.program ? model_main(m) : NULL;
	struct segments s = {.n = 0};
	struct segment *one = segments_add(&s, 0, "sum", LOOK_STRONG);
	char buf[FORMAT_LEN], cell[FORMAT_LEN];
	const char *sum = format_number(cell, f->sum);

	segment_value(one, "%s", sum);
	header_add_guess(&s, screen->predict);
	if (private && first != NULL)
		segment_value(one, "%s in %s",
		    format_number(buf, first->now.sum), first->name);
	else if (private && pen_left(p) > 90)
		segment_value(one, "%s (supervisor's copy)", sum);
	if (private) {
		one = segments_add(&s, 0, "copies", LOOK_STRONG);
		segment_value(one, "%s", format_number(buf, model_copies(m)));
	}
	one = segments_add(&s, 1, "expected", LOOK_STRONG);
	segment_value(one, "%s", format_number(buf, f->expected));
	segment_brief(one, "of %s", format_number(buf, f->expected));
	one = segments_add(&s, 0, "lost", alarm);
	segment_value(one, "%s", format_number(buf, f->lost));
	one = segments_add(&s, 3, NULL, alarm);
	segment_value(one, "%.2f %%",
	    f->expected > 0 ? 100.0 * (double)f->lost / (double)f->expected
			    : 0.0);
	one->spark = &m->lost_rate;
	one->cols = private ? 8 : pen_left(p) > 110 ? 24 : 10;
	header_add_ledger(&s, m);
	segments_draw(&s, p);
}
