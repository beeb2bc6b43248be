/* lint_common: what several rules ask and say. */
#include <stdarg.h>
#include <stdio.h>

#include "model/lints_priv.h"

bool
lint_threads(const struct model *m,
    bool (*fn)(void *, const struct model_proc *, const struct model_thread *),
    void *arg)
{
	for (unsigned i = 1; i < m->nslots; i++) {
		const struct model_proc *p = m->slot[i];

		if (p == NULL || p->now.ended != ENDED_NOT)
			continue;
		for (unsigned j = 0; j < p->nthreads; j++) {
			const struct model_thread *t = &p->threads[j];

			if (t->tid == 0 || t->now.state == STATE_EXITED ||
			    t->now.state == STATE_KILLED)
				continue;
			if (fn(arg, p, t))
				return true;
		}
	}
	return false;
}

uint64_t
lint_age(uint64_t now, const struct model_thread *t)
{
	return now > t->since ? now - t->since : 0;
}

static bool
lint_waits_for_no_other(
    void *arg, const struct model_proc *p, const struct model_thread *t)
{
	(void)arg;
	(void)p;
	switch ((enum frame_state)t->now.state) {
	case STATE_WAIT_LOCK:
	case STATE_WAIT_QUEUE:
	case STATE_WAIT_TASK:
	case STATE_WAIT_PUT:
	case STATE_WAIT_JOIN:
	case STATE_WAIT_FUTURE:
	case STATE_WAIT_THREAD:
	case STATE_WAIT_PROCESS:
	case STATE_WAIT_PIPE:
	case STATE_WRITING:
		return false;
	default:
		return true;
	}
}

bool
lint_all_wait(const struct model *m)
{
	return !lint_threads(m, lint_waits_for_no_other, NULL);
}

void
lint_say(char text[LINT_TEXT], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, LINT_TEXT, fmt, ap);
	va_end(ap);
}
