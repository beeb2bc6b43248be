/* header: the rows above every view. */
#include "dashboard/header_priv.h"

#include <inttypes.h>

#include "style/format.h"
#include "text/stepping.h"
#include "widgets/object_rows.h"
#include "widgets/widgets.h"

static const struct header_mark phases[PHASE_COUNT] = {
    [PHASE_STARTING] = {.word = "starting",
	.glyph = GLYPH_RUNNING,
	.look = LOOK_DIM},
    [PHASE_RUNNING] = {.word = "running",
	.glyph = GLYPH_RUNNING,
	.look = LOOK_GOOD},
    [PHASE_DRAINING] = {.word = "running",
	.glyph = GLYPH_RUNNING,
	.look = LOOK_GOOD},
    [PHASE_DONE] = {.word = "done", .glyph = GLYPH_OVER, .look = LOOK_STRONG},
};

static const struct header_mark outcomes[] = {
    [OUTCOME_DONE] = {.word = "done", .glyph = GLYPH_OVER, .look = LOOK_STRONG},
    [OUTCOME_STOPPED] = {.word = "stopped",
	.glyph = GLYPH_OVER,
	.look = LOOK_WARN},
    [OUTCOME_FAILED] = {.word = "failed",
	.glyph = GLYPH_CROSS,
	.look = LOOK_BAD},
    [OUTCOME_HUNG] = {.word = "hung", .glyph = GLYPH_CROSS, .look = LOOK_ALARM},
};

static const struct header_mark paused = {
    .word = "paused", .glyph = GLYPH_PAUSED, .look = LOOK_NOTICE};
static const struct header_mark stepped = {
    .word = "stepped", .glyph = GLYPH_PAUSED, .look = LOOK_NOTICE};
static const struct header_mark silent = {
    .word = "engine silent", .glyph = GLYPH_UNSURE, .look = LOOK_BAD};

static const struct header_mark died = {
    .word = "engine died", .glyph = GLYPH_CROSS, .look = LOOK_ALARM};

static const struct header_mark hangs = {
    .word = "HANGS", .glyph = GLYPH_CROSS, .look = LOOK_ALARM};

static void
header_add_phase(struct segments *s, const struct model *m, uint64_t unanswered)
{
	const struct header_mark *mark = &phases[m->control.phase];
	char buf[FORMAT_LEN];

	if (m->ended)
		mark = &outcomes[m->bye.outcome];
	else if (m->broken)
		mark = &died;
	else if (unanswered > 0)
		mark = &silent;
	else if (m->control.paused)
		mark = &paused;
	else if (model_hung(m) || stepping_is_stuck(m))
		mark = &hangs;
	else if (stepping_by_hand(m))
		mark = &stepped;
	struct segment *one = segments_add(s,
	    mark == &silent || mark == &died || mark == &hangs ? 0 : 2, NULL,
	    mark->look);
	one->glyph = mark->glyph;
	if (mark == &silent)
		segment_value(
		    one, "%s %s", mark->word, format_age(buf, unanswered));
	else
		segment_value(
		    one, "%s", m->live ? mark->word : "no engine yet");
}

static void
header_add_lock(struct segments *s, const struct model *m)
{
	unsigned kind = m->lock.kind;
	const char *name = model_lock_name(m, kind);
	bool used = model_adds(m);
	bool flawed = kind < MODEL_MAX_LOCKS && m->lock_flaw[kind][0] != '\0';
	struct segment *one = segments_add(s, used ? 0 : 8, "lock",
	    !used                     ? LOOK_DIM
		: kind == 0 || flawed ? LOOK_ALARM
				      : LOOK_GOOD);
	const char *on = kind == 0 ? "OFF" : flawed ? "WRONG" : "ON";

	segment_value(one, "%s %s", on, name);
	segment_brief(one, "%s %s", on, name);
	if (m->lock.wanted == kind)
		return;
	one = segments_add(s, 1, NULL, LOOK_WARN);
	one->glyph = GLYPH_BECOMES;
	segment_value(one, "%s", model_lock_name(m, m->lock.wanted));
}

/* "GIL 5 ms", if the run has reported one. */
static void
header_add_gil(struct segments *s, const struct model *m)
{
	char buf[FORMAT_LEN];

	if (m->lab.gil > 0)
		segment_value(segments_add(s, 4, "GIL", LOOK_WARN), "%s",
		    format_span(buf, m->lab.gil));
}

/* The clock advances even while no frame arrives. */
static uint64_t
header_elapsed(const struct model *m, uint64_t now)
{
	uint64_t start = m->control.start;

	if (m->ended || start == 0 || now <= start)
		return model_elapsed(m);
	return now - start;
}

static void
header_add_crew(struct segments *s, const struct model *m)
{
	unsigned processes = m->control.processes, threads = m->control.threads;
	bool program = m->control.program != 0;
	struct segment *one;

	if (program)
		model_alive(m, &processes, &threads);
	else if (processes == 0) {
		processes = m->hello.processes;
		threads = m->hello.threads;
	}
	if (program && processes == 0)
		return;
	one = segments_add(s, 6, NULL, LOOK_PLAIN);
	segment_value(one, "%u process%s%s%u thread%s", processes,
	    processes == 1 ? "" : "es", program ? ", " : " x ", threads,
	    threads == 1 ? "" : "s");
	segment_brief(
	    one, program ? "%u proc %u thr" : "%ux%u", processes, threads);
}

static void
header_draw_run(const struct screen *screen, const struct model *m, bool frozen,
    struct pen *p)
{
	const struct frame_control *c = &m->control;
	struct segments s = {.n = 0};
	struct segment *one;
	char buf[FORMAT_LEN];

	if (!frozen || pen_left(p) > 110)
		segment_value(
		    segments_add(&s, 9, NULL, LOOK_TITLE), "lockstep");
	one = segments_add(&s, 4, NULL, LOOK_STRONG);
	segment_value(one, "%s", m->hello.demo);
	header_add_crew(&s, m);
	header_add_phase(&s, m, screen->silent);
	if (frozen) {
		one = segments_add(&s, 0, NULL, LOOK_NOTICE);
		segment_value(one, " VIEW FROZEN ");
	}
	header_add_lock(&s, m);
	header_add_gil(&s, m);
	one = segments_add(&s, 5, "window", LOOK_PLAIN);
	const char *window = format_span(buf, c->window);
	segment_value(one, "%s", window);
	segment_brief(one, "win %s", window);
	one = segments_add(&s, 7, "speed", LOOK_PLAIN);
	segment_value(one, "%s", format_speed(buf, c->speed));
	one = segments_add(&s, 3, NULL, LOOK_STRONG);
	segment_value(one, "%s",
	    m->ended ? format_took(buf, m->bye.elapsed)
		     : format_clock(buf, header_elapsed(m, screen->now)));
	segments_draw(&s, p);
}

/* The current rate; the average of a run that is over. */
static double
header_tasks_rate(const struct model *m)
{
	if (!m->ended)
		return m->tasks_per_s;
	if (m->bye.elapsed == 0)
		return 0;
	return (double)model_tasks(m) * 1e9 / (double)m->bye.elapsed;
}

/* How many lints fire, with the key that shows them. */
static void
header_add_lints(struct segments *s, const struct lints *l)
{
	unsigned grave, n = lints_firing(l, &grave);

	if (n > 0)
		segment_value(
		    segments_add(s, 3, NULL, grave > 0 ? LOOK_BAD : LOOK_WARN),
		    "!%u", n);
}

static void
header_add_status(struct segments *s, const struct model *m)
{
	struct segment *one;
	char buf[FORMAT_LEN];

	if (!m->ended && !m->broken) {
		one = segments_add(s, 6, "status", LOOK_PLAIN);
		const char *rate = format_short(buf, m->frames_per_s);
		segment_value(one, "%s/s", rate);
		segment_brief(one, "%s fr/s", rate);
	}
	one = segments_add(s, 3, NULL, m->dropped > 0 ? LOOK_BAD : LOOK_DIM);
	segment_value(one, "%s dropped", format_short(buf, (double)m->dropped));
	if (!m->masked)
		header_add_lints(s, &m->lints);
}

/*
 * For a program: its futures, else its queue, else the number of live threads.
 */
static void
header_draw_program(const struct model *m, struct pen *p)
{
	struct model_futures n = model_futures(m);
	unsigned queue = object_rows_busiest(m), procs, threads;
	uint64_t all = n.pending + n.running + n.done;
	struct segments s = {.n = 0};
	struct segment *one;
	char name[MODEL_NAME];

	if (n.executors > 0) {
		one = segments_add(&s, 4, "futures", LOOK_STRONG);
		segment_value(one, "%" PRIu64, all);
		one->bar = true;
		one->fraction = all > 0 ? (double)n.done / (double)all : 0;
		one->cols = pen_left(p) > 110 ? 30 : 10;
		object_rows_add_futures(&s, &n);
	} else if (queue > 0) {
		one = segments_add(&s, 1,
		    m->queue[queue].now.flags & QUEUE_PIPE ? "pipe" : "queue",
		    LOOK_TITLE);
		segment_value(one, "%s", model_queue_name(m, queue, name));
		segment_brief(one, "%s", model_queue_name(m, queue, name));
		object_rows_add_queue(&s, m, queue);
	} else {
		model_alive(m, &procs, &threads);
		one = segments_add(&s, 0, "processes", LOOK_STRONG);
		if (m->ended)
			procs = m->nprocs - (m->slot[0] != NULL);
		segment_value(
		    one, "%u %s", procs, m->ended ? "in all" : "alive");
	}
	if (n.executors == 0 && queue == 0 && !m->ended) {
		one = segments_add(&s, 0, "threads", LOOK_STRONG);
		segment_value(one, "%u alive", threads);
	}
	header_add_status(&s, m);
	segments_draw(&s, p);
}

static void
header_draw_work(const struct model *m, struct pen *p)
{
	const struct frame_item_queue *q = &m->item_queue;
	struct segments s = {.n = 0};
	struct segment *one = segments_add(&s, 0, "items", LOOK_STRONG);
	char buf[FORMAT_LEN], more[FORMAT_LEN];

	if (q->total > 0) {
		segment_value(one, "%" PRIu64 "/%u", q->done, q->total);
		one->bar = true;
		one->look = LOOK_STRONG;
		one->fraction = (double)q->done / q->total;
		one->cols = pen_left(p) > 110 ? 30 : 8;
	} else
		segment_value(one, "%s", format_number(buf, (int64_t)q->done));
	if (model_left(m) > 0) {
		one = segments_add(&s, 5, NULL, LOOK_DIM);
		segment_value(one, "%s left", format_clock(buf, model_left(m)));
	}
	one = segments_add(&s, 4, "queue", LOOK_STRONG);
	segment_value(one, "%u", q->queued);
	one->spark = &m->depth;
	one->cols = pen_left(p) > 110 ? 16 : 6;
	one = segments_add(&s, 2, "tasks", LOOK_STRONG);
	const char *number = format_number(buf, (int64_t)model_tasks(m));
	const char *rate = format_short(more, header_tasks_rate(m));
	if (m->broken)
		segment_value(one, "%s", number);
	else
		segment_value(
		    one, "%s %s%s/s", number, m->ended ? "avg " : "", rate);
	if (m->ended)
		segment_brief(one, "tasks %s %s/s", number, rate);
	header_add_status(&s, m);
	if (q->poisoned > 0) {
		one = segments_add(&s, 1, "poisoned", LOOK_BAD);
		segment_value(one, "%u", q->poisoned);
	}
	segments_draw(&s, p);
}

int
header_rows(const struct model *m)
{
	return model_adds(m) ? 3 : 2;
}

void
header_draw(
    const struct screen *s, const struct model *m, bool frozen, struct area a)
{
	for (int i = 0; i < a.rows; i++) {
		struct pen p = pen_at(a, i);

		if (a.cols > 30)
			pen_char(&p, LOOK_PLAIN, ' ');
		if (i == 0)
			header_draw_run(s, m, frozen, &p);
		else if (i == 1 && (a.rows > 2 || !model_adds(m)))
			m->control.program ? header_draw_program(m, &p)
					   : header_draw_work(m, &p);
		else if (m->masked)
			header_draw_masked(m, &p);
		else
			header_draw_sum(s, m, &p);
	}
}
