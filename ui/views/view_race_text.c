/* view_race_text: a lost update in words. */
#include "views/view_race.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "style/format.h"
#include "text/stepping.h"

#define NAMED 3 /* victims; the rest is counted */

struct words {
	char *buf;
	size_t size, len;
};

static void __attribute__((format(printf, 2, 3)))
race_say(struct words *w, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(w->buf + w->len, w->size - w->len, fmt, ap);
	va_end(ap);
	if (n > 0)
		w->len += (size_t)n < w->size - w->len ? (size_t)n
						       : w->size - w->len - 1;
}

const char *
race_name(const struct model *m, int32_t tid, char buf[RACE_NAME])
{
	const struct model_proc *p;
	const struct model_thread *t = model_thread_by_tid(m, tid, &p);

	if (tid == 0)
		return "some thread";
	if (t != NULL)
		return t->now.index == 0 && !m->control.program ? p->name
								: t->name;
	snprintf(buf, RACE_NAME, "tid %d", (int)tid);
	return buf;
}

void
race_victims(const struct model *m, const struct lost_updates_record *r,
    char *buf, size_t size)
{
	struct lost_updates_loss loss;
	char name[RACE_NAME];

	lost_updates_loss(r, &loss);
	if (!r->complete) /* the event names only the last writer */
		snprintf(buf, size, "%s, ...",
		    race_name(m,
			r->culprit.over != 0 || r->n == 0 ? r->culprit.over
							  : r->between[0].tid,
			name));
	else if (loss.n == 1)
		snprintf(
		    buf, size, "%s", race_name(m, loss.victim[0].tid, name));
	else
		snprintf(buf, size, "%s +%u",
		    race_name(m, loss.victim[0].tid, name), loss.n - 1);
}

void
race_title(const struct model *m, const struct lost_updates_record *r,
    char *buf, size_t size)
{
	char name[RACE_NAME], victims[RACE_NAME + 16];
	char expected[FORMAT_LEN], was[FORMAT_LEN];

	race_victims(m, r, victims, sizeof victims);
	snprintf(buf, size, "expected %s, was %s: %s over %s",
	    format_number(expected, lost_updates_expected(r)),
	    format_number(was, r->culprit.value),
	    race_name(m, r->culprit.tid, name), victims);
}

/* "1 of pool-2.1, 2 of pool-1.1 and 4 of 5 others" */
static void
race_say_losses(
    struct words *w, const struct model *m, const struct lost_updates_loss *l)
{
	unsigned named = l->n <= NAMED ? l->n : NAMED - 1;
	char name[RACE_NAME], buf[FORMAT_LEN];
	int64_t others = 0;

	for (unsigned i = 0; i < named; i++)
		race_say(w, "%s%s of %s",
		    i == 0                                ? ""
			: i + 1 == named && l->n == named ? " and "
							  : ", ",
		    format_number(buf, l->victim[i].amount),
		    race_name(m, l->victim[i].tid, name));
	for (unsigned i = named; i < l->n; i++)
		others =
		    (int64_t)((uint64_t)others + (uint64_t)l->victim[i].amount);
	if (l->n > named)
		race_say(w, " and %s of %u others", format_number(buf, others),
		    l->n - named);
}

static bool
race_single(const struct lost_updates_loss *l)
{
	return l->n == 1 &&
	    (l->victim[0].amount == 1 || l->victim[0].amount == -1);
}

/* What came in between: each store, or how many and the last one. */
static void
race_say_between(
    struct words *w, const struct model *m, const struct lost_updates_record *r)
{
	char name[RACE_NAME], buf[FORMAT_LEN];

	if (r->n > NAMED) {
		race_say(w, " before %u stores of others, the last %s of %s",
		    r->n, format_number(buf, r->between[0].value),
		    race_name(m, r->between[0].tid, name));
		return;
	}
	for (unsigned i = r->n; i-- > 0;)
		race_say(w, "%s%s stored %s",
		    i + 1 == r->n ? " before "
			: i == 0  ? " and "
				  : ", ",
		    race_name(m, r->between[i].tid, name),
		    format_number(buf, r->between[i].value));
}

static void
race_say_complete(
    struct words *w, const struct model *m, const struct lost_updates_record *r)
{
	const struct lost_updates_add *c = &r->culprit;
	struct lost_updates_loss l;
	char name[RACE_NAME], buf[FORMAT_LEN];

	lost_updates_loss(r, &l);
	race_say(w, "%s read %s", race_name(m, c->tid, name),
	    format_number(buf, c->seen));
	race_say_between(w, m, r);
	race_say(w, ", and stored %s over %s: ", format_number(buf, c->value),
	    r->n == 1 ? "it" : "them");
	race_say_losses(w, m, &l);
	race_say(w, race_single(&l) ? " is lost" : " are lost");
	if (l.back > 0)
		race_say(w, "; %s that %s had wiped out %s restored",
		    format_number(buf, l.back), race_name(m, l.by, name),
		    l.back == 1 ? "is" : "are");
	else if (l.back < 0)
		race_say(w, ", and %s that %s had restored",
		    format_number(buf, (int64_t)(0 - (uint64_t)l.back)),
		    race_name(m, l.by, name));
}

static void
race_say_partial(
    struct words *w, const struct model *m, const struct lost_updates_record *r)
{
	const struct lost_updates_add *c = &r->culprit;
	char name[RACE_NAME], buf[FORMAT_LEN];
	int64_t lost = lost_updates_lost(c);

	race_say(w, "%s read %s", race_name(m, c->tid, name),
	    format_number(buf, c->seen));
	race_say(w, " and stored %s", format_number(buf, c->value));
	race_say(w, " over %s: ", format_number(buf, c->before));
	if (lost >= 0)
		race_say(w, "%s %s lost", format_number(buf, lost),
		    lost == 1 ? "is" : "are");
	else
		race_say(w, "%s that had been lost are restored",
		    format_number(buf, (int64_t)(0 - (uint64_t)lost)));
	race_say(w, ". At least: last written by %s; ",
	    race_name(m,
		c->over != 0 || r->n == 0 ? c->over : r->between[0].tid, name));
	if (r->n == RACES_CHAIN)
		race_say(w,
		    "there were too many stores in between to list them all");
	else if (r->n > 0)
		race_say(w, "%u of the stores in between %s traced", r->n,
		    r->n == 1 ? "was" : "were");
	else
		race_say(w, "the stores in between were not traced");
}

void
race_sentence(const struct model *m, const struct lost_updates_record *r,
    char *buf, size_t size)
{
	struct words w = {.buf = buf, .size = size};

	if (r->complete)
		race_say_complete(&w, m, r);
	else
		race_say_partial(&w, m, r);
}

void
race_quiet(const struct model *m, uint64_t now, char *buf, size_t size)
{
	struct words w = {.buf = buf, .size = size};
	unsigned kind = m->lock.kind;
	bool loses = kind == 0 ||
	    (kind < MODEL_MAX_LOCKS && m->lock_flaw[kind][0] != '\0');
	char age[FORMAT_LEN];

	buf[0] = '\0';
	if (!loses) {
		race_say(&w, "nothing is being lost: lock %s",
		    model_lock_name(m, kind));
		if (kind < MODEL_MAX_LOCKS && m->lock_lesson[kind][0] != '\0')
			race_say(&w, " (%s)", m->lock_lesson[kind]);
		if (m->races.newest != 0 && now > m->races.newest)
			race_say(&w, "; the last one seen was %s ago",
			    format_age(age, now - m->races.newest));
	} else if ((m->lab.flags & SCHEDULE_BLIND) != 0)
		race_say(&w,
		    "unobserved: what happens between load and store is "
		    "counted but not recorded; a worker killed during an "
		    "add leaves that add in doubt");
	else if (m->sum.lost_updates == 0)
		race_say(&w, "no update %s%s",
		    m->ended ? "was lost" : "has been lost yet",
		    m->control.sum_mode == SUM_PRIVATE
			? ": each process has its own sum, so only its own "
			  "threads can lose one"
			: "");
	else if (m->control.sum_mode == SUM_PRIVATE)
		race_say(&w,
		    "each process has its own sum: updates are lost only "
		    "between threads of one process");
}
