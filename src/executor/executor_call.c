/* executor_call: a task's argument, its result and its failure. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "executor/executor_priv.h"
#include "run/registry.h"
#include "slot/slot.h"

const void *
call_arg(const struct call *c)
{
	return c->arg;
}

size_t
call_size(const struct call *c)
{
	return c->size;
}

uint64_t
call_index(const struct call *c)
{
	return c->index;
}

void *
call_reserve(struct call *c, size_t size)
{
	struct future *f = c->future;
	struct map_room *room = c->room;

	if (room != NULL) {
		room->given = size == room->size;
		return room->given ? room->at : NULL;
	}
	c->extra = true;
	future_drop_result(f);
	/* Store it at once, so that it is freed if this process dies. */
	void *result = size <= INLINE_SIZE ? cold_of(f)->inline_result
					   : heap_take(registry->heap, size);
	atomic_store_explicit(&cold_of(f)->result, result, RELAXED);
	atomic_store_explicit(&cold_of(f)->result_size, size, RELAXED);
	return result;
}

int
call_return(struct call *c, const void *buf, size_t size)
{
	void *to = call_reserve(c, size);

	if (to == NULL)
		return c->room != NULL ? -EMSGSIZE : -ENOMEM;
	if (size > 0)
		memcpy(to, buf, size);
	return 0;
}

int
call_fail(struct call *c, int error, const char *fmt, ...)
{
	va_list ap;

	c->extra = true;
	va_start(ap, fmt);
	future_set_sentence_from(c->future, fmt, ap);
	va_end(ap);
	return error;
}
