/* lint_common: what several rules ask and say. */
#include <stdarg.h>
#include <stdio.h>

#include "model/lints_priv.h"

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
