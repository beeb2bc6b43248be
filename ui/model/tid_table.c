/* tid_table: linear probing; removal shifts back, so there are no tombstones.
 */
#include "model/tid_table.h"

#include <stdbool.h>
#include <stdlib.h>

#define TIDS_FIRST 256

static unsigned
tid_home(const struct tid_table *t, int32_t tid)
{
	return ((uint32_t)tid * 2654435769U >> 7) & (t->size - 1);
}

/* Where the tid is, or the free place for it. */
static unsigned
tid_place(const struct tid_table *t, int32_t tid)
{
	unsigned i = tid_home(t, tid);

	while (t->at[i].tid != 0 && t->at[i].tid != tid)
		i = (i + 1) & (t->size - 1);
	return i;
}

static bool
tid_grow(struct tid_table *t)
{
	struct tid_table big = {.size = t->size ? t->size * 2 : TIDS_FIRST};

	big.at = calloc(big.size, sizeof *big.at);
	if (big.at == NULL)
		return false;
	for (unsigned i = 0; i < t->size; i++) {
		if (t->at[i].tid != 0)
			big.at[tid_place(&big, t->at[i].tid)] = t->at[i];
	}
	big.used = t->used;
	free(t->at);
	*t = big;
	return true;
}

void
tid_table_put(
    struct tid_table *t, int32_t tid, struct model_proc *proc, unsigned index)
{
	if (tid == 0 || (t->used >= t->size / 4 * 3 && !tid_grow(t)))
		return;

	struct tid *e = &t->at[tid_place(t, tid)];

	if (e->tid == 0)
		t->used++;
	*e = (struct tid){.tid = tid, .index = index, .proc = proc};
}

const struct tid *
tid_table_find(const struct tid_table *t, int32_t tid)
{
	if (tid == 0 || t->size == 0)
		return NULL;

	const struct tid *e = &t->at[tid_place(t, tid)];

	return e->tid == 0 ? NULL : e;
}

void
tid_table_remove(struct tid_table *t, int32_t tid,
    const struct model_proc *proc, unsigned index)
{
	const struct tid *e = tid_table_find(t, tid);

	if (e == NULL || e->proc != proc || e->index != index)
		return;

	unsigned hole = (unsigned)(e - t->at), mask = t->size - 1;

	t->at[hole].tid = 0;
	t->used--;
	for (unsigned i = (hole + 1) & mask; t->at[i].tid != 0;
	     i = (i + 1) & mask) {
		unsigned far = (i - tid_home(t, t->at[i].tid)) & mask;

		if (far < ((i - hole) & mask))
			continue;
		t->at[hole] = t->at[i];
		t->at[i].tid = 0;
		hole = i;
	}
}

void
tid_table_clear(struct tid_table *t)
{
	free(t->at);
	*t = (struct tid_table){0};
}
