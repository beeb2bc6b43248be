/*
 * json: everything here comes from the model alone, so that a replayed
 * recording gives the same bytes as the run.
 */
#include "export/json.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "export/headless.h"
#include "export/json_explore.h"
#include "export/json_print.h"
#include "export/json_program.h"

static json_t *
json_items(const struct frame_item_queue *q)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I}", "put", json_whole(q->put),
	    "done", json_whole(q->done), "in_flight", json_whole(q->in_flight),
	    "queued", json_whole(q->queued), "poisoned",
	    json_whole(q->poisoned), "requeued", json_whole(q->requeued));
}

/* `actual` is the cell that the mode uses: the supervisor's, if private. */
static json_t *
json_sum(const struct frame_sum *s)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I}", "actual", (json_int_t)s->sum,
	    "expected", (json_int_t)s->expected, "lost", (json_int_t)s->lost,
	    "lost_updates", json_whole(s->lost_updates), "in_doubt",
	    json_whole(s->in_doubt));
}

static json_t *
json_left_out(const struct model_left_out *l)
{
	json_t *names = json_array(), *reasons = json_array();

	for (unsigned i = 0; i < l->count && i < MODEL_LEFT_OUT; i++) {
		if (l->name[i][0] == '\0')
			continue;
		json_array_append_new(names, json_string(l->name[i]));
		json_array_append_new(reasons, json_string(l->why[i]));
	}
	return json_pack("{s:I,s:o,s:o}", "count", json_whole(l->count),
	    "names", names, "reasons", reasons);
}

static json_t *
json_threads(const struct model_proc *p, bool program)
{
	json_t *list = json_array();

	/*
	 * In a pipeline a worker's first thread only dispatches; in a program
	 * it works.
	 */
	for (unsigned i = program ? 0 : 1; i < p->nthreads; i++) {
		const struct model_thread *t = &p->threads[i];

		if (t->tid == 0)
			continue;
		json_array_append_new(list,
		    json_pack("{s:i,s:s,s:I,s:I,s:I}", "tid", t->tid, "name",
			t->name, "tasks", json_whole(t->now.tasks), "adds",
			json_whole(t->now.adds), "lost",
			(json_int_t)t->now.lost));
	}
	return list;
}

static json_t *
json_code_if(const struct model_proc *p, enum frame_ended how)
{
	return p->now.ended == how ? json_integer(p->now.code) : json_null();
}

static json_t *
json_worker(const struct model_proc *p, bool program)
{
	json_t *one = json_pack("{s:i,s:i,s:i,s:s,s:o,s:o,s:I,s:I,s:o}", "slot",
	    p->now.slot, "pid", p->pid, "ppid", p->now.ppid, "name", p->name,
	    "exit", json_code_if(p, ENDED_EXIT), "signal",
	    json_code_if(p, ENDED_SIGNAL), "items", json_whole(p->now.items),
	    "sum", (json_int_t)p->now.sum, "threads", json_threads(p, program));

	if (program)
		json_object_set_new(one, "stopped",
		    json_boolean(p->now.ended == ENDED_STOPPED));
	return one;
}

static json_t *
json_workers(const struct model *m)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < m->nprocs; i++) {
		if (m->procs[i]->now.slot > 0)
			json_array_append_new(list,
			    json_worker(m->procs[i], m->control.program != 0));
	}
	return list;
}

static json_t *
json_report(const struct model *m)
{
	/* The values at the end, if the engine has reported them. */
	bool reported = m->control.processes > 0;

	return json_pack("{s:s,s:i,s:i,s:s,s:s,s:o,s:{s:I},s:o,s:o,"
			 "s:b,s:{s:I,s:I},s:o,s:o}",
	    "demo", m->hello.demo, "processes",
	    reported ? m->control.processes : m->hello.processes, "threads",
	    reported ? m->control.threads : m->hello.threads, "lock",
	    model_lock_name(m, m->lock.kind), "sum_mode",
	    m->control.sum_mode == SUM_PRIVATE ? "private" : "shared", "items",
	    json_items(&m->item_queue), "tasks", "done",
	    json_whole(model_tasks(m)), "sum", json_sum(&m->sum), "left_out",
	    json_left_out(&m->left_out), "blind",
	    (m->lab.flags & SCHEDULE_BLIND) != 0, "status", "frames",
	    json_whole(m->frames), "dropped", json_whole(m->dropped),
	    "elapsed_s", json_seconds(model_elapsed(m)), "workers",
	    json_workers(m));
}

/* For a stepped run: its schedule, as far as it is known here. */
static json_t *
json_lab(const struct model *m)
{
	const struct frame_schedule *l = &m->lab;

	return json_pack("{s:s,s:b,s:I,s:I,s:b,s:b}", "schedule", m->schedule,
	    "complete", strlen(m->schedule) == l->length, "steps",
	    json_whole(l->taken), "switches", json_whole(l->switches), "stuck",
	    (l->flags & SCHEDULE_STUCK) != 0, "spoilt",
	    (l->flags & SCHEDULE_SPOILT) != 0);
}

/* Every lint that has fired, with its last sentence. */
static json_t *
json_lints(const struct model *m)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < LINT_COUNT; i++) {
		const struct lint_row *r = &m->lints.row[i];

		if (r->times == 0)
			continue;
		json_array_append_new(list,
		    json_pack("{s:s,s:b,s:i,s:s}", "name", lint_kinds[i].name,
			"grave", lint_kinds[i].grave, "times", (int)r->times,
			"text", r->text));
	}
	return list;
}

int
json_write(const struct model *m, FILE *out)
{
	json_t *root = json_report(m);

	if (root != NULL && m->explores &&
	    json_object_set_new(root, "explore", json_explore(m)) != 0) {
		json_decref(root);
		root = NULL;
	}
	if (root != NULL && m->control.program &&
	    json_object_update_new(root, json_program(m)) != 0) {
		json_decref(root);
		root = NULL;
	}
	if (root != NULL && m->lab.length > 0)
		json_object_set_new(root, "lab", json_lab(m));
	if (root != NULL && !m->explores)
		json_object_set_new(root, "lints", json_lints(m));
	return json_print(root, out);
}

int
json_run(struct model *m, struct stream *s)
{
	return headless_report(m, s, json_write);
}
