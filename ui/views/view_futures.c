/*
 * view_futures: every future, in the order of submission or of completion, so
 * that the two can be compared.
 */
#include "views/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "style/format.h"
#include "style/theme.h"
#include "widgets/object_rows.h"
#include "widgets/widgets.h"

/* Columns of a row, 0: left out. The result gets the rest. */
struct columns {
	int executor, number, label, state, by, waited, ran, order;
};

static const struct {
	const char *word;
	enum look look;
} states[FUTURE_STATES] = {
    [FUTURE_PENDING] = {.word = "pending", .look = LOOK_DIM},
    [FUTURE_RUNNING] = {.word = "running", .look = LOOK_RUN},
    [FUTURE_DONE] = {.word = "done", .look = LOOK_PLAIN},
    [FUTURE_FAILED] = {.word = "FAILED", .look = LOOK_BAD},
    [FUTURE_CANCELLED] = {.word = "cancelled", .look = LOOK_WARN},
};

static struct columns
futures_columns_for(int cols, bool several, bool hybrid)
{
	struct columns c = {.number = 5, .label = 12, .state = 8, .order = 6};

	if (cols >= 60) {
		c.by = hybrid ? 18 : 11;
		c.state = 10;
	}
	if (cols >= 76) {
		c.label = hybrid ? 13 : 15;
		c.waited = c.ran = 7;
	}
	if (cols >= 100) {
		c.label = 24;
		c.by = 20;
		c.waited = c.ran = 9;
		c.executor = several ? 14 : 0;
	}
	return c;
}

/* The thread that runs it or ran it, by its current name. */
static const char *
futures_by_whom(
    const struct model *m, const struct frame_future *f, char *buf, size_t size)
{
	const struct model_proc *p = m->slot[f->slot];

	if (f->slot == 0 || p == NULL || f->state == FUTURE_PENDING)
		return "";
	if (f->index == 0 || f->index >= p->nthreads)
		return p->name;
	/* All in one process: the threads' names are enough. */
	if (m->executor[f->executor].now.kind != EXECUTOR_HYBRID)
		return p->threads[f->index].name;
	snprintf(buf, size, "%s/%s", p->name, p->threads[f->index].name);
	return buf;
}

static bool
futures_any_hybrid(const struct model *m)
{
	for (unsigned i = 1; i < MODEL_OBJECTS; i++)
		if (m->executor[i].known &&
		    m->executor[i].now.kind == EXECUTOR_HYBRID)
			return true;
	return false;
}

static bool
futures_matches(const struct screen *s, const struct model_future *f)
{
	char label[MODEL_LABEL];

	return s->filter[0] == '\0' ||
	    strcasestr(model_future_label(f, label), s->filter) != NULL ||
	    strcasestr(states[f->now.state].word, s->filter) != NULL;
}

/* The completed ones come first. */
static int
futures_by_order(const void *va, const void *vb, void *arg)
{
	const struct model *m = arg;
	const struct frame_future *a =
	    &model_future_at(m, *(const uint16_t *)va)->now;
	const struct frame_future *b =
	    &model_future_at(m, *(const uint16_t *)vb)->now;

	if ((a->order == 0) != (b->order == 0))
		return a->order == 0 ? 1 : -1;
	if (a->executor != b->executor)
		return (int)a->executor - (int)b->executor;
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static int
futures_by_number(const void *va, const void *vb, void *arg)
{
	const struct model *m = arg;
	const struct frame_future *a =
	    &model_future_at(m, *(const uint16_t *)va)->now;
	const struct frame_future *b =
	    &model_future_at(m, *(const uint16_t *)vb)->now;

	if (a->executor != b->executor)
		return (int)a->executor - (int)b->executor;
	return a->number < b->number ? -1 : a->number > b->number;
}

static void
view_futures_settle(struct screen *s, const struct model *m)
{
	const struct model_future *f;
	union {
		const struct model *in;
		void *out;
	} arg = {.in = m};

	s->nfutures = 0;
	for (unsigned i = 0; (f = model_future_at(m, i)) != NULL; i++)
		if (futures_matches(s, f))
			s->futures[s->nfutures++] = (uint16_t)i;
	qsort_r(s->futures, s->nfutures, sizeof *s->futures,
	    s->by_order ? futures_by_order : futures_by_number, arg.out);

	int rows = s->rows;

	s->rows -= 2;
	view_scroll_settle(s, s->nfutures);
	s->rows = rows;
}

static void
futures_draw_heading(struct columns c, struct pen *p)
{
	pen_field(p, LOOK_DIM, "#", -c.number);
	pen_char(p, LOOK_DIM, ' ');
	pen_field(p, LOOK_DIM, "executor", c.executor);
	pen_field(p, LOOK_DIM, "task", c.label);
	pen_field(p, LOOK_DIM, "state", c.state);
	pen_field(p, LOOK_DIM, "by", c.by);
	pen_field(p, LOOK_DIM, "waited", -c.waited);
	pen_field(p, LOOK_DIM, "ran", -c.ran);
	pen_field(p, LOOK_DIM, "order", -c.order);
	pen_text(p, LOOK_DIM, "  result");
}

static void
futures_age_field(struct pen *p, bool known, uint64_t us, int cols)
{
	char buf[FORMAT_LEN];

	if (cols != 0)
		pen_field(p, LOOK_PLAIN,
		    known ? format_age(buf, us * 1000) : "", -cols);
}

static void
futures_draw_result(const struct model_future *future, struct pen *p)
{
	const struct frame_future *f = &future->now;
	char buf[FORMAT_LEN];

	pen_text(p, LOOK_PLAIN, "  ");
	switch ((enum frame_future_state)f->state) {
	case FUTURE_FAILED:
		pen_cut(p, LOOK_BAD, model_future_why(future), pen_left(p));
		break;
	case FUTURE_DONE:
		if (f->size == 4 || f->size == 8)
			pen_text(p, LOOK_STRONG, format_number(buf, f->value));
		else if (f->size > 0)
			pen_print(p, LOOK_DIM, "(%s bytes)",
			    format_number(buf, f->size));
		break;
	default:
		break;
	}
}

/* While it runs, its time grows between two frames. */
static uint64_t
futures_ran_us(const struct screen *s, const struct model_future *f)
{
	uint64_t us = f->now.run_us;

	if (f->now.state == FUTURE_RUNNING && s->now > f->seen)
		us += (s->now - f->seen) / 1000;
	return us;
}

static void
futures_draw_future(const struct screen *s, const struct model *m,
    const struct model_future *f, struct columns c, struct pen *p)
{
	const struct frame_future *now = &f->now;
	bool begun =
	    now->state != FUTURE_PENDING && now->state != FUTURE_CANCELLED;
	char buf[2 * MODEL_NAME + 1], name[MODEL_NAME], label[MODEL_LABEL];

	snprintf(buf, sizeof buf, "%" PRIu32, now->number);
	pen_field(p, LOOK_DIM, buf, -c.number);
	pen_char(p, LOOK_PLAIN, ' ');
	if (c.executor > 0) {
		pen_field(p, LOOK_DIM,
		    model_executor_name(m, now->executor, name),
		    c.executor - 1);
		pen_char(p, LOOK_PLAIN, ' ');
	}
	int from = p->x;
	draw_label(p, LOOK_STRONG, model_future_label(f, label), c.label - 1);
	pen_repeat(p, LOOK_PLAIN, ' ', c.label - (p->x - from));
	pen_field(p, states[now->state].look, states[now->state].word, c.state);
	if (c.by > 0) {
		pen_field(p, LOOK_PLAIN,
		    futures_by_whom(m, now, buf, sizeof buf), c.by - 1);
		pen_char(p, LOOK_PLAIN, ' ');
	}
	futures_age_field(p, begun, now->wait_us, c.waited);
	futures_age_field(p, begun, futures_ran_us(s, f), c.ran);
	snprintf(buf, sizeof buf, "%" PRIu32, now->order);
	/* Marked if it did not complete in the order of submission. */
	pen_field(p, now->order == now->number ? LOOK_PLAIN : LOOK_WARN,
	    now->order > 0 ? buf : "", -c.order);
	futures_draw_result(f, p);
}

static void
futures_draw_title(const struct screen *s, const struct model *m, struct pen *p)
{
	uint64_t gone = m->futures_total > MODEL_MAX_FUTURES
	    ? m->futures_total - MODEL_MAX_FUTURES
	    : 0;
	unsigned end = s->top + (unsigned)(s->rows > 2 ? s->rows - 2 : 0);

	pen_print(p, LOOK_TITLE, " %u future%s", s->nfutures,
	    s->nfutures == 1 ? "" : "s");
	pen_text(p, LOOK_DIM, "  by ");
	pen_text(
	    p, LOOK_STRONG, s->by_order ? "order of completion" : "number");
	pen_text(p, LOOK_DIM, "  ");
	pen_text(p, LOOK_KEY, "o");
	pen_text(p, LOOK_DIM, s->by_order ? " by number" : " by order");
	if (s->nfutures > end)
		pen_print(p, LOOK_DIM, "  %u more below", s->nfutures - end);
	if (gone > 0)
		pen_print(p, LOOK_DIM, "  %" PRIu64 " older evicted", gone);
}

static void
view_futures_draw(const struct screen *s, const struct model *m, struct area a)
{
	struct columns c = futures_columns_for(canvas_table(a.canvas, a.cols),
	    model_futures(m).executors > 1, futures_any_hybrid(m));
	struct pen p = pen_at(a, 0);

	if (m->futures_total == 0) {
		pen_text(&p, LOOK_DIM, " no futures");
		return;
	}
	futures_draw_title(s, m, &p);
	p = pen_at(a, 1);
	futures_draw_heading(c, &p);
	for (int i = 2; i < a.rows; i++) {
		unsigned at = s->top + (unsigned)i - 2;

		if (at >= s->nfutures)
			break;
		p = pen_at(a, i);
		futures_draw_future(
		    s, m, model_future_at(m, s->futures[at]), c, &p);
	}
}

static unsigned
view_futures_act(struct screen *s, const struct model *m, enum action action)
{
	(void)m;
	if (action == ACTION_SORT) {
		s->by_order = !s->by_order;
		s->top = 0;
		return DO_REDRAW;
	}
	return view_scroll(s, action);
}

static bool
view_futures_any(const struct model *m)
{
	return m->futures_total > 0;
}

const struct view view_futures = {
    .name = "futures",
    .has = view_futures_any,
    .settle = view_futures_settle,
    .draw = view_futures_draw,
    .act = view_futures_act,
};
