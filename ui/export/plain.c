/* plain: the run as lines of text. */
#include "export/plain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "export/headless.h"
#include "style/format.h"
#include "term/lines.h"
#include "text/summary.h"

#define PROGRESS_NS 1000000000ULL

struct plain {
	struct lines *lines;
	FILE *out;       /* the caller's */
	uint64_t run;    /* model.runs to which the rest belongs */
	uint64_t logged; /* number of log lines printed */
	bool begun;      /* the run's first line is printed */
	uint64_t shown;  /* ns of the last line of progress */
	struct frame_item_queue item_queue; /* as last printed */
	struct frame_sum sum;
	struct model_futures futures;
	uint64_t tasks;
	unsigned lints[LINT_COUNT]; /* how often each has fired */
};

static void
plain_prefix(const struct plain *p, const struct model *m, uint64_t ns)
{
	char clock[FORMAT_LEN];
	uint64_t start = m->control.start;

	if (start == 0 || ns < start)
		ns = start;
	fprintf(p->out, "%7s  ", format_clock(clock, ns - start));
}

static void
plain_print_begin(struct plain *p, const struct model *m)
{
	char window[FORMAT_LEN], speed[FORMAT_LEN];
	const struct frame_control *c = &m->control;

	if (p->begun || c->start == 0)
		return;
	p->begun = true;
	p->shown = c->start;
	plain_prefix(p, m, c->start);
	if (c->program) {
		fprintf(p->out, "%s: lock %s, window %s, speed %s, sum %s\n",
		    m->hello.demo, model_lock_name(m, c->lock),
		    format_span(window, c->window),
		    format_speed(speed, c->speed),
		    c->sum_mode == SUM_PRIVATE ? "private" : "shared");
		return;
	}
	fprintf(p->out,
	    "%s: %u process%s x %u thread%s, lock %s, window %s, speed %s, "
	    "sum %s\n",
	    m->hello.demo, m->hello.processes, format_es(m->hello.processes),
	    m->hello.threads, format_s(m->hello.threads),
	    model_lock_name(m, c->lock), format_span(window, c->window),
	    format_speed(speed, c->speed),
	    c->sum_mode == SUM_PRIVATE ? "private" : "shared");
}

static void
plain_print_log(struct plain *p, const struct model *m)
{
	for (; p->logged < m->log_total; p->logged++) {
		const struct model_log *line =
		    model_log_line(m, (unsigned)(m->log_total - 1 - p->logged));

		if (line == NULL)
			continue;
		plain_prefix(p, m, line->ns);
		fprintf(p->out, "%s%s\n",
		    line->kind == LINE_REASON ? "why: " : "", line->text);
	}
}

/* Each lint as it fires; dropped frames are in the final report. */
static void
plain_print_lints(struct plain *p, const struct model *m)
{
	for (unsigned i = 0; i < LINT_DROPPED; i++) {
		const struct lint_row *r = &m->lints.row[i];

		if (r->times > p->lints[i]) {
			plain_prefix(p, m, m->now);
			fprintf(p->out, "lint: %s: %s\n", lint_kinds[i].name,
			    r->text);
		}
		p->lints[i] = r->times;
	}
}

static bool
plain_moved(struct plain *p, const struct model *m)
{
	struct model_futures futures = model_futures(m);
	bool same = p->tasks == model_tasks(m) &&
	    p->futures.running == futures.running &&
	    p->futures.done == futures.done &&
	    p->item_queue.put == m->item_queue.put &&
	    p->item_queue.done == m->item_queue.done &&
	    p->item_queue.queued == m->item_queue.queued &&
	    p->sum.sum == m->sum.sum && p->sum.expected == m->sum.expected;

	p->item_queue = m->item_queue;
	p->futures = futures;
	p->sum = m->sum;
	p->tasks = model_tasks(m);
	return !same;
}

/* For a program: its futures and its sum, if it has them. */
static void
plain_print_program(const struct plain *p, const struct model *m)
{
	struct model_futures n = model_futures(m);
	char sum[FORMAT_LEN], expected[FORMAT_LEN], lost[FORMAT_LEN];
	unsigned procs, threads;

	model_alive(m, &procs, &threads);
	fprintf(p->out, "processes %u  threads %u", procs, threads);
	if (n.executors > 0)
		fprintf(p->out,
		    "  futures: pending %" PRIu64 "  running %" PRIu64
		    "  done %" PRIu64,
		    n.pending, n.running, n.done);
	if (m->sum.expected != 0)
		fprintf(p->out, "  sum %s  expected %s  lost %s",
		    format_number(sum, model_total(m)),
		    format_number(expected, m->sum.expected),
		    format_number(lost, m->sum.lost));
	fputc('\n', p->out);
}

/* No more progress is possible, so no more lines about it. */
static bool
plain_over(const struct model *m)
{
	unsigned procs, threads;

	if (!m->control.program)
		return m->ended || m->broken;
	model_alive(m, &procs, &threads);
	return m->ended || m->broken || procs == 0;
}

static void
plain_print_progress(struct plain *p, const struct model *m)
{
	char tasks[FORMAT_LEN], rate[FORMAT_LEN], sum[FORMAT_LEN],
	    expected[FORMAT_LEN], lost[FORMAT_LEN], total[32] = "";

	if (!p->begun || plain_over(m) || m->now < p->shown + PROGRESS_NS ||
	    !plain_moved(p, m))
		return;
	p->shown = m->now;
	if (m->item_queue.total > 0)
		snprintf(total, sizeof total, "/%u", m->item_queue.total);
	plain_prefix(p, m, m->now);
	if (m->control.program) {
		plain_print_program(p, m);
		return;
	}
	fprintf(p->out,
	    "items %" PRIu64 "%s  queue %u  tasks %s  %s/s  sum %s  "
	    "expected %s  lost %s\n",
	    m->item_queue.done, total, m->item_queue.queued,
	    format_number(tasks, (int64_t)p->tasks),
	    format_short(rate, m->tasks_per_s),
	    format_number(sum, model_total(m)),
	    format_number(expected, m->sum.expected),
	    format_number(lost, m->sum.lost));
}

/* A search; the summary says what it has found. */
static void
plain_print_search(struct plain *p, const struct model *m)
{
	char done[FORMAT_LEN], total[FORMAT_LEN];

	if (p->shown == 0)
		p->shown = m->first;
	if (m->ended || m->now < p->shown + PROGRESS_NS)
		return;
	p->shown = m->now;
	fprintf(p->out, "schedules %s of %s\n",
	    format_count(done, m->explore.done),
	    format_count(total, m->explore.total));
}

static bool
plain_tick(const struct model *m, void *arg)
{
	struct plain *p = arg;

	if (p->run != m->runs)
		*p = (struct plain){
		    .lines = p->lines, .out = p->out, .run = m->runs};
	if (m->explores) {
		plain_print_search(p, m);
	} else {
		plain_print_begin(p, m);
		if (p->begun)
			plain_print_log(p, m);
		plain_print_lints(p, m);
		plain_print_progress(p, m);
	}
	/* On a signal the run ends in an orderly way even without a reader. */
	return p->lines->error == 0 || p->lines->error == -EINTR;
}

int
plain_run(struct model *m, struct stream *s)
{
	struct lines lines;
	int error = lines_open(&lines, STDOUT_FILENO);

	if (error != 0)
		return error;
	setvbuf(lines.file, NULL, _IOLBF, 0);

	struct plain p = {.lines = &lines, .out = lines.file};
	int status = headless_run(m, s, plain_tick, &p);

	if (m->live && lines.error == 0) {
		p.begun = true;
		plain_tick(m, &p);
		summary_print(m, stream_trouble(s), true, p.out);
	}
	error = lines_close(&lines);
	return error != 0 ? error : status;
}
