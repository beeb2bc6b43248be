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
	return lint_state(t)->ends == ENDS_BY_ITSELF;
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
