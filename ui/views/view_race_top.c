/* view_race_top: how much is lost, and how much observation affects it. */
#include <stdio.h>

#include "style/format.h"
#include "text/gil_text.h"
#include "views/view_race.h"
#include "widgets/widgets.h"

#define LINE 1024

static const char *
race_top_percent(char buf[FORMAT_LEN], double part, double of)
{
	double p = of > 0 ? part * 100 / of : 0;

	snprintf(buf, FORMAT_LEN, p > 0 && p < 0.1 ? "%.2f %%" : "%.1f %%", p);
	return buf;
}

static void
race_top_draw_share(
    const struct screen *s, const struct model *m, struct pen *p)
{
	const struct lost_updates *r = &m->races;
	char seen[FORMAT_LEN], all[FORMAT_LEN], share[FORMAT_LEN];
	struct segments g = {.n = 0};
	struct segment *one;
	/* The sum's frame may be older than the trace's. */
	uint64_t lost =
	    m->sum.lost_updates > r->seen ? m->sum.lost_updates : r->seen;

	pen_text(p, LOOK_TITLE, " race  ");
	one = segments_add(&g, 0, NULL, LOOK_STRONG);
	segment_value(one, "seen %s of %s lost updates (%s)",
	    format_count(seen, r->seen), format_count(all, lost),
	    race_top_percent(share, (double)r->seen, (double)lost));
	segment_brief(one, "%s of %s lost", format_short(seen, (double)r->seen),
	    format_short(all, (double)lost));
	if (s->race.pinned && r->records > s->race.newest) {
		one = segments_add(&g, 2, NULL, LOOK_NOTICE);
		segment_value(one, "%s newer: Home",
		    format_count(all, r->records - s->race.newest));
	}
	if ((m->lab.flags & SCHEDULE_BLIND) != 0)
		segment_value(
		    segments_add(&g, 1, NULL, LOOK_WARN), "unobserved");
	one = segments_add(&g, 3, NULL, LOOK_DIM);
	segment_value(one, "m %s", s->race.matrix ? "steps" : "matrix");
	segments_draw(&g, p);
}

/* "43.1 % of 1.2M/s" */
static void
race_top_draw_rate(const char *label, const struct model_kind *k, struct pen *p)
{
	char share[FORMAT_LEN], adds[FORMAT_LEN];

	pen_text(p, LOOK_DIM, label);
	if (k->ns == 0) {
		pen_text(p, LOOK_DIM, "not known yet");
		return;
	}
	pen_text(p, LOOK_STRONG,
	    race_top_percent(share, (double)k->lost_updates, (double)k->adds));
	pen_text(p, LOOK_PLAIN, " of ");
	pen_text(p, LOOK_STRONG,
	    format_short(adds, (double)k->adds * 1e9 / (double)k->ns));
	pen_text(p, LOOK_PLAIN, "/s");
}

/* The current kind; none, if the current one loses nothing. */
static unsigned
race_top_kind_of(const struct model *m)
{
	unsigned kind = m->lock.kind < MODEL_MAX_LOCKS ? m->lock.kind : 0;

	return m->lock_flaw[kind][0] != '\0' ? kind : 0;
}

/* The probe effect. */
static bool
race_top_draw_weight(const struct model *m, struct area a, int row)
{
	unsigned kind = race_top_kind_of(m);
	const struct model_kind *all = &m->kind[kind], *blind = &m->blind[kind];
	bool both = blind->ns > 0 || (m->lab.flags & SCHEDULE_BLIND) != 0;
	bool exact = !both && model_kind_exact(m, kind);
	struct model_kind watched = {.ns = all->ns - blind->ns,
	    .adds = all->adds - blind->adds,
	    .lost_updates = all->lost_updates - blind->lost_updates};
	struct pen p = pen_at(a, row);

	/* With hardly any time or by hand, a rate says nothing. */
	if (exact)
		watched = model_kind_of(m, kind);
	if (watched.ns + blind->ns == 0 || watched.adds + blind->adds == 0 ||
	    m->lab.scheduler != SCHEDULER_NONE)
		return false;
	pen_print(&p, LOOK_DIM, " lost, lock %s:  ", model_lock_name(m, kind));
	race_top_draw_rate("watched ", &watched, &p);
	if (both)
		race_top_draw_rate("   unwatched ", blind, &p);
	else if (pen_left(&p) > 24) {
		pen_text(&p, LOOK_DIM, "   unwatched: ");
		pen_text(&p, LOOK_KEY, "b");
	}
	if (!exact && pen_left(&p) > 20)
		pen_text(&p, LOOK_DIM, "   complete samples only");
	return true;
}

/* "the interpreter lock changed hands ...": and when it does. */
static int
race_top_draw_gil(const struct model *m, struct area a, int row)
{
	char counts[GIL_TEXT_LEN], text[LINE];

	if (!gil_text_counts(m, counts))
		return 0;
	snprintf(text, sizeof text, "%s (%s)", counts, gil_text_rule(m));
	return draw_indented(a, row, 1, LOOK_LOCK, text);
}

int
race_top_draw(const struct screen *s, const struct model *m, struct area a)
{
	char text[LINE];
	struct pen p = pen_at(a, 0);
	int row = 1;

	if (m->masked) {
		pen_text(&p, LOOK_TITLE, " race  ");
		pen_text(&p, LOOK_WARN, "hidden until you guess");
		return row;
	}
	race_top_draw_share(s, m, &p);
	if (s->rows >= 10)
		row += race_top_draw_weight(m, a, row);
	if (s->rows >= 10)
		row += race_top_draw_gil(m, a, row);
	race_quiet(m, s->now, text, sizeof text);
	if (text[0] != '\0')
		row += draw_indented(a, row, 1, LOOK_GOOD, text);
	return row;
}
