/* predict: guesses, and hiding what would reveal the answer. */
#include "model/predict.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/snapshot.h"
#include "style/format.h"

bool
predict_hides(const struct predict *p)
{
	return p != NULL && p->state == PREDICT_HIDES;
}

/* ---- a guess ---- */

/* Digits may be grouped, as on the screen. */
static bool
predict_squeeze(const char *text, char *buf, size_t size)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (isspace((unsigned char)*text))
			continue;
		if (n + 1 == size)
			return false;
		buf[n++] = (char)tolower((unsigned char)*text);
	}
	buf[n] = '\0';
	return true;
}

static bool
predict_read_share(const char *text, double *share)
{
	char *end;

	if (!isdigit((unsigned char)*text) && *text != '.')
		return false;
	*share = strtod(text, &end);
	return strcmp(end, "%") == 0 && isfinite(*share) && *share <= 100;
}

static bool
predict_read_number(const char *text, int64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)text[text[0] == '-']))
		return false;
	errno = 0;
	*number = strtoll(text, &end, 10);
	return *end == '\0' && errno == 0;
}

bool
predict_read(struct predict *p, const char *text)
{
	struct predict read = {.state = PREDICT_GUESSED};
	char buf[PREDICT_LEN];
	const char *at = buf;

	if (!predict_squeeze(text, buf, sizeof buf))
		return false;
	if (strncmp(buf, "lost", 4) == 0) {
		at += 4;
		read.what = PREDICT_LOST;
	}
	if (predict_read_share(at, &read.share))
		read.what = PREDICT_SHARE;
	else if (!predict_read_number(at, &read.number))
		return false;
	*p = read;
	return true;
}

const char *
predict_guess(const struct predict *p, char buf[PREDICT_LEN])
{
	char number[FORMAT_LEN];

	if (p->what == PREDICT_SHARE)
		snprintf(buf, PREDICT_LEN, "lost %g %%", p->share);
	else
		snprintf(buf, PREDICT_LEN, "%s%s",
		    p->what == PREDICT_LOST ? "lost " : "",
		    format_number(number, p->number));
	return buf;
}

/* ---- the result ---- */

/* The value that a reader of the variable would see at the end. */
static int64_t
predict_final_sum(const struct model *m)
{
	const struct model_proc *first =
	    m->control.program ? model_main(m) : NULL;

	return m->control.sum_mode == SUM_PRIVATE && first != NULL
	    ? first->now.sum
	    : m->sum.sum;
}

static double
predict_final_share(const struct model *m)
{
	return m->sum.expected != 0
	    ? 100.0 * (double)m->sum.lost / (double)m->sum.expected
	    : 0;
}

static bool
predict_is_right(const struct predict *p, const struct model *m)
{
	switch (p->what) {
	case PREDICT_SUM:
		return p->number == predict_final_sum(m);
	case PREDICT_LOST:
		return p->number == m->sum.lost;
	default:
		return fabs(p->share - predict_final_share(m)) < 0.05;
	}
}

static void
predict_tell_truth(
    const struct predict *p, const struct model *m, char buf[2 * PREDICT_LEN])
{
	char number[FORMAT_LEN];

	if (p->what == PREDICT_SHARE)
		snprintf(buf, 2 * PREDICT_LEN, "lost %.1f %%",
		    predict_final_share(m));
	else
		snprintf(buf, 2 * PREDICT_LEN, "%s%s",
		    p->what == PREDICT_LOST ? "lost " : "",
		    format_number(number,
			p->what == PREDICT_LOST ? m->sum.lost
						: predict_final_sum(m)));
}

/* Updates were lost: under which lock, and why that lock allows it. */
static void
predict_blame(const struct model *m, char buf[MODEL_LINE])
{
	char lost[FORMAT_LEN], updates[FORMAT_LEN], times[FORMAT_LEN];
	unsigned kind = m->lock.kind;
	const char *flaw = m->lock_flaw[kind];
	int n = snprintf(buf, MODEL_LINE, "%s w%s lost in %s update%s",
	    format_number(lost, m->sum.lost), m->sum.lost == 1 ? "as" : "ere",
	    format_count(updates, m->sum.lost_updates),
	    m->sum.lost_updates == 1 ? "" : "s");

	if (m->lock.switches > 0)
		snprintf(buf + n, MODEL_LINE - (size_t)n,
		    "; the lock was switched %s time%s",
		    format_count(times, m->lock.switches),
		    m->lock.switches == 1 ? "" : "s");
	else
		snprintf(buf + n, MODEL_LINE - (size_t)n, "; lock %s: %.220s",
		    model_lock_name(m, kind),
		    flaw[0] != '\0' ? flaw : m->lock_lesson[kind]);
}

static void
predict_say_why(const struct model *m, char buf[MODEL_LINE])
{
	char all[FORMAT_LEN];

	if (m->sum.expected == 0)
		snprintf(buf, MODEL_LINE, "no thread has added anything");
	else if (m->control.sum_mode == SUM_PRIVATE)
		snprintf(buf, MODEL_LINE,
		    "each process added to a copy of its own, as after fork; "
		    "all copies together are %s",
		    format_number(all, model_copies(m)));
	else if (m->sum.lost_updates > 0)
		predict_blame(m, buf);
	else if (m->lock.switches > 0)
		snprintf(buf, MODEL_LINE,
		    "the lock was switched, and nothing was lost");
	else if (m->lock.kind != 0)
		snprintf(buf, MODEL_LINE,
		    "the lock was on (%s): nothing was lost",
		    model_lock_name(m, m->lock.kind));
	else
		snprintf(buf, MODEL_LINE,
		    "nothing was lost: this time no store came between "
		    "another thread's load and store");
}

void
predict_verdict(
    const struct predict *p, const struct model *m, char buf[MODEL_LINE])
{
	char typed[PREDICT_LEN], truth[2 * PREDICT_LEN], why[MODEL_LINE];
	const char *guess;

	buf[0] = '\0';
	if (p == NULL || p->state != PREDICT_GUESSED || !m->ended)
		return;
	guess = predict_guess(p, typed);
	predict_tell_truth(p, m, truth);
	predict_say_why(m, why);
	if (predict_is_right(p, m))
		snprintf(buf, MODEL_LINE, "you said %s, which is right: %.280s",
		    guess, why);
	else
		snprintf(buf, MODEL_LINE, "you said %s, it is %s: %.280s",
		    guess, truth, why);
}

/* ---- what reveals the answer ---- */

static bool
predict_tells(const char *text)
{
	return strcasestr(text, "lost") != NULL ||
	    strcasestr(text, "wiped") != NULL ||
	    strcasestr(text, "expected") != NULL;
}

static void
predict_mask_line(char *text, size_t size)
{
	snprintf(text, size, "(hidden until you guess)");
}

/* Usually a program prints its result. */
static void
predict_mask_texts(struct model *m)
{
	for (unsigned i = 0; i < MODEL_MAX_LOG; i++) {
		struct model_log *line = &m->log[i];

		if (line->kind == LINE_OUTPUT || predict_tells(line->text))
			predict_mask_line(line->text, sizeof line->text);
	}
	for (unsigned i = 0; i < MODEL_MAX_LINES; i++)
		if (predict_tells(m->banner[i]))
			predict_mask_line(m->banner[i], sizeof m->banner[i]);
	m->output_total = 0;
	memset(m->result, 0, sizeof m->result);
	memset(m->lock_flaw, 0, sizeof m->lock_flaw);
}

static void
predict_mask_crew(struct model *m)
{
	for (unsigned i = 0; i < m->nprocs; i++) {
		struct model_proc *p = m->procs[i];

		if (m->control.sum_mode == SUM_PRIVATE || p->now.slot == 0)
			p->now.sum = 0;
		for (unsigned k = 0; k < p->nthreads; k++) {
			struct frame_step *step = p->threads[k].step;

			p->threads[k].now.lost = 0;
			if (step != NULL && step->thing == THING_SUM)
				step->value = 0;
		}
	}
}

/* Loads and stores show the values read and written. */
static void
predict_mask_trace(struct model *m)
{
	uint64_t kept = 0;
	uint64_t from = m->trace_total > MODEL_MAX_TRACE
	    ? m->trace_total - MODEL_MAX_TRACE
	    : 0;
	struct frame *all = malloc(sizeof m->trace);

	for (uint64_t i = from; all != NULL && i < m->trace_total; i++) {
		const struct frame *f = &m->trace[i % MODEL_MAX_TRACE];

		if (f->trace.op != TRACE_LOAD && f->trace.op != TRACE_STORE &&
		    f->trace.op != TRACE_LOST)
			all[kept++] = *f;
	}
	if (all != NULL)
		memcpy(m->trace, all, kept * sizeof *all);
	m->trace_total = kept;
	free(all);
}

struct model *
predict_mask(const struct model *m)
{
	struct model *copy = snapshot_shallow(m);

	if (copy == NULL)
		return NULL;
	copy->masked = true;
	copy->sum.sum = copy->sum.expected;
	copy->sum.lost = 0;
	copy->sum.lost_updates = 0;
	copy->lost.n = copy->lost_rate.n = 0;
	memset(copy->kind, 0, sizeof copy->kind);
	memset(&copy->races, 0, sizeof copy->races);
	predict_mask_texts(copy);
	predict_mask_crew(copy);
	predict_mask_trace(copy);
	return copy;
}

void
predict_free(struct model *copy)
{
	snapshot_free(copy);
}
