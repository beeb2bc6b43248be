/* summary: the last word on a run. */
#include "summary.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "format.h"

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
	if (m->ended && m->bye.outcome == OUTCOME_FAILED)
		return "no worker is left, but items are";
	if (!model_items_hold(m))
		return "items got lost";
	return model_ledger(m) == LEDGER_BROKEN ? "sum + lost != expected"
						: NULL;
}

bool
summary_holds(const struct model *m)
{
	return summary_breach(m) == NULL;
}

bool
summary_exact(const struct model *m)
{
	return summary_holds(m) && model_ledger(m) == LEDGER_HOLDS &&
	    m->sum.lost_updates == 0 && m->sum.in_doubt == 0;
}

static const char *
outcome(const struct model *m)
{
	static const char *const word[] = {
	    [OUTCOME_DONE] = "done",
	    [OUTCOME_STOPPED] = "stopped",
	    [OUTCOME_FAILED] = "FAILED: no worker left",
	};

	return m->ended ? word[m->bye.outcome] : "not ended";
}

static const char *
verdict(const struct model *m)
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
say_run(const struct out *o, const struct model *m)
{
	say(o, "%s: %u processes x %u threads, lock %s, sum %s: %s",
	    m->hello.demo[0] != '\0' ? m->hello.demo : "run",
	    m->hello.processes, m->hello.threads,
	    model_lock_name(m, m->lock.kind),
	    m->control.sum_mode == SUM_PRIVATE ? "private" : "shared",
	    outcome(m));
}

static void
say_items(const struct out *o, const struct model *m)
{
	const struct frame_queue *q = &m->queue;

	say(o,
	    "items    put %" PRIu64 " = done %" PRIu64
	    " + in flight %u + queued %u + poisoned %u   %s",
	    q->put, q->done, q->in_flight, q->queued, q->poisoned,
	    model_items_hold(m) ? "ok" : "BROKEN");
	if (q->requeued > 0)
		say(o, "         put back %u times", q->requeued);
}

static void
say_sum(const struct out *o, const struct model *m)
{
	char total[FORMAT_LEN], lost[FORMAT_LEN], expected[FORMAT_LEN];
	double share = m->sum.expected != 0
	    ? 100.0 * (double)m->sum.lost / (double)m->sum.expected
	    : 0;

	if (m->control.sum_mode == SUM_PRIVATE)
		say(o,
		    "sum      %" PRId64 " in the supervisor: each process "
		    "adds to a copy of its own",
		    m->sum.sum);
	say(o, "%s %s + lost %s = expected %s   %s",
	    m->control.sum_mode == SUM_PRIVATE ? "copies  " : "sum     ",
	    format_number(total, model_total(m)),
	    format_number(lost, m->sum.lost),
	    format_number(expected, m->sum.expected), verdict(m));
	say(o, "lost     %" PRIu64 " updates, %.2f %% of the sum",
	    m->sum.lost_updates, share);
	if (m->sum.in_doubt > 0)
		say(o, "in doubt %u adds, cut short by a kill",
		    m->sum.in_doubt);
}

static void
say_worker(const struct out *o, const struct model_proc *p)
{
	char how[64], name[FORMAT_LEN], sum[FORMAT_LEN];

	if (p->now.ended == ENDED_EXIT)
		snprintf(how, sizeof how, "exited %u", p->now.code);
	else if (p->now.ended == ENDED_SIGNAL)
		snprintf(how, sizeof how, "killed by %s",
		    format_signal(name, p->now.code));
	else
		snprintf(how, sizeof how, "%s",
		    p->now.state == STATE_KILLED ? "gone" : "alive");
	say(o, "%-10s pid %-8d %-18s %8u items   sum %s", p->name, p->pid, how,
	    p->now.items, format_number(sum, p->now.sum));
}

static void
say_workers(const struct out *o, const struct model *m)
{
	if (m->procs_dropped > 0)
		say(o, "... %" PRIu64 " processes before these",
		    m->procs_dropped);
	for (unsigned i = 0; i < m->nprocs; i++) {
		if (m->procs[i]->now.slot > 0)
			say_worker(o, m->procs[i]);
	}
}

void
summary_each(const struct model *m, const char *trouble, bool whole,
    void (*line)(const char *, void *arg), void *arg)
{
	const struct out o = {.line = line, .arg = arg};
	char tasks[FORMAT_LEN];
	double s = (double)model_elapsed(m) / 1e9;

	say_run(&o, m);
	say_items(&o, m);
	say(&o, "tasks    %s", format_number(tasks, (int64_t)model_tasks(m)));
	say_sum(&o, m);
	for (unsigned i = 0; i < MODEL_MAX_LINES; i++) {
		if (m->banner[i][0] != '\0')
			say(&o, "note     %s", m->banner[i]);
	}
	if (whole)
		say_workers(&o, m);
	say(&o, "status   %" PRIu64 " frames, %" PRIu64 " dropped", m->frames,
	    m->dropped);
	say(&o, "elapsed  %.3f s", s);
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
