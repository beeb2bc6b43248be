/* json_explore: a search of all schedules as JSON. */
#include "export/json_explore.h"

#include <stdlib.h>
#include <string.h>

#include "export/headless.h"
#include "export/json_print.h"
#include "text/exploration_text.h"
#include "wire/letter.h"

static json_t *
json_total(const struct model *m)
{
	return m->explore.total == UINT64_MAX
	    ? json_null()
	    : json_integer(json_whole(m->explore.total));
}

/* ---- in the report of a run ---- */

static json_t *
json_explore_outcome(const struct model_outcome *o)
{
	return json_pack("{s:b,s:I,s:I,s:I,s:I,s:i,s:s,s:s,s:s}", "deadlock",
	    (o->now.flags & OUTCOME_DEADLOCK) != 0, "value",
	    (json_int_t)o->now.value, "lost", (json_int_t)o->now.lost,
	    "expected", (json_int_t)o->now.expected, "schedules",
	    json_whole(o->now.count), "switches", (int)o->now.switches,
	    "schedule", o->schedule, "letters", explore_letters(o), "cause",
	    o->cause);
}

static json_t *
json_explore_outcomes(const struct model *m)
{
	uint16_t order[FRAME_MAX_OUTCOMES];
	unsigned n = explore_order(m, order);
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++)
		json_array_append_new(
		    list, json_explore_outcome(&m->outcome[order[i]]));
	return list;
}

json_t *
json_explore(const struct model *m)
{
	static const char *const states[EXPLORE_STATES] = {
	    [EXPLORE_RUNNING] = "running",
	    [EXPLORE_COMPLETE] = "complete",
	    [EXPLORE_LIMITED] = "limited",
	    [EXPLORE_STOPPED] = "stopped",
	};
	const struct frame_explore *e = &m->explore;

	return json_pack("{s:s,s:b,s:I,s:o,s:I,s:I,s:o}", "state",
	    states[e->state], "reduced", e->reduced != 0, "schedules",
	    json_whole(e->done), "of", json_total(m), "losing",
	    json_whole(e->losing), "deadlocked", json_whole(e->deadlocks),
	    "outcomes", json_explore_outcomes(m));
}

/* ---- the report ---- */

/* A number, true, false, null, or else a string. */
static json_t *
json_option(const char *text)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);

	if (end != text && *end == '\0')
		return json_integer(json_whole(n));
	if (strcmp(text, "null") == 0)
		return json_null();
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		return json_boolean(text[0] == 't');
	return json_string(text);
}

/* "a=1,b=-2" as an object; empty if there is none. */
static json_t *
json_options(const char *list)
{
	char name[EXPLORE_OPTION], value[EXPLORE_OPTION];
	json_t *all = json_object();

	while ((list = explore_next_option(list, name, value)) != NULL)
		json_object_set_new(all, name,
		    value[0] == '-' ? json_integer(strtoll(value, NULL, 10))
				    : json_option(value));
	return all;
}

static json_t *
json_programs(const struct model *m)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < MODEL_MAX_LINES; i++) {
		json_t *steps = json_array();

		for (unsigned k = 0;
		     k < MODEL_CELLS && m->explore_step[i][k][0] != '\0'; k++)
			json_array_append_new(
			    steps, json_string(m->explore_step[i][k]));
		if (json_array_size(steps) > 0)
			json_object_set(all, LETTER(i + 1), steps);
		json_decref(steps);
	}
	return all;
}

static void
json_put_counts(json_t *root, const struct model *m)
{
	const struct frame_explore *e = &m->explore;
	char share[16];

	snprintf(share, sizeof share, "%.6f",
	    explore_percent(e->losing, e->done) / 100);
	json_object_update_new(root,
	    json_pack("{s:I,s:o,s:b,s:I,s:f,s:I,s:I}", "schedules",
		json_whole(e->done), "of", json_total(m), "complete",
		e->state == EXPLORE_COMPLETE, "losing", json_whole(e->losing),
		"share_losing", strtod(share, NULL), "deadlocked",
		json_whole(e->deadlocks), "other_outcomes",
		json_whole(explore_further(m))));
}

/* What the schedule ended with; null if the demo has no value. */
static json_t *
json_value(const struct model *m, const struct model_outcome *o)
{
	return m->explore_text[EXPLORE_VALUE][0] != '\0'
	    ? json_integer(o->now.value)
	    : json_null();
}

static json_t *
json_schedule(const struct model_outcome *o)
{
	return json_pack("{s:s,s:s,s:i}", "schedule", o->schedule, "letters",
	    explore_letters(o), "switches", (int)o->now.switches);
}

static json_t *
json_outcomes(const struct model *m, bool deadlocks)
{
	uint16_t order[FRAME_MAX_OUTCOMES];
	unsigned n = explore_order(m, order);
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++) {
		const struct model_outcome *o = &m->outcome[order[i]];
		json_t *one;

		if (((o->now.flags & OUTCOME_DEADLOCK) != 0) != deadlocks)
			continue;
		one = deadlocks
		    ? json_pack("{s:s}", "words", o->cause)
		    : json_pack("{s:o,s:I}", "value", json_value(m, o), "lost",
			  (json_int_t)o->now.lost);
		json_object_set_new(
		    one, "schedules", json_integer(json_whole(o->now.count)));
		json_object_update_new(one, json_schedule(o));
		json_array_append_new(list, one);
	}
	return list;
}

/* A step's name is that of its thread's program. */
static json_t *
json_steps(const struct model *m, const struct model_outcome *o)
{
	unsigned at[MODEL_MAX_LINES] = {0};
	json_t *list = json_array();

	for (unsigned i = 0; i < o->ncells; i++) {
		struct explore_effect e = explore_effect(m, i);
		unsigned thread = (unsigned)(o->cell[i][0] - 'a');
		json_t *one;

		if (thread >= MODEL_MAX_LINES)
			continue;
		one = json_pack("{s:s,s:s,s:I,s:I}", "thread",
		    LETTER(thread + 1), "step",
		    m->explore_step[thread][at[thread]++ % MODEL_CELLS],
		    "value", (json_int_t)e.value, "lost", (json_int_t)e.lost);
		if (e.words[0] != '\0')
			json_object_update_new(one,
			    json_pack("{s:o,s:s}", "wiped",
				json_options(e.wiped), "words", e.words));
		json_array_append_new(list, one);
	}
	return list;
}

/* The schedule that was given, or the smallest that fails. */
static json_t *
json_shown(const struct model *m)
{
	const struct model_outcome *o = explore_shown(m);

	if (o == NULL)
		return json_null();

	bool hung = (o->now.flags & OUTCOME_DEADLOCK) != 0;
	json_t *one = json_schedule(o);

	json_object_update_new(one,
	    json_pack("{s:o,s:I}", "value", json_value(m, o), "lost",
		(json_int_t)o->now.lost));
	if (!hung)
		json_object_set_new(
		    one, "expected", json_integer(o->now.expected));
	json_object_update_new(one,
	    json_pack("{s:o,s:o}", "deadlock",
		hung ? json_string(o->cause) : json_null(), "steps",
		json_steps(m, o)));
	return one;
}

/* One schedule gives the same bytes each time: there is no time in it. */
static int
json_explore_write(const struct model *m, FILE *out)
{
	bool one = explore_is_one(m);
	json_t *root = json_options(m->explore_text[EXPLORE_OPTIONS]);

	json_object_set_new(root, "program", json_programs(m));
	if (!one) {
		json_put_counts(root, m);
		json_object_set_new(root, "outcomes", json_outcomes(m, false));
		json_object_set_new(root, "deadlocks", json_outcomes(m, true));
	}
	json_object_set_new(
	    root, "identity", json_boolean(m->bye.outcome != OUTCOME_FAILED));
	json_object_set_new(root, one ? "run" : "failing", json_shown(m));
	if (!one)
		json_object_set_new(
		    root, "seconds", json_seconds(explore_took(m)));
	return json_print(root, out);
}

int
json_explore_run(struct model *m, struct stream *s)
{
	return headless_report(m, s, json_explore_write);
}
