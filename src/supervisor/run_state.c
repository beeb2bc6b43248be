/*
 * run_state: how far the run has come, whether it is stepped, and how it ended:
 * what every file of the supervisor may ask and change.
 */
#include "supervisor/scheduler_priv.h"

#include <unistd.h>

#include "lockstep/util.h"

void
run_begin(struct supervisor *sv)
{
	sv->progress.stage = STAGE_GATHER;
	sv->progress.start = now_ns();
}

void
run_enter(struct supervisor *sv, enum stage stage)
{
	sv->progress.stage = stage;
	if (stage == STAGE_OVER)
		sv->progress.end = now_ns();
}

bool
scheduler_on(const struct supervisor *sv)
{
	return sv->scheduler->scheduler != SCHEDULER_NONE;
}

bool
scheduler_busy(const struct supervisor *sv)
{
	return sv->scheduler->busy;
}

bool
scheduler_quiet(const struct supervisor *sv)
{
	return sv->scheduler->undoing && !sv->stop.begun;
}

bool
scheduler_failed(const struct supervisor *sv)
{
	return sv->scheduler->failed;
}

void
scheduler_stir(struct supervisor *sv)
{
	sv->scheduler->stirred = true;
	sv->scheduler->looked = false;
}

void
scheduler_spoil(struct supervisor *sv, const char *why)
{
	struct scheduler *s = sv->scheduler;

	if (!s->used || s->spoilt || sv->stop.begun)
		return;
	s->spoilt = true;
	report_text(&sv->report, TEXT_SPOILT, 0, getpid(), why);
	report_log(&sv->report, "the schedule cannot be repeated: %s", why);
}

enum frame_outcome
run_outcome(const struct supervisor *sv)
{
	return scheduler_failed(sv) ? OUTCOME_FAILED : sv->ops->outcome(sv);
}
