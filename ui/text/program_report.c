/* program_report: the results of a program, as lines of text. */
#include "text/program_report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "style/format.h"

#define LINE 640

struct out {
	void (*line)(const char *, void *arg);
	void *arg;
};

__attribute__((format(printf, 2, 3))) static void
say(const struct out *o, const char *fmt, ...)
{
	char line[LINE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	o->line(line, o->arg);
}

static void
report_say_results(const struct out *o, const struct model *m)
{
	char buf[FORMAT_LEN];

	for (unsigned i = 0; i < MODEL_MAX_RESULTS; i++)
		if (m->result[i].name[0] != '\0')
			say(o, "result   %s = %s", m->result[i].name,
			    format_number(buf, m->result[i].value));
}

/* The total of all executors, and each future that failed. */
static void
report_say_futures(const struct out *o, const struct model *m)
{
	struct model_futures n = model_futures(m);
	const struct model_future *f;
	char a[FORMAT_LEN], b[FORMAT_LEN], c[FORMAT_LEN], label[MODEL_LABEL];

	if (n.executors == 0)
		return;
	say(o, "futures  done %s, %s of them failed, %s cancelled",
	    format_count(a, n.done), format_count(b, n.failed),
	    format_count(c, n.cancelled));
	if (n.pending + n.running > 0)
		say(o, "         %s pending, %s running",
		    format_count(a, n.pending), format_count(b, n.running));
	for (unsigned i = 0; (f = model_future_at(m, i)) != NULL; i++)
		if (f->now.state == FUTURE_FAILED)
			say(o, "failed   %s: %s", model_future_label(f, label),
			    model_future_why(f));
}

static void
report_say_executor(const struct out *o, const struct model *m, unsigned i)
{
	const struct frame_executor *e = &m->executor[i].now;
	char name[MODEL_NAME], done[FORMAT_LEN], died[48] = "", crew[48] = "";

	if (e->kind == EXECUTOR_THREADS)
		snprintf(crew, sizeof crew, " (%u)", e->threads);
	else if (e->kind == EXECUTOR_PROCESSES)
		snprintf(crew, sizeof crew, " (%u)", e->processes);
	else if (e->kind == EXECUTOR_HYBRID)
		snprintf(
		    crew, sizeof crew, " (%u x %u)", e->processes, e->threads);

	if (e->died > 0 || e->retried > 0)
		snprintf(died, sizeof died, ", %u worker%s died, %u retried",
		    e->died, format_s(e->died), e->retried);
	say(o, "executor %s: %s%s, %s done, %u failed, %u cancelled%s",
	    model_executor_name(m, i, name), model_kind_name(e->kind), crew,
	    format_count(done, e->done), e->failed, e->cancelled, died);
}

static void
report_say_queue(const struct out *o, const struct model *m, unsigned i)
{
	const struct frame_queue *f = &m->queue[i].now;
	bool pipe = f->flags & QUEUE_PIPE;
	char name[MODEL_NAME], put[FORMAT_LEN], got[FORMAT_LEN],
	    depth[FORMAT_LEN], done[FORMAT_LEN], more[96] = "";

	if (f->flags & QUEUE_JOINABLE)
		snprintf(more, sizeof more, ", marked done %s",
		    format_count(done, f->done));
	if (f->sentinels > 0)
		snprintf(more + strlen(more), sizeof more - strlen(more),
		    ", %u sentinel%s", f->sentinels,
		    f->sentinels == 1 ? "" : "s");
	say(o, "%s %s: %s %s = got %s + queued %s%s",
	    pipe ? "pipe    " : "queue   ", model_queue_name(m, i, name),
	    pipe ? "written" : "put", format_count(put, f->put),
	    format_count(got, f->got),
	    format_count(depth, model_depth(&m->queue[i])), more);
}

static void
report_say_mutex(const struct out *o, const struct model *m, unsigned i)
{
	const struct frame_mutex *x = &m->mutex[i].now;
	char name[MODEL_NAME], a[FORMAT_LEN], b[FORMAT_LEN];

	say(o, "lock     %s: taken %s time%s, %s of them contended",
	    model_mutex_name(m, i, name), format_count(a, x->acquired),
	    format_s(x->acquired), format_count(b, x->contended));
}

static void
report_say_measure(const struct out *o, const struct model *m, unsigned i)
{
	const struct frame_measure *r = &m->measure[i];
	const struct frame_measure *one =
	    model_measure(m, EXECUTOR_SEQUENTIAL, r->gil != 0);
	char times[32] = "";

	if (one != NULL && one->done && r->done && r->wall > 0)
		snprintf(times, sizeof times, "%.2fx",
		    (double)one->wall / (double)r->wall);
	say(o,
	    "compare  %-10s %-16s %9.3f s %8s  CPU %8.3f s  switches "
	    "%" PRIu64 " + %" PRIu64 "%s",
	    model_kind_name(r->kind), r->gil ? "interpreter lock" : "no lock",
	    (double)r->wall / 1e9, times, (double)r->cpu / 1e9, r->voluntary,
	    r->involuntary, r->done ? "" : "  not done");
}

static void
report_say_made(const struct out *o, const struct model *m)
{
	for (unsigned i = 1; i < MODEL_OBJECTS; i++)
		if (m->executor[i].known)
			report_say_executor(o, m, i);
	for (unsigned i = 1; i < MODEL_OBJECTS; i++)
		if (m->queue[i].known &&
		    (m->queue[i].now.put > 0 || model_hung(m)))
			report_say_queue(o, m, i);
	for (unsigned i = 1; i < MODEL_OBJECTS; i++)
		if (m->mutex[i].known)
			report_say_mutex(o, m, i);
}

void
program_report_each(const struct model *m, bool whole,
    void (*line)(const char *, void *arg), void *arg)
{
	const struct out o = {.line = line, .arg = arg};

	if (model_hung(m))
		say(&o, "hung     %s", model_hangs(m));
	report_say_results(&o, m);
	report_say_futures(&o, m);
	if (whole)
		report_say_made(&o, m);
	for (unsigned i = 0; i < MODEL_MAX_MEASURES; i++)
		if (m->measured[i])
			report_say_measure(&o, m, i);
}
