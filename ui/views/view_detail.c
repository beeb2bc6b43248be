/* view_detail: all about one process or thread, and its last steps. */
#include "views/view_detail_priv.h"

#include <inttypes.h>
#include <stdio.h>

#include "style/format.h"
#include "text/stepping.h"
#include "text/waiting.h"
#include "widgets/process_end.h"
#include "widgets/selection.h"
#include "widgets/step_line.h"
#include "widgets/widgets.h"

#define LABEL_COLS 16

static void
detail_field(struct area a, int row, const char *label, const char *value)
{
	struct pen p = pen_at(a, row);

	pen_text(&p, LOOK_DIM, "  ");
	pen_field(&p, LOOK_DIM, label, LABEL_COLS);
	pen_cut(&p, LOOK_STRONG, value, pen_left(&p));
}

/* "14: 4 tasks, and 2 more in hand"; omits the tasks if the item has a name. */
static void
detail_describe_item(
    const struct model *m, const struct model_proc *p, char *buf, size_t size)
{
	const char *name = m->item_name[p->now.slot];
	int n;

	if (name[0] != '\0')
		n = snprintf(buf, size, "%" PRIu32 ": %s", p->now.item, name);
	else
		n = snprintf(buf, size, "%" PRIu32 ": %" PRIu32 " task%s",
		    p->now.item, p->now.item_n, p->now.item_n == 1 ? "" : "s");
	if (p->now.held > 1)
		snprintf(buf + n, size - (size_t)n,
		    ", and %" PRIu32 " more in hand", p->now.held - 1);
}

static int
detail_draw_proc(
    const struct model *m, const struct model_proc *p, struct area a, int row)
{
	const struct model_proc *starter = model_starter(m, p);
	bool private = m->control.sum_mode == SUM_PRIVATE;
	char buf[512];
	char num[FORMAT_LEN];

	if (starter != NULL)
		snprintf(buf, sizeof buf,
		    "%d, started by %s, forked by the supervisor (%d), "
		    "number %" PRIu32,
		    (int)p->pid, starter->name, (int)p->now.ppid,
		    p->now.serial);
	else
		snprintf(buf, sizeof buf, "%d, child of %d, number %" PRIu32,
		    (int)p->pid, (int)p->now.ppid, p->now.serial);
	detail_field(a, row++, "pid", buf);
	const char *ended = draw_ended(buf, p);
	detail_field(a, row++, "state",
	    ended[0] != '\0' ? ended : theme_state(p->now.state)->word);
	if (p->now.item > 0) {
		detail_describe_item(m, p, buf, sizeof buf);
		detail_field(a, row++, "item", buf);
	}
	snprintf(buf, sizeof buf, "%" PRIu32 " done", p->now.items);
	if (!m->control.program)
		detail_field(a, row++, "items", buf);
	if (model_adds(m) && !(m->masked && (private || p->now.slot == 0)))
		detail_field(a, row++,
		    private               ? "own sum"
			: p->now.slot > 0 ? "added"
					  : "sum",
		    format_number(num, p->now.sum));
	snprintf(buf, sizeof buf, "%u", selection_threads(m, p));
	detail_field(a, row++, "threads", buf);
	return row;
}

/*
 * In full, on as many rows as it takes: beside its label, or below it if the
 * screen is narrow.
 */
static int
detail_draw_whole(struct area a, int row, const char *label, const char *text)
{
	bool below = a.cols < 60;
	struct pen p = pen_at(a, row);

	pen_text(&p, LOOK_DIM, "  ");
	pen_field(&p, LOOK_DIM, label, LABEL_COLS);
	row += below;
	return row +
	    draw_indented(a, row, below ? 4 : LABEL_COLS + 2, LOOK_BAD, text);
}

/* Why it hangs: the thread, or each thread of the process. */
static int
detail_draw_reasons(const struct model *m, struct row r, struct area a, int row)
{
	for (unsigned i = 0; i < m->nreasons; i++) {
		const struct model_reason *why = &m->reason[i];

		if (why->slot == r.proc->now.slot &&
		    (r.thread == NULL || why->index == r.thread->now.index))
			row = detail_draw_whole(a, row, "hung", why->text);
	}
	return row;
}

/* The newest future that this thread ran and that failed; NULL: none. */
static const struct model_future *
detail_last_failed(const struct model *m, struct row r)
{
	const struct model_future *f, *last = NULL;

	for (unsigned i = 0; (f = model_future_at(m, i)) != NULL; i++)
		if (f->now.state == FUTURE_FAILED && r.proc->now.slot > 0 &&
		    f->now.slot == r.proc->now.slot &&
		    f->now.index == r.thread->now.index)
			last = f;
	return last;
}

/* The name of its current task, and why one failed, in full. */
static int
detail_draw_futures(const struct model *m, struct row r, struct area a, int row)
{
	const struct model_future *f =
	    model_future_of(m, r.proc->now.slot, r.thread->now.index);
	char buf[MODEL_LABEL + MODEL_WHY + 2], label[MODEL_LABEL];

	if (f != NULL)
		detail_field(a, row++, "running", model_future_label(f, label));
	f = detail_last_failed(m, r);
	if (f == NULL)
		return row;
	snprintf(buf, sizeof buf, "%s: %s", model_future_label(f, label),
	    model_future_why(f));
	return detail_draw_whole(a, row, "failed", buf);
}

/* Stepped: what it is about to do, or what blocks it. */
static int
detail_draw_point(const struct model *m, struct row r, struct area a, int row)
{
	const struct frame_step *s = model_step(r.thread);
	char buf[STEPPING_LEN], letter[LETTER_TEXT];
	char text[2 * STEPPING_LEN];

	if (!draw_step_says(m, r))
		return row;
	if (s->letter != 0) {
		snprintf(text, sizeof text, "%s, %" PRIu32 " step%s taken",
		    letter_format(s->letter, letter), s->steps,
		    s->steps == 1 ? "" : "s");
		detail_field(a, row++, "letter", text);
	}
	stepping_operation(m, r.proc, r.thread, buf);
	snprintf(text, sizeof text, "%s%s", buf,
	    s->flags & STEP_SILENT ? ", no step needed: it continues by itself"
				   : "");
	detail_field(a, row++, "about to", s->point != POINT_NONE ? text : "-");
	if (s->flags & STEP_BLOCKED) {
		stepping_blocked(m, r.proc, r.thread, buf);
		detail_field(a, row++, "blocked", buf);
	}
	return row;
}

static int
detail_draw_one_thread(const struct screen *s, const struct model *m,
    struct row r, struct area a, int row)
{
	const struct frame_thread *t = &r.thread->now;
	char buf[2 * WAITS_LEN + 32], what[WAITS_LEN], owner[WAITS_LEN];
	char num[FORMAT_LEN];

	snprintf(buf, sizeof buf, "%d, thread %u of %s, pid %d",
	    (int)r.thread->tid, t->index, r.proc->name, (int)r.proc->pid);
	detail_field(a, row++, "tid", buf);
	snprintf(buf, sizeof buf, "%c %s for %s", theme_state(t->state)->letter,
	    theme_state(t->state)->word,
	    format_age(
		num, s->now > r.thread->since ? s->now - r.thread->since : 0));
	detail_field(a, row++, "state", buf);
	waiting_for(m, r.proc, r.thread, what);
	if (what[0] != '\0') {
		bool owned = waiting_owner(m, r.proc, r.thread, false, owner);

		snprintf(buf, sizeof buf, "%s%s%s", what,
		    owned ? ", blocked by " : "", owned ? owner : "");
		detail_field(a, row++, "waits for", buf);
	}
	row = detail_draw_point(m, r, a, row);
	row = detail_draw_futures(m, r, a, row);
	snprintf(buf, sizeof buf, "%" PRIu64 " done", t->tasks);
	if (t->task > 0)
		snprintf(buf, sizeof buf,
		    "%" PRIu64 " done, now at task %u of its item", t->tasks,
		    t->task);
	detail_field(a, row++, "tasks", buf);
	if (!model_adds(m))
		return row;
	detail_field(a, row++, "adds", format_number(num, (int64_t)t->adds));
	if (!m->masked)
		detail_field(a, row++, "net lost", format_number(num, t->lost));
	return row;
}

static int
detail_draw_from(const struct screen *s, const struct model *m, struct row r,
    struct area a, int row)
{
	struct pen p = pen_at(a, row++);

	if (r.thread != NULL) {
		pen_print(
		    &p, LOOK_TITLE, " %s/%s", r.proc->name, r.thread->name);
		row = detail_draw_one_thread(
		    s, m, r, a, detail_draw_reasons(m, r, a, row));
	} else {
		pen_print(&p, LOOK_TITLE, " %s", r.proc->name);
		row = detail_draw_proc(
		    m, r.proc, a, detail_draw_reasons(m, r, a, row));
	}
	return detail_steps_draw(s, m, r, a, row + 1);
}

/* The current selection; does not change it. */
static bool
detail_subject(const struct screen *s, const struct model *m, struct row *r)
{
	r->proc = model_proc_by_pid(m, s->selection.pid);
	r->thread = NULL;
	if (r->proc == NULL)
		return false;
	if (s->selection.tid != 0 && s->selection.index < r->proc->nthreads)
		r->thread = &r->proc->threads[s->selection.index];
	return true;
}

static void
view_detail_settle(struct screen *s, const struct model *m)
{
	struct area none = {.cols = s->cols};
	struct row r;

	if (detail_subject(s, m, &r))
		view_scroll_settle(
		    s, (unsigned)detail_draw_from(s, m, r, none, 0));
}

static void
view_detail_draw(const struct screen *s, const struct model *m, struct area a)
{
	struct row r;
	struct pen p = pen_at(a, 0);

	if (!detail_subject(s, m, &r)) {
		pen_text(&p, LOOK_DIM, " it no longer exists");
		return;
	}
	detail_draw_from(s, m, r, a, -(int)s->top);
	view_draw_more(s, a);
}

static unsigned
view_detail_act(struct screen *s, const struct model *m, enum action action)
{
	switch (action) {
	case ACTION_LEFT:
		selection_proc_by(s, m, -1);
		return DO_REDRAW;
	case ACTION_RIGHT:
		selection_proc_by(s, m, 1);
		return DO_REDRAW;
	default:
		return view_scroll(s, action);
	}
}

const struct view view_detail = {
    .name = "detail",
    .aside = true,
    .settle = view_detail_settle,
    .draw = view_detail_draw,
    .act = view_detail_act,
};
