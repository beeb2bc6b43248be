/* json_explore: a search of all schedules, for the JSON report. */
#include "export/json_explore.h"

#include "export/json_program.h"
#include "text/exploration_text.h"

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
	    json_whole(e->done), "of",
	    e->total == UINT64_MAX ? json_null()
				   : json_integer(json_whole(e->total)),
	    "losing", json_whole(e->losing), "deadlocked",
	    json_whole(e->deadlocks), "outcomes", json_explore_outcomes(m));
}
