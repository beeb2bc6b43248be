/* view_timeline_text: one moment of one thread, in words. */
#include "views/view_timeline.h"

#include <stdio.h>
#include <string.h>

#include "style/format.h"
#include "text/waiting.h"
#include "widgets/selection.h"
#include "widgets/thread_list.h"
#include "widgets/widgets.h"

const struct history_row *
timeline_row(const struct model *m, struct row r)
{
	return history_row(
	    m->past, r.proc->now.slot, (unsigned)(r.thread - r.proc->threads));
}

const char *
timeline_name(struct row r)
{
	return r.thread == r.proc->threads ? r.proc->name : r.thread->name;
}

uint64_t
timeline_start(const struct model *m)
{
	uint64_t start = m->control.start;

	return start != 0 && start <= m->now ? start : m->first;
}

uint64_t
timeline_column(const struct timeline *t, uint64_t start, uint64_t ns)
{
	uint64_t edge = start % t->width;

	return ns > edge ? (ns - edge) / t->width : 0;
}

const char *
timeline_clock(char buf[TIMELINE_CLOCK], const struct model *m, uint64_t ns,
    uint64_t width)
{
	static const uint64_t unit[] = {
	    1000000000, 100000000, 10000000, 1000000};
	uint64_t start = timeline_start(m);
	uint64_t at = ns > start ? ns - start : start - ns;
	char space[FORMAT_LEN];
	const char *clock = format_clock(space, at);
	int digits = 0;

	while (digits < 3 && width % unit[digits] != 0)
		digits++;
	if (digits == 0)
		snprintf(
		    buf, TIMELINE_CLOCK, "%s%s", ns < start ? "-" : "", clock);
	else
		snprintf(buf, TIMELINE_CLOCK, "%s%s.%0*u",
		    ns < start ? "-" : "", clock, digits,
		    (unsigned)(at % unit[0] / unit[digits]));
	return buf;
}

enum glyph
timeline_mark(const struct model *m, const struct history_mark *k,
    char buf[MODEL_NAME + 16], enum look *look)
{
	const struct model_proc *p;
	enum glyph glyph = GLYPH_BECOMES;

	*look = LOOK_STRONG;
	buf[0] = '\0';
	switch (k->kind) {
	case HISTORY_LOCK:
		*look = k->arg == 0 ? LOOK_WARN : LOOK_GOOD;
		snprintf(
		    buf, MODEL_NAME + 16, "%s", model_lock_name(m, k->arg));
		break;
	case HISTORY_PAUSE:
		*look = LOOK_GATED;
		snprintf(buf, MODEL_NAME + 16, "pause");
		glyph = GLYPH_PAUSED;
		break;
	case HISTORY_RESUME:
		*look = LOOK_RUN;
		snprintf(buf, MODEL_NAME + 16, "resume");
		glyph = GLYPH_RUNNING;
		break;
	case HISTORY_KILL:
		p = k->arg < m->nslots ? m->slot[k->arg] : NULL;
		*look = LOOK_BAD;
		snprintf(buf, MODEL_NAME + 16, "%s", p != NULL ? p->name : "");
		glyph = GLYPH_CROSS;
		break;
	case HISTORY_STEP:
		snprintf(buf, MODEL_NAME + 16, "step %u", (unsigned)k->arg);
		glyph = GLYPH_SELECTED;
		break;
	case HISTORY_UNDO:
		snprintf(buf, MODEL_NAME + 16, "back to %u", (unsigned)k->arg);
		glyph = GLYPH_BECAUSE;
		break;
	case HISTORY_KINDS:
		break;
	}
	return glyph;
}

/* In the past: whether the queue is empty or full now does not matter. */
static void
timeline_for_what(const struct model *m, const struct model_proc *proc,
    const struct model_thread *then, char buf[WAITS_LEN])
{
	char *cut;

	waiting_for(m, proc, then, buf);
	cut = strstr(buf, " (full)");
	if (cut == NULL)
		cut = strstr(buf, " (empty)");
	if (cut != NULL)
		*cut = '\0';
}

static void
timeline_tell_state(const struct model *m, struct pen *p, struct row r,
    const struct history_moment *was)
{
	const struct state_info *st = theme_state(was->state);
	enum look look = theme_state_look(was->state);
	struct model_thread then = *r.thread;
	char text[WAITS_LEN];

	then.now.state = was->state;
	then.now.object = was->object;
	then.now.owner = was->owner;
	timeline_for_what(m, r.proc, &then, text);
	if (text[0] == '\0') {
		pen_text(p, look, st->word);
		return;
	}
	pen_print(p, look, "waits %s %s",
	    st->is_act && was->object != 0 ? "to" : "for", text);
	if (!waiting_owner(m, r.proc, &then, true, text))
		return;
	pen_char(p, LOOK_PLAIN, ' ');
	pen_glyph(p, LOOK_WARN, GLYPH_BECAUSE);
	pen_print(p, LOOK_STRONG, " %s", text);
}

static void
timeline_tell_for(struct pen *p, uint64_t from, uint64_t to, bool over)
{
	char buf[FORMAT_LEN];

	pen_print(p, LOOK_DIM, ", %s%s",
	    format_age(buf, to > from ? to - from : 0), over ? "" : " so far");
}

/* The lock that it holds then, if any. */
static void
timeline_tell_hold(const struct model *m, struct pen *p,
    const struct history_row *row, uint64_t from, uint64_t to, uint64_t now)
{
	struct history_span hold;
	char name[MODEL_NAME];

	if (!history_hold(row, from, to, now, &hold))
		return;
	if (hold.from > from)
		from = hold.from;
	if (hold.to < to)
		to = hold.to;
	bool against = history_waited(m->past, hold.object, from, to);

	pen_text(p, LOOK_DIM, "; ");
	pen_print(p, against ? LOOK_BAD : LOOK_GOOD, "holds lock %s",
	    hold.object == 0 ? "sum" : model_mutex_name(m, hold.object, name));
	timeline_tell_for(p, hold.from, hold.to, hold.to < now);
	if (against)
		pen_text(p, LOOK_BAD, ", others wait");
}

static void
timeline_tell_marks(
    const struct model *m, struct pen *p, uint64_t from, uint64_t to)
{
	const struct history_mark *k;
	char what[MODEL_NAME + 16];

	for (unsigned i = 0; (k = history_mark(m->past, i)) != NULL; i++) {
		enum look look;

		if (k->ns < from || k->ns >= to)
			continue;
		enum glyph glyph = timeline_mark(m, k, what, &look);

		pen_text(p, LOOK_PLAIN, "  ");
		pen_glyph(p, look, glyph);
		pen_text(p, look, what);
	}
}

static void
timeline_tell_unknown(const struct model *m, struct pen *p,
    const struct history_row *row, uint64_t from, uint64_t now)
{
	char clock[TIMELINE_CLOCK];

	if (row != NULL && row->n > 0 && row->dropped > 0 &&
	    from < row->moment[0].ns)
		pen_print(p, LOOK_DIM, "nothing before %s is kept",
		    timeline_clock(clock, m, row->moment[0].ns, 1000000));
	else
		pen_text(
		    p, LOOK_DIM, from >= now ? "not reached yet" : "not known");
}

void
timeline_tell(const struct screen *s, const struct model *m, struct pen *p)
{
	const struct timeline *t = &s->timeline;
	unsigned at = selection_listed(s);
	uint64_t from = t->left + t->at * t->width, to = from + t->width;
	char clock[TIMELINE_CLOCK];
	struct row r;

	if (at == s->nlist || !selection_find(m, s->list[at], &r))
		return;

	const struct history_row *row = timeline_row(m, r);
	struct history_bin b = {.kind = BIN_UNKNOWN};

	if (row != NULL)
		history_bins(m->past, row, from, t->width, s->now, &b, 1);
	pen_print(p, LOOK_STRONG, " %s ", timeline_name(r));
	pen_print(p, LOOK_DIM, "%s  ",
	    timeline_clock(clock, m, b.kind == BIN_UNKNOWN ? from : b.ns,
		b.kind == BIN_UNKNOWN ? t->width : 1000000));
	if (b.kind == BIN_UNKNOWN) {
		timeline_tell_unknown(m, p, row, from, s->now);
		return;
	}

	unsigned i = history_at(row, b.ns);
	uint64_t until = history_until(row, i, s->now);

	timeline_tell_state(m, p, r, &row->moment[i]);
	timeline_tell_for(
	    p, row->moment[history_began(row, i)].ns, until, until < s->now);
	timeline_tell_hold(m, p, row, from, to, s->now);
	if (b.others > 0)
		pen_print(
		    p, LOOK_DIM, "; and %u more in this column", b.others);
	timeline_tell_marks(m, p, from, to);
}
