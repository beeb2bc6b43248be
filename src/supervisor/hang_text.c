/*
 * hang_text: why a stuck thread waits in vain, in words.
 *
 * A sentence begins with the thread's name and follows, as long as there is
 * room, whom it waits for, whom that one waits for, and so on, to the end of
 * the chain or until the circle is closed.
 */
#include "supervisor/hang_priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "executor/executor_recovery.h"
#include "program/mutex_priv.h"
#include "program/queue_priv.h"

#define CHAIN 8 /* threads in one sentence */

struct words {
	const struct hang_thread *of; /* whom the sentence begins with */
	char *text;
	size_t len;
};

static void __attribute__((format(printf, 2, 3)))
hang_add(struct words *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(w->text + w->len, HANG_TEXT + 1 - w->len, fmt, ap);
	va_end(ap);
	w->len += n < 0 ? 0 : (size_t)n;
	if (w->len <= HANG_TEXT)
		return;
	w->len = HANG_TEXT;
	memcpy(w->text + HANG_TEXT - 3, "...", 3);
}

/* "1 item was", "3 items were". */
static void
hang_add_items(struct words *w, unsigned n, const char *one, const char *many)
{
	hang_add(w, "%u %s", n, n == 1 ? one : many);
}

/* "65 536". */
static void
hang_add_number(struct words *w, unsigned n)
{
	if (n >= 1000)
		hang_add(w, "%u %03u", n / 1000, n % 1000);
	else
		hang_add(w, "%u", n);
}

/* The names of its objects. */
static const char *
hang_queue_of(const struct hang_thread *t)
{
	const struct queue *f = hang_object(REGISTRY_QUEUE, t->object);

	return f == NULL ? "?" : queue_name(f);
}

/* "lock 'A'", or of a semaphore "a permit of 'seat'" */
static void
hang_add_mutex(struct words *w, const struct hang_thread *t)
{
	const struct mutex *m = hang_object(REGISTRY_MUTEX, t->object);
	bool permit = m != NULL && mutex_permits(m) > 1;

	hang_add(w, "%s '%s'", permit ? "a permit of" : "lock",
	    m == NULL ? "?" : mutex_name(m));
}

/* "of 'pool'", or nothing where there is no number. */
static void
hang_add_executor(struct words *w, const struct hang_thread *t)
{
	const struct executor *e = hang_object(REGISTRY_EXECUTOR, t->object);

	if (e != NULL)
		hang_add(w, " of '%s'", executor_name(e));
}

/* What it waits for, in short: after its name. */
static void
hang_add_wait(
    struct words *w, const struct hang *h, const struct hang_thread *t)
{
	const struct hang_thread *to = hang_thread_of(h, hang_blocker(t));
	struct slot_name whom = {"somebody"};

	if (to != NULL)
		whom = slot_name(to->tslot);

	switch (t->state) {
	case STATE_WAIT_LOCK:
		hang_add(w, "waits for ");
		hang_add_mutex(w, t);
		hang_add(w, " held by %s", whom.text);
		break;
	case STATE_WAIT_THREAD:
	case STATE_WAIT_PROCESS:
		hang_add(w, "waits for %s to end", whom.text);
		break;
	case STATE_WAIT_FUTURE:
		hang_add(w, "waits for a result");
		hang_add_executor(w, t);
		break;
	case STATE_WAIT_QUEUE:
		hang_add(w, "waits in get of '%s'", hang_queue_of(t));
		break;
	case STATE_WAIT_PUT:
		hang_add(w, "waits for room in '%s'", hang_queue_of(t));
		break;
	case STATE_WAIT_JOIN:
		hang_add(w, "waits in join of '%s'", hang_queue_of(t));
		break;
	default:
		hang_add(w, "waits %s pipe %u",
		    t->state == STATE_WRITING ? "for room in" : "to read from",
		    t->object);
	}
}

/* The same, unless the sentence has begun with it. */
static void
hang_add_again(
    struct words *w, const struct hang *h, const struct hang_thread *t)
{
	if (t == w->of)
		hang_add(w, "waits");
	else
		hang_add_wait(w, h, t);
}

/*
 * Somebody else who is stuck and might have helped: rather one who waits for
 * this very thread, or else the first (which is main, if that is one).
 */
static const struct hang_thread *
hang_helper(const struct hang *h, const struct hang_thread *t)
{
	const struct hang_thread *first = NULL;

	for (unsigned i = 0; i < h->nlive; i++) {
		const struct hang_thread *o = h->live[i];

		if (o->role != HANG_STUCK || o == t)
			continue;
		if (hang_blocker(o) == t->tslot->id)
			return o;
		if (first == NULL &&
		    (o->state != t->state || o->object != t->object))
			first = o;
	}
	return first;
}

/* Nobody does `what`: who could, waits himself. */
static void
hang_add_nobody(struct words *w, const struct hang *h,
    const struct hang_thread *t, const char *what)
{
	const struct hang_thread *o = hang_helper(h, t);

	hang_add(w, "nobody is left who could %s", what);
	if (o == NULL)
		return;
	hang_add(w, ": %s ", slot_name(o->tslot).text);
	hang_add_again(w, h, o);
}

static void
hang_add_get(struct words *w, const struct hang *h, const struct hang_thread *t)
{
	const struct queue *f = hang_object(REGISTRY_QUEUE, t->object);
	struct frame_queue now = {0};

	if (f == NULL)
		return;
	queue_frame(f, &now);
	unsigned consumers =
	    hang_count(h, STATE_WAIT_QUEUE, t->object) + queue_sentinels_got(f);
	unsigned held = queue_held_by(f, t->tslot->id);
	unsigned unfinished = queue_unfinished(f);

	hang_add(
	    w, "waits for ever in get: queue '%s' is empty", queue_name(f));
	if (held > 0) {
		hang_add(w, ", and of what it got, ");
		hang_add_items(w, held, "item was", "items were");
		hang_add(w, " never marked done (task_done)");
	} else if (now.sentinels > 0 && now.sentinels < consumers) {
		if (unfinished == 0 && now.done > 0)
			hang_add(w, ", all %llu items are done,",
			    (unsigned long long)now.done);
		hang_add(w, " and ");
		hang_add_items(
		    w, now.sentinels, "sentinel was", "sentinels were");
		hang_add(w, " put for %u consumers", consumers);
	} else {
		hang_add(w,
		    now.put == 0 ? ", nothing was ever put, and " : ", and ");
		hang_add_nobody(w, h, t, "put");
	}
}

static void
hang_add_put(struct words *w, const struct hang *h, const struct hang_thread *t)
{
	const struct queue *f = hang_object(REGISTRY_QUEUE, t->object);

	if (f == NULL)
		return;
	unsigned depth = queue_depth(f), unfinished = queue_unfinished(f);
	hang_add(w, "waits for ever in put: ");
	if (unfinished >= depth + QUEUE_SPARE) {
		hang_add(w,
		    "%u items of queue '%s' were got and never marked done "
		    "(task_done)",
		    unfinished - depth, queue_name(f));
		return;
	}
	hang_add(
	    w, "queue '%s' is full (%u items), and ", queue_name(f), depth);
	hang_add_nobody(w, h, t, "get");
}

/* "1 item was got by worker-2 and never marked done"; false: by nobody. */
static bool
hang_add_holders(struct words *w, const struct hang *h, const struct queue *f)
{
	unsigned others = 0, said = 0;

	for (unsigned i = 0; i < h->nlive; i++) {
		const struct hang_thread *t = h->live[i];
		/* One that has ended may be the one, if its process lives. */
		unsigned held =
		    t->tid == 0 ? 0 : queue_held_by(f, t->tslot->id);

		if (held == 0)
			continue;
		if (said == 2) {
			others += held;
			continue;
		}
		hang_add(w, said++ > 0 ? ", " : "");
		hang_add_items(
		    w, held, "item was got by ", "items were got by ");
		hang_add(w, "%s", slot_name(t->tslot).text);
	}
	if (said == 0)
		return false;
	if (others > 0)
		hang_add(w, ", %u by others,", others);
	hang_add(w, " and never marked done (task_done)");
	return true;
}

static void
hang_add_join(
    struct words *w, const struct hang *h, const struct hang_thread *t)
{
	const struct queue *f = hang_object(REGISTRY_QUEUE, t->object);

	if (f == NULL)
		return;
	hang_add(w, "waits for ever in join of '%s': ", queue_name(f));
	unsigned depth = queue_depth(f);
	if (depth > 0) {
		hang_add_items(w, depth, "item is", "items are");
		hang_add(w, " still queued and nobody is left who gets %s",
		    depth == 1 ? "it" : "them");
	} else if (!hang_add_holders(w, h, f)) {
		unsigned n = queue_unfinished(f);

		hang_add_items(w, n, "item is", "items are");
		hang_add(w, " unfinished, and ");
		hang_add_nobody(w, h, t, "mark it done");
	}
}

static void
hang_add_pipe(
    struct words *w, const struct hang *h, const struct hang_thread *t)
{
	const struct hang_thread *o = hang_helper(h, t);
	int bytes = 0;

	if (t->object > registry->npipes)
		return;
	if (t->state == STATE_WAIT_PIPE) {
		hang_add(w, "waits for ever to read: pipe %u is empty, and ",
		    t->object);
		hang_add_nobody(w, h, t, "write");
		return;
	}
	ioctl(registry->pipes[t->object - 1].fds[0], FIONREAD, &bytes);
	hang_add(w, "waits for ever for room in pipe %u: ", t->object);
	hang_add_number(w, (unsigned)bytes);
	hang_add(w, " bytes are in it and nobody reads");
	if (o == NULL)
		return;
	hang_add(w, "; %s, who could, ", slot_name(o->tslot).text);
	hang_add_again(w, h, o);
}

static void
hang_add_future(
    struct words *w, const struct hang *h, const struct hang_thread *t)
{
	const struct executor *e = hang_object(REGISTRY_EXECUTOR, t->object);
	struct frame_executor now = {0};

	hang_add_wait(w, h, t);
	if (e == NULL) {
		hang_add(w, ", and ");
		hang_add_nobody(w, h, t, "give it");
		return;
	}
	executor_frame(e, &now);
	if (now.pending > 0) {
		hang_add(w, ": ");
		hang_add_items(w, now.pending, "task has", "tasks have");
		hang_add(
		    w, " not begun, and all threads that could are waiting");
		hang_add(w, " themselves");
	} else {
		hang_add(w, ", and ");
		hang_add_nobody(w, h, t, "give it");
	}
}

/* The end of a chain: somebody who waits for nobody in particular. */
static void
hang_add_end(struct words *w, const struct hang *h, const struct hang_thread *t)
{
	switch (t->state) {
	case STATE_WAIT_QUEUE:
		hang_add_get(w, h, t);
		break;
	case STATE_WAIT_PUT:
		hang_add_put(w, h, t);
		break;
	case STATE_WAIT_JOIN:
		hang_add_join(w, h, t);
		break;
	case STATE_WAIT_PIPE:
	case STATE_WRITING:
		hang_add_pipe(w, h, t);
		break;
	case STATE_WAIT_FUTURE:
		hang_add_future(w, h, t);
		break;
	default:
		hang_add(w, "waits for ever, and ");
		hang_add_nobody(w, h, t, "end that");
	}
}

static bool
hang_is_among(const struct hang_thread *const seen[], unsigned n,
    const struct hang_thread *t)
{
	for (unsigned i = 0; i < n; i++)
		if (seen[i] == t)
			return true;
	return false;
}

void
hang_why(
    const struct hang *h, const struct hang_thread *t, char out[HANG_TEXT + 1])
{
	const struct hang_thread *seen[CHAIN], *next;
	struct words w = {.of = t, .text = out};

	hang_add(&w, "%s ", slot_name(t->tslot).text);
	for (unsigned n = 0; n < CHAIN; t = next) {
		seen[n++] = t;
		next = hang_thread_of(h, hang_blocker(t));
		if (next == NULL) {
			hang_add_end(&w, h, t);
			return;
		}
		hang_add_wait(&w, h, t);
		if (hang_is_among(seen, n, next)) /* the circle is closed */
			return;
		hang_add(&w, ", who ");
	}
	hang_add(&w, "waits too");
}
