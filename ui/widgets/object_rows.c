/* object_rows: rows for the objects and results of a program. */
#include "widgets/object_rows.h"

#include <inttypes.h>
#include <stdio.h>

#include "style/format.h"

#define NAME_COLS 13
#define BAR_COLS  12
#define MORE_COLS 12 /* "   ... 9 more" */

/* Short where it would fill the line; a pipe's capacity is shown in full. */
static const char *
object_rows_amount(char buf[FORMAT_LEN], uint64_t n)
{
	return n < 10000000 ? format_count(buf, n)
			    : format_short(buf, (double)n);
}

unsigned
object_rows_busiest(const struct model *m)
{
	unsigned best = 0;

	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		const struct frame_queue *f = &m->queue[i].now,
					 *b = &m->queue[best].now;
		bool pipe = f->flags & QUEUE_PIPE, was = b->flags & QUEUE_PIPE;

		if (!m->queue[i].known)
			continue;
		if (best == 0 || (was && !pipe) ||
		    (was == pipe && f->put > b->put))
			best = i;
	}
	return best;
}

static void
object_rows_add_waiting(
    struct segments *s, unsigned n, const char *doing, int rank)
{
	struct segment *one;

	if (n == 0)
		return;
	one = segments_add(s, rank, NULL, LOOK_WARN);
	segment_value(one, "%u wait%s to %s", n, n == 1 ? "s" : "", doing);
	segment_brief(one, "%u in %s", n, doing);
}

void
object_rows_add_queue(struct segments *s, const struct model *m, unsigned i)
{
	const struct frame_queue *f = &m->queue[i].now;
	uint64_t depth = model_depth(&m->queue[i]);
	bool pipe = f->flags & QUEUE_PIPE, full;
	char buf[FORMAT_LEN], more[FORMAT_LEN];
	struct segment *one = segments_add(s, 0, NULL, LOOK_STRONG);

	full = f->capacity > 0 && depth >= f->capacity;
	if (full)
		one->look = LOOK_WARN;
	if (f->capacity > 0) {
		segment_value(one, "%s/%s", object_rows_amount(buf, depth),
		    object_rows_amount(more, f->capacity));
		one->bar = true;
		one->fraction = (double)depth / f->capacity;
		one->cols = BAR_COLS;
	} else
		segment_value(one, "%s", object_rows_amount(buf, depth));
	object_rows_add_waiting(s, f->putters, pipe ? "write" : "put", 1);
	object_rows_add_waiting(s, f->getters, pipe ? "read" : "get", 1);
	object_rows_add_waiting(s, f->joiners, "join", 1);
	one = segments_add(s, 3, pipe ? "written" : "put", LOOK_PLAIN);
	segment_value(one, "%s", object_rows_amount(buf, f->put));
	one = segments_add(s, 3, pipe ? "read" : "got", LOOK_PLAIN);
	segment_value(one, "%s", object_rows_amount(buf, f->got));
	if (f->flags & QUEUE_JOINABLE) {
		one = segments_add(s, 2, "done", LOOK_PLAIN);
		segment_value(one, "%s", object_rows_amount(buf, f->done));
	}
	if (f->sentinels > 0) {
		one = segments_add(s, 4, NULL, LOOK_PLAIN);
		segment_value(one, "%u sentinel%s", f->sentinels,
		    f->sentinels == 1 ? "" : "s");
	}
	if (f->flags & QUEUE_CLOSED)
		segment_value(segments_add(s, 5, NULL, LOOK_DIM), "closed");
}

void
object_rows_add_futures(struct segments *s, const struct model_futures *n)
{
	char buf[FORMAT_LEN];
	struct segment *one = segments_add(s, 1, "pending", LOOK_PLAIN);

	segment_value(one, "%s", format_count(buf, n->pending));
	one = segments_add(s, 1, "running", LOOK_PLAIN);
	segment_value(one, "%s", format_count(buf, n->running));
	one = segments_add(s, 0, "done", LOOK_STRONG);
	segment_value(one, "%s", format_count(buf, n->done));
	if (n->failed > 0) {
		one = segments_add(s, 2, "failed", LOOK_BAD);
		segment_value(one, "%s", format_count(buf, n->failed));
	}
	if (n->cancelled > 0) {
		one = segments_add(s, 3, "cancelled", LOOK_WARN);
		segment_value(one, "%s", format_count(buf, n->cancelled));
	}
}

static void
object_rows_start_row(struct pen *p, const char *name, const char *what)
{
	pen_char(p, LOOK_PLAIN, ' ');
	pen_field(p, LOOK_TITLE, name, NAME_COLS - 1);
	pen_char(p, LOOK_PLAIN, ' ');
	if (pen_left(p) < 50)
		return;
	pen_field(p, LOOK_DIM, what, 9);
	pen_char(p, LOOK_PLAIN, ' ');
}

static void
object_rows_draw_executor(const struct model *m, unsigned i, struct pen *p)
{
	const struct frame_executor *e = &m->executor[i].now;
	struct segments s = {.n = 0};
	struct model_futures n = {.pending = e->pending,
	    .running = e->running,
	    .done = e->done,
	    .failed = e->failed,
	    .cancelled = e->cancelled};
	char name[MODEL_NAME];

	object_rows_start_row(
	    p, model_executor_name(m, i, name), model_kind_name(e->kind));
	struct segment *one = segments_add(&s, 4, NULL, LOOK_PLAIN);
	if (e->kind == EXECUTOR_THREADS || e->kind == EXECUTOR_PROCESSES)
		segment_value(one, "%u worker%s",
		    e->kind == EXECUTOR_THREADS ? e->threads : e->processes,
		    (e->kind == EXECUTOR_THREADS ? e->threads : e->processes) ==
			    1
			? ""
			: "s");
	else if (e->kind == EXECUTOR_HYBRID)
		segment_value(one, "%u x %u", e->processes, e->threads);
	object_rows_add_futures(&s, &n);
	if (e->died > 0) {
		one = segments_add(&s, 2, NULL, LOOK_BAD);
		segment_value(one, "%u died", e->died);
	}
	if (e->retried > 0) {
		one = segments_add(&s, 3, NULL, LOOK_WARN);
		segment_value(one, "%u retried", e->retried);
	}
	if (e->closed)
		segment_value(segments_add(&s, 5, NULL, LOOK_DIM), "shut down");
	segments_draw(&s, p);
}

static void
object_rows_draw_queue(const struct model *m, unsigned i, struct pen *p)
{
	struct segments s = {.n = 0};
	char name[MODEL_NAME];

	object_rows_start_row(p, model_queue_name(m, i, name),
	    m->queue[i].now.flags & QUEUE_PIPE ? "pipe" : "queue");
	object_rows_add_queue(&s, m, i);
	segments_draw(&s, p);
}

const char *
object_rows_holder(
    const struct model *m, const struct frame_mutex *x, char buf[96])
{
	const struct model_proc *proc;
	const struct model_thread *t;
	char age[FORMAT_LEN];
	int n;

	if (x->holder == 0)
		return "none";
	t = model_thread_by_tid(m, x->holder, &proc);
	if (t == NULL)
		n = snprintf(buf, 96, "tid %d", (int)x->holder);
	else
		n = snprintf(
		    buf, 96, "%s", t->now.index > 0 ? t->name : proc->name);
	if (x->held_us > 0)
		snprintf(buf + n, 96 - (size_t)n, " %s",
		    format_age(age, x->held_us * 1000ULL));
	return buf;
}

static void
object_rows_draw_mutex(const struct model *m, unsigned i, struct pen *p)
{
	const struct frame_mutex *x = &m->mutex[i].now;
	struct segments s = {.n = 0};
	char name[MODEL_NAME], buf[FORMAT_LEN], holder[96];
	struct segment *one;

	object_rows_start_row(p, model_mutex_name(m, i, name), "lock");
	one = segments_add(
	    &s, 0, "held by", x->holder != 0 ? LOOK_STRONG : LOOK_DIM);
	segment_value(one, "%s", object_rows_holder(m, x, holder));
	if (x->waiters > 0) {
		one = segments_add(&s, 1, NULL, LOOK_WARN);
		const char *verb = x->waiters == 1 ? "waits" : "wait";

		segment_value(one, "%u %s to lock", x->waiters, verb);
		segment_brief(one, "%u %s", x->waiters, verb);
	}
	one = segments_add(&s, 3, "taken", LOOK_PLAIN);
	segment_value(one, "%s", format_count(buf, x->acquired));
	one = segments_add(&s, 3, "contended", LOOK_PLAIN);
	segment_value(one, "%s", format_count(buf, x->contended));
	one = segments_add(&s, 4, "longest wait", LOOK_PLAIN);
	segment_value(one, "%s",
	    format_age(buf,
		x->longest_us < UINT64_MAX / 1000 ? x->longest_us * 1000
						  : UINT64_MAX));
	segments_draw(&s, p);
}

unsigned
object_rows_results(const struct model *m)
{
	unsigned n = 0;

	for (unsigned i = 0; i < MODEL_MAX_RESULTS; i++)
		n += m->result[i].name[0] != '\0';
	return n;
}

/* One per row if there is room; else as many per row as fit uncut. */
void
object_rows_draw_results(const struct model *m, struct area a)
{
	unsigned left = object_rows_results(m);
	bool one_a_row = left <= (unsigned)a.rows;
	char line[128], buf[FORMAT_LEN];
	struct pen p = pen_at(a, 0);
	int row = 0;

	for (unsigned i = 0; i < MODEL_MAX_RESULTS && left > 0; i++) {
		const struct model_result *r = &m->result[i];

		if (r->name[0] == '\0')
			continue;
		const char *value = format_number(buf, r->value);
		int cols = snprintf(line, sizeof line, "%s = ", r->name);
		cols = canvas_width(line) + canvas_width(value);
		int more = left > 1 && row == a.rows - 1 ? MORE_COLS : 0;
		bool first = p.x == p.start;

		if (!first &&
		    (one_a_row || (row < a.rows - 1 && cols > pen_left(&p)))) {
			p = pen_at(a, ++row);
			more = left > 1 && row == a.rows - 1 ? MORE_COLS : 0;
			first = true;
		}
		if (!one_a_row && !first && cols + more > pen_left(&p)) {
			pen_glyph(&p, LOOK_DIM, GLYPH_CUT);
			pen_print(&p, LOOK_DIM,
			    pen_left(&p) < MORE_COLS - 4 ? " %u" : " %u more",
			    left);
			return;
		}
		pen_text(&p, LOOK_DIM, line);
		pen_text(&p, LOOK_STRONG, value);
		pen_text(&p, LOOK_PLAIN, "   ");
		left--;
	}
}

unsigned
object_rows_rows(const struct model *m, bool results)
{
	unsigned n = results && object_rows_results(m) > 0;

	if (!m->control.program)
		return 0;
	for (unsigned i = 1; i < MODEL_OBJECTS; i++)
		n += m->executor[i].known + m->queue[i].known +
		    m->mutex[i].known;
	return n;
}

void
object_rows_draw(const struct model *m, bool results, struct area a)
{
	int row = 0, rows = (int)object_rows_rows(m, results);
	struct pen p = pen_at(a, row);

	if (a.rows < 1)
		return;
	if (results && object_rows_results(m) > 0) {
		object_rows_start_row(&p, "results", "");
		object_rows_draw_results(
		    m, area_part(a, 0, p.x - p.start, 1, pen_left(&p)));
		row++;
	}
	for (unsigned i = 1; i < MODEL_OBJECTS && row < a.rows; i++) {
		p = pen_at(a, row);
		if (m->executor[i].known) {
			object_rows_draw_executor(m, i, &p);
			row++;
		}
	}
	for (unsigned i = 1; i < MODEL_OBJECTS && row < a.rows; i++) {
		p = pen_at(a, row);
		if (m->queue[i].known) {
			object_rows_draw_queue(m, i, &p);
			row++;
		}
	}
	for (unsigned i = 1; i < MODEL_OBJECTS && row < a.rows; i++) {
		p = pen_at(a, row);
		if (m->mutex[i].known) {
			object_rows_draw_mutex(m, i, &p);
			row++;
		}
	}
	if (rows > a.rows)
		draw_more(a, (unsigned)(rows - a.rows));
}
