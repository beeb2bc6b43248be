/* view_detail_steps: the last steps of a process or a thread. */
#include <inttypes.h>
#include <stdlib.h>

#include "style/format.h"
#include "views/view_detail_priv.h"

#define STEPS_MAX 200 /* shown */

static const char *const op_names[TRACE_COUNT] = {
    [TRACE_GET] = "get",
    [TRACE_PUT] = "put",
    [TRACE_DONE] = "done",
    [TRACE_TASK] = "task",
    [TRACE_TASK_END] = "task end",
    [TRACE_LOCK] = "lock",
    [TRACE_UNLOCK] = "unlock",
    [TRACE_LOAD] = "load",
    [TRACE_STORE] = "store",
    [TRACE_LOST] = "LOST",
};

static bool
detail_steps_concerns(const struct frame *f, struct row r)
{
	if (r.thread != NULL)
		return f->tid == r.thread->tid;
	return f->pid == r.proc->pid;
}

/*
 * Events arrive thread by thread, in batches; here they are in the order in
 * which they happened, newest first, so that one can see how the threads
 * interacted.
 */
struct step {
	const struct frame *f;
	unsigned age; /* place in the trace: exact order within a thread */
};

static int
detail_steps_newest_first(const void *va, const void *vb)
{
	const struct step *a = va, *b = vb;

	if (a->f->ns != b->f->ns)
		return a->f->ns > b->f->ns ? -1 : 1;
	return a->age < b->age ? -1 : a->age > b->age;
}

static int
detail_steps_collect_steps(
    const struct model *m, struct row r, struct step steps[MODEL_MAX_TRACE])
{
	size_t n = 0;

	for (unsigned i = 0; i < MODEL_MAX_TRACE; i++) {
		const struct frame *f = model_trace_event(m, i);

		if (f == NULL)
			break;
		if (detail_steps_concerns(f, r))
			steps[n++] = (struct step){.f = f, .age = i};
	}
	qsort(steps, n, sizeof *steps, detail_steps_newest_first);
	return n < STEPS_MAX ? (int)n : STEPS_MAX;
}

static void
detail_steps_draw_event(const struct screen *s, const struct model *m,
    const struct frame *f, struct pen *p)
{
	const struct frame_trace *t = &f->trace;
	const struct model_proc *proc;
	const struct model_thread *who = model_thread_by_tid(m, f->tid, &proc);
	uint64_t ago = s->now > f->ns ? s->now - f->ns : 0;
	char buf[FORMAT_LEN];

	pen_text(p, LOOK_DIM, "  ");
	pen_field(p, LOOK_DIM, format_age(buf, ago), -8);
	pen_text(p, LOOK_DIM, " ago  ");
	pen_field(p, LOOK_PLAIN, who != NULL ? who->name : "?", 12);
	pen_field(p, t->op == TRACE_LOST ? LOOK_BAD : LOOK_STRONG,
	    op_names[t->op], 9);
	switch (t->op) {
	case TRACE_LOAD:
		pen_print(p, LOOK_PLAIN, "read %" PRId64, t->seen);
		break;
	case TRACE_STORE:
		pen_print(p, LOOK_PLAIN, "read %" PRId64 ", wrote %" PRId64,
		    t->seen, t->value);
		break;
	case TRACE_LOST:
		pen_print(p, LOOK_BAD, "wiped out %" PRId64, t->value);
		who = model_thread_by_tid(m, t->other, &proc);
		if (who != NULL)
			pen_print(
			    p, LOOK_BAD, " of %s/%s", proc->name, who->name);
		break;
	default:
		if (t->item > 0)
			pen_print(p, LOOK_PLAIN, "item %" PRIu32, t->item);
		if (t->task > 0)
			pen_print(p, LOOK_PLAIN, " task %" PRIu32, t->task);
	}
}

int
detail_steps_draw(const struct screen *s, const struct model *m, struct row r,
    struct area a, int row)
{
	struct step steps[MODEL_MAX_TRACE];
	struct pen p = pen_at(a, row++);
	int n = detail_steps_collect_steps(m, r, steps);

	pen_text(&p, LOOK_TITLE, " last steps");
	pen_text(&p, LOOK_DIM, ", newest first");
	for (int i = 0; i < n; i++, row++) {
		p = pen_at(a, row);
		if (a.canvas != NULL && row >= 0 && row < a.rows)
			detail_steps_draw_event(s, m, steps[i].f, &p);
	}
	if (n == 0) {
		p = pen_at(a, row++);
		pen_text(&p, LOOK_DIM, "  none recorded");
	}
	return row;
}
