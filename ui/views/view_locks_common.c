/* view_locks_common: names and figures of a lock, used throughout the view. */
#include <stdio.h>

#include "views/view_locks_priv.h"

const char *
locks_name(const struct model *m, unsigned lock, char buf[MODEL_NAME])
{
	return lock == LOCK_OF_SUM ? "sum" : model_mutex_name(m, lock, buf);
}

const char *
locks_kind(const struct model *m, unsigned lock)
{
	if (lock == LOCK_OF_SUM)
		return model_lock_name(m, m->lock.kind);
	return m->mutex[lock].now.permits > 0 ? "semaphore" : "mutex";
}

const char *
locks_flaw(const struct model *m, unsigned lock)
{
	unsigned kind = m->lock.kind;

	if (lock != LOCK_OF_SUM || kind >= MODEL_MAX_LOCKS ||
	    m->lock_flaw[kind][0] == '\0')
		return NULL;
	return m->lock_flaw[kind];
}

const char *
locks_share(char buf[32], uint64_t contended, uint64_t acquired)
{
	double share;

	if (acquired == 0)
		return contended == 0 ? "-" : "all";
	share = 100.0 * (double)contended / (double)acquired;
	if (contended > 0 && share < 1)
		snprintf(buf, 32, "<1 %%");
	else
		snprintf(buf, 32, "%.0f %%", share < 999 ? share : 999);
	return buf;
}
