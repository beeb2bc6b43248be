/*
 * json_program: the members of the report that only a program has. "let_go"
 * counts what the model has evicted.
 */
#include "export/json_program.h"

#include <string.h>

#include "export/json_print.h"

static json_t *
json_program_seconds(uint64_t us)
{
	return json_real((double)us / 1e6);
}

static json_t *
json_program_output(const struct model *m)
{
	const struct model_log *line;
	json_t *list = json_array();

	for (unsigned i = 0; (line = model_output_at(m, i)) != NULL; i++)
		json_array_append_new(list, json_string(line->text));
	return list;
}

static json_t *
json_program_results(const struct model *m)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < MODEL_MAX_RESULTS; i++)
		if (m->result[i].name[0] != '\0')
			json_object_set_new(all, m->result[i].name,
			    json_integer(m->result[i].value));
	return all;
}

static json_t *
json_program_executors(const struct model *m)
{
	json_t *list = json_array();
	char name[MODEL_NAME];

	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		const struct frame_executor *e = &m->executor[i].now;

		if (!m->executor[i].known)
			continue;
		json_array_append_new(list,
		    json_pack("{s:s,s:s,s:i,s:i,s:I,s:I,s:I,s:I,s:I,s:I,s:I,"
			      "s:b}",
			"name", model_executor_name(m, i, name), "kind",
			model_kind_name(e->kind), "processes", e->processes,
			"threads", e->threads, "pending",
			json_whole(e->pending), "running",
			json_whole(e->running), "done", json_whole(e->done),
			"failed", json_whole(e->failed), "cancelled",
			json_whole(e->cancelled), "retried",
			json_whole(e->retried), "died", json_whole(e->died),
			"closed", e->closed != 0));
	}
	return list;
}

static json_t *
json_program_queues(const struct model *m)
{
	json_t *list = json_array();
	char name[MODEL_NAME];

	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		const struct frame_queue *f = &m->queue[i].now;

		if (!m->queue[i].known)
			continue;
		json_array_append_new(list,
		    json_pack("{s:s,s:b,s:b,s:b,s:I,s:I,s:I,s:I,s:I,s:i,s:i,"
			      "s:i,s:i}",
			"name", model_queue_name(m, i, name), "pipe",
			(f->flags & QUEUE_PIPE) != 0, "joinable",
			(f->flags & QUEUE_JOINABLE) != 0, "closed",
			(f->flags & QUEUE_CLOSED) != 0, "capacity",
			json_whole(f->capacity), "put", json_whole(f->put),
			"got", json_whole(f->got), "depth",
			json_whole(model_depth(&m->queue[i])), "done",
			json_whole(f->done), "sentinels", f->sentinels,
			"putters", f->putters, "getters", f->getters, "joiners",
			f->joiners));
	}
	return list;
}

static json_t *
json_program_mutexes(const struct model *m)
{
	json_t *list = json_array();
	char name[MODEL_NAME];

	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		const struct frame_mutex *x = &m->mutex[i].now;

		if (!m->mutex[i].known)
			continue;
		json_array_append_new(list,
		    json_pack("{s:s,s:I,s:I,s:i,s:o}", "name",
			model_mutex_name(m, i, name), "acquired",
			json_whole(x->acquired), "contended",
			json_whole(x->contended), "waiters", x->waiters,
			"longest_s", json_program_seconds(x->longest_us)));
	}
	return list;
}

static const char *
json_program_future_state(unsigned state)
{
	static const char *const names[FUTURE_STATES] = {
	    [FUTURE_PENDING] = "pending",
	    [FUTURE_RUNNING] = "running",
	    [FUTURE_DONE] = "done",
	    [FUTURE_FAILED] = "failed",
	    [FUTURE_CANCELLED] = "cancelled",
	};

	return names[state];
}

/* `value` is null unless the result is a number, `why` unless it failed. */
static json_t *
json_program_future(const struct model *m, const struct model_future *f)
{
	const struct frame_future *now = &f->now;
	bool done = now->state == FUTURE_DONE;
	bool failed = now->state == FUTURE_FAILED;
	bool is_number = done && (now->size == 4 || now->size == 8);
	char name[MODEL_NAME], label[MODEL_LABEL];

	return json_pack("{s:s,s:I,s:s,s:s,s:I,s:o,s:o,s:I,s:o,s:o,s:o}",
	    "executor", model_executor_name(m, now->executor, name), "number",
	    json_whole(now->number), "task", model_future_label(f, label),
	    "state", json_program_future_state(now->state), "order",
	    json_whole(now->order), "waited_s",
	    json_program_seconds(now->wait_us), "ran_s",
	    json_program_seconds(now->run_us), "size", json_whole(now->size),
	    "value", is_number ? json_integer(now->value) : json_null(),
	    "error", failed ? json_string(strerror(now->error)) : json_null(),
	    "why", failed ? json_string(model_future_why(f)) : json_null());
}

static json_t *
json_program_futures(const struct model *m)
{
	const struct model_future *f;
	json_t *list = json_array();

	for (unsigned i = 0; (f = model_future_at(m, i)) != NULL; i++)
		if (f->known)
			json_array_append_new(list, json_program_future(m, f));
	return list;
}

/* `speedup` is null unless it is known. */
static json_t *
json_program_measure(const struct model *m, const struct frame_measure *r)
{
	const struct frame_measure *one =
	    model_measure(m, EXECUTOR_SEQUENTIAL, r->gil != 0);
	bool known = one != NULL && one->done && r->done && r->wall > 0;

	return json_pack("{s:s,s:b,s:b,s:I,s:o,s:o,s:o,s:I,s:I}", "kind",
	    model_kind_name(r->kind), "gil", r->gil != 0, "done", r->done != 0,
	    "tasks", json_whole(r->tasks), "time_s",
	    json_program_seconds(r->wall / 1000), "cpu_s",
	    json_program_seconds(r->cpu / 1000), "speedup",
	    known ? json_real((double)one->wall / (double)r->wall)
		  : json_null(),
	    "voluntary", json_whole(r->voluntary), "involuntary",
	    json_whole(r->involuntary));
}

static json_t *
json_program_compare(const struct model *m)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < MODEL_MAX_MEASURES; i++)
		if (m->measured[i])
			json_array_append_new(
			    list, json_program_measure(m, &m->measure[i]));
	return list;
}

static json_t *
json_program_reasons(const struct model *m)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < m->nreasons; i++) {
		const struct model_reason *r = &m->reason[i];

		json_array_append_new(list,
		    json_pack("{s:i,s:i,s:s}", "slot", r->slot, "thread",
			r->index, "why", r->text));
	}
	if (m->nreasons == 0 && model_hung(m))
		json_array_append_new(list,
		    json_pack("{s:n,s:n,s:s}", "slot", "thread", "why",
			model_hangs(m)));
	return list;
}

static json_t *
json_program_let_go(const struct model *m)
{
	uint64_t lines = m->output_total, all = m->futures_total;

	return json_pack("{s:I,s:I,s:I}", "output",
	    json_whole(lines > MODEL_MAX_OUTPUT ? lines - MODEL_MAX_OUTPUT : 0),
	    "futures",
	    json_whole(all > MODEL_MAX_FUTURES ? all - MODEL_MAX_FUTURES : 0),
	    "reasons", json_whole(m->reasons_dropped));
}

static const char *
json_program_outcome(const struct model *m)
{
	static const char *const names[] = {
	    [OUTCOME_DONE] = "done",
	    [OUTCOME_STOPPED] = "stopped",
	    [OUTCOME_FAILED] = "failed",
	    [OUTCOME_HUNG] = "hung",
	};

	return m->ended ? names[m->bye.outcome] : "not ended";
}

json_t *
json_program(const struct model *m)
{
	return json_pack("{s:b,s:s,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
	    "program", true, "outcome", json_program_outcome(m), "hung",
	    model_hung(m), "reasons", json_program_reasons(m), "output",
	    json_program_output(m), "results", json_program_results(m),
	    "executors", json_program_executors(m), "queues",
	    json_program_queues(m), "mutexes", json_program_mutexes(m),
	    "futures", json_program_futures(m), "compare",
	    json_program_compare(m), "let_go", json_program_let_go(m));
}
