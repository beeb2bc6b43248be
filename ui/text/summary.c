/* summary: the result of a run. */
#include "text/summary.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "style/format.h"
#include "text/exploration_report.h"
#include "text/gil_text.h"
#include "text/program_report.h"
#include "text/stepping.h"

struct out {
	void (*line)(const char *, void *arg);
	void *arg;
};

__attribute__((format(printf, 2, 3))) static void
say(const struct out *o, const char *fmt, ...)
{
	char line[SUMMARY_LINE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	o->line(line, o->arg);
}

const char *
summary_breach(const struct model *m)
{
	if (!model_items_hold(m))
		return "items were lost";
	return model_ledger(m) == LEDGER_BROKEN ? "sum + lost != expected"
						: NULL;
}

bool
summary_failed(const struct model *m)
{
	return m->ended && m->bye.outcome == OUTCOME_FAILED;
}

uint64_t
summary_undone(const struct model *m)
{
	const struct frame_item_queue *q = &m->item_queue;
	uint64_t all = q->total > q->put ? q->total : q->put;

	return all > q->done ? all - q->done : 0;
}

bool
summary_holds(const struct model *m)
{
	return summary_breach(m) == NULL;
}

bool
summary_exact(const struct model *m)
{
	return summary_holds(m) && !summary_failed(m) &&
	    model_ledger(m) == LEDGER_HOLDS && m->sum.lost_updates == 0 &&
	    m->sum.in_doubt == 0;
}

static const char *
summary_outcome(const struct model *m)
{
	static const char *const word[] = {
	    [OUTCOME_DONE] = "done",
	    [OUTCOME_STOPPED] = "stopped",
	    [OUTCOME_FAILED] = "FAILED: no worker left",
	    [OUTCOME_HUNG] = "HUNG",
	};

	if (stepping_misfits(m))
		return "FAILED: the schedule does not fit";
	if (summary_failed(m) && m->control.program)
		return "FAILED";
	return m->ended ? word[m->bye.outcome] : "not ended";
}

static const char *
summary_verdict(const struct model *m)
{
	static const char *const word[] = {
	    [LEDGER_HOLDS] = "ok",
	    [LEDGER_SETTLING] = "not settled",
	    [LEDGER_DOUBT] = "in doubt",
	    [LEDGER_BROKEN] = "BROKEN",
	};

	return word[model_ledger(m)];
}

static void
summary_say_run(const struct out *o, const struct model *m)
{
	const struct frame_control *c = &m->control;

	if (!model_adds(m)) {
		say(o, "%s: %s",
		    m->hello.demo[0] != '\0' ? m->hello.demo : "run",
		    summary_outcome(m));
		return;
	}
	if (c->program) {
		say(o, "%s: lock %s, sum %s: %s",
		    m->hello.demo[0] != '\0' ? m->hello.demo : "run",
		    model_lock_name(m, m->lock.kind),
		    m->control.sum_mode == SUM_PRIVATE ? "private" : "shared",
		    summary_outcome(m));
		return;
	}
	/* The current kind at the end, if the engine has reported it. */
	unsigned processes = m->hello.processes, threads = m->hello.threads;

	if (c->processes > 0) {
		processes = c->processes;
		threads = c->threads;
	}
	say(o, "%s: %u process%s x %u thread%s, lock %s, sum %s: %s",
	    m->hello.demo[0] != '\0' ? m->hello.demo : "run", processes,
	    format_es(processes), threads, format_s(threads),
	    model_lock_name(m, m->lock.kind),
	    m->control.sum_mode == SUM_PRIVATE ? "private" : "shared",
	    summary_outcome(m));
}

static void
summary_say_items(const struct out *o, const struct model *m)
{
	const struct frame_item_queue *q = &m->item_queue;

	char put[FORMAT_LEN], done[FORMAT_LEN], flight[FORMAT_LEN],
	    queued[FORMAT_LEN], poisoned[FORMAT_LEN], again[FORMAT_LEN];

	say(o,
	    "items    put %s = done %s + in flight %s + queued %s + "
	    "poisoned %s   %s",
	    format_count(put, q->put), format_count(done, q->done),
	    format_count(flight, q->in_flight), format_count(queued, q->queued),
	    format_count(poisoned, q->poisoned),
	    model_items_hold(m) ? "ok" : "BROKEN");
	if (q->requeued == 1)
		say(o, "         requeued once");
	else if (q->requeued > 1)
		say(o, "         requeued %s times",
		    format_count(again, q->requeued));
}

/* An amount is not a count: one store may wipe out a lot, or zero in sum. */
static void
summary_say_lost(const struct out *o, const struct model *m)
{
	char lost[FORMAT_LEN], stores[FORMAT_LEN];
	double share = m->sum.expected != 0
	    ? 100.0 * (double)m->sum.lost / (double)m->sum.expected
	    : 0;

	if (m->sum.lost_updates == 0) {
		say(o, "lost     %s", format_number(lost, m->sum.lost));
		return;
	}
	say(o, "lost     %s, %.2f %% of the sum, wiped out by %s stale store%s",
	    format_number(lost, m->sum.lost), share,
	    format_count(stores, m->sum.lost_updates),
	    m->sum.lost_updates == 1 ? "" : "s");
}

static void
summary_say_sum(const struct out *o, const struct model *m)
{
	char total[FORMAT_LEN], lost[FORMAT_LEN], expected[FORMAT_LEN];

	const struct model_proc *first =
	    m->control.program ? model_main(m) : NULL;

	if (m->control.sum_mode == SUM_PRIVATE)
		say(o,
		    "sum      %s in %s: each process "
		    "adds to a copy of its own",
		    format_number(
			total, first != NULL ? first->now.sum : m->sum.sum),
		    first != NULL ? first->name : "the supervisor");
	say(o, "%s %s + lost %s = expected %s   %s",
	    m->control.sum_mode == SUM_PRIVATE ? "copies  " : "sum     ",
	    format_number(total, model_total(m)),
	    format_number(lost, m->sum.lost),
	    format_number(expected, m->sum.expected), summary_verdict(m));
	summary_say_lost(o, m);
	if (m->sum.in_doubt > 0)
		say(o, "in doubt %s add%s, cut short by a kill",
		    format_count(lost, m->sum.in_doubt),
		    m->sum.in_doubt == 1 ? "" : "s");
}

static void
summary_say_worker(
    const struct out *o, const struct model *m, const struct model_proc *p)
{
	char how[64], name[FORMAT_LEN], sum[FORMAT_LEN], items[FORMAT_LEN];

	if (p->now.ended == ENDED_EXIT)
		snprintf(how, sizeof how, "exited %u", p->now.code);
	else if (p->now.ended == ENDED_SIGNAL)
		snprintf(how, sizeof how, "killed by %s",
		    format_signal(name, p->now.code));
	else if (p->now.ended == ENDED_STOPPED)
		snprintf(how, sizeof how, "stopped");
	else
		snprintf(how, sizeof how, "%s",
		    p->now.state == STATE_KILLED ? "gone" : "alive");
	if (!model_adds(m))
		say(o, "%-14s pid %-8d ppid %-8d %s", p->name, p->pid,
		    p->now.ppid, how);
	else if (m->control.program)
		say(o, "%-14s pid %-8d ppid %-8d %-18s sum %s", p->name, p->pid,
		    p->now.ppid, how, format_number(sum, p->now.sum));
	else
		say(o, "%-10s pid %-8d %-18s %8s items   sum %s", p->name,
		    p->pid, how, format_count(items, p->now.items),
		    format_number(sum, p->now.sum));
}

static void
summary_say_workers(const struct out *o, const struct model *m)
{
	char n[FORMAT_LEN];

	if (m->procs_dropped > 0)
		say(o, "... %s earlier process%s not shown",
		    format_count(n, m->procs_dropped),
		    format_es(m->procs_dropped));
	for (unsigned i = 0; i < m->nprocs; i++) {
		if (m->procs[i]->now.slot > 0)
			summary_say_worker(o, m, m->procs[i]);
	}
}

/* Stopped on request, with threads at their gates. */
static bool
summary_was_cut(const struct model *m)
{
	return m->ended && m->bye.outcome == OUTCOME_STOPPED &&
	    m->lab.scheduler != SCHEDULER_NONE;
}

/* If stepped from the start, nothing is in progress before the first step. */
static bool
summary_finished_late(const struct model *m)
{
	return (summary_was_cut(m) || stepping_misfits(m)) && model_adds(m) &&
	    (m->lab.taken > 0 || m->lab.flags & SCHEDULE_SPOILT);
}

/* On its own line and whole, however long: it is there to be pasted. */
static void
summary_say_schedule(const struct out *o, const struct model *m)
{
	char counts[STEPPING_LEN], who[STEPPING_LEN], why[MODEL_LINE];
	char *line;

	if (summary_finished_late(m))
		say(o,
		    "stopped: unfinished adds were completed after the last "
		    "step");
	if (m->lab.taken == 0)
		return;
	stepping_counts(m, counts);
	stepping_scheduler(m, who);
	stepping_spoilt(m, why, sizeof why);
	if (why[0] != '\0')
		say(o, "schedule %s; cannot be repeated: %s", counts, why);
	else if (stepping_misfits(m))
		say(o, "schedule %s, %s: it does not fit", counts, who);
	else if (!stepping_repeats(m))
		say(o,
		    "schedule %s, %s; too long to be kept here (%" PRIu32
		    " bytes)",
		    counts, who, m->lab.length);
	else if (asprintf(&line, "lockstep --schedule '%s'", m->schedule) > 0) {
		say(o, "schedule %s, %s; to repeat it%s:", counts, who,
		    summary_was_cut(m) ? " up to there" : "");
		o->line(line, o->arg);
		free(line);
	}
}

/* The report of a search; older engines have sent it line by line. */
static void
summary_say_search(
    const struct out *o, const struct model *m, const char *trouble)
{
	const struct model_log *line;

	for (unsigned i = 0; (line = model_output_at(m, i)) != NULL; i++)
		say(o, "%s", line->text);
	if (m->output_total == 0)
		exploration_report_each(m, o->line, o->arg);
	if (m->dropped > 0)
		say(o,
		    "trouble  %" PRIu64 " frames dropped: outcomes may be "
		    "missing",
		    m->dropped);
	if (trouble != NULL)
		say(o, "trouble  %s", trouble);
}

void
summary_each(const struct model *m, const char *trouble, bool whole,
    void (*line)(const char *, void *arg), void *arg)
{
	const struct out o = {.line = line, .arg = arg};
	char tasks[FORMAT_LEN], frames[FORMAT_LEN], dropped[FORMAT_LEN];
	char gil[GIL_TEXT_LEN];
	double s = (double)model_elapsed(m) / 1e9;

	if (m->explores) {
		summary_say_search(&o, m, trouble);
		return;
	}
	summary_say_run(&o, m);
	if (m->control.program)
		program_report_each(m, whole, line, arg);
	else
		summary_say_items(&o, m);
	if (!m->control.program || model_tasks(m) > 0)
		say(&o, "tasks    %s",
		    format_number(tasks, (int64_t)model_tasks(m)));
	if (model_adds(m))
		summary_say_sum(&o, m);
	if (gil_text_counts(m, gil))
		say(&o, "gil      %s", gil);
	for (unsigned i = 0; i < MODEL_MAX_LINES; i++) {
		if (m->banner[i][0] != '\0')
			say(&o, "note     %s", m->banner[i]);
	}
	if (whole)
		summary_say_workers(&o, m);
	say(&o, "status   %s frame%s, %s dropped",
	    format_count(frames, m->frames), format_s(m->frames),
	    format_count(dropped, m->dropped));
	say(&o, "elapsed  %.3f s", s);
	summary_say_schedule(&o, m);
	if (trouble != NULL)
		say(&o, "trouble  %s", trouble);
}

static void
print(const char *line, void *arg)
{
	fprintf(arg, "%s\n", line);
}

void
summary_print(const struct model *m, const char *trouble, bool whole, FILE *out)
{
	summary_each(m, trouble, whole, print, out);
}
