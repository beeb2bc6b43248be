/* model_priv: shared by the files of the model and private to them. */
#ifndef LOCKSTEP_MODEL_PRIV_H
#define LOCKSTEP_MODEL_PRIV_H

#include "model/model.h"
#include "model/tid_table.h"

#define MODEL_MAX_THREADS (1U << 20) /* in all threads[] together */
#define MODEL_MAKING      16         /* texts of which parts are missing */
#define MODEL_MARKS       8          /* samples that a rate looks back */

struct model_text {
	uint16_t source;
	uint8_t kind;
	uint8_t parts;
	uint8_t next; /* expected part; 0: this place is free */
	uint32_t index;
	uint64_t age; /* frames, when the last part came */
	size_t len;
	char text[FRAME_TEXT_LEN * FRAME_TEXT_PARTS];
};

struct model_mark {
	uint64_t ns;
	uint64_t tasks, items, frames;
	int64_t lost;
	uint64_t adds, lost_updates, contended;
};

struct model_priv {
	struct tid_table tids;
	uint64_t tasks;    /* by threads, including evicted ones */
	uint64_t adds;     /* to the sum, including evicted ones */
	uint64_t copies;   /* sums of the workers, including evicted ones */
	unsigned nthreads; /* length of all threads[] together */
	unsigned source;   /* index in sources[] of the last frame's source */

	struct model_text making[MODEL_MAKING];
	char lock_number[MODEL_MAX_LOCKS][MODEL_NAME]; /* if unnamed */
	char slot_name[FRAME_MAX_SLOTS][MODEL_NAME];

	uint64_t next_sample; /* ns; 0: no frame yet */
	struct model_mark marks[MODEL_MARKS];
	uint64_t nmarks;
	unsigned steady; /* samples since the lock kind was switched */

	unsigned future; /* where the last one was found: they come in order */

	uint64_t paused_at; /* ns; start of the current pause */
	uint64_t paused;    /* ns; all pauses that are over */
	double pace;        /* ns of running time per item, slowly averaged */
	uint64_t paced; /* ns of running time at the last average; 0: never */
};

/*
 * Applies a frame of each type: model_take_hello() and so on, each in the file
 * that keeps its data.
 */
#define MODEL_TAKE(NAME, member) \
	void model_take_##member(struct model *, const struct frame *);
FRAME_TYPES(MODEL_TAKE)
#undef MODEL_TAKE

/* processes.c: the process and thread that a frame belongs to. */
/* The thread, NULL if it has no place or its process has been replaced. */
const struct model_thread *model_thread_apply(
    struct model *, const struct frame *, bool *born);
struct model_proc *model_proc_of_slot(struct model *, unsigned slot);
struct model_thread *model_thread_at(
    struct model *, struct model_proc *, unsigned index);
void model_procs_break(struct model *);
void model_procs_free(struct model *);
void model_proc_free(struct model_proc *);

/* log.c */
void model_line(struct model *, enum model_line, const char *text, size_t len);

/* reasons.c */
void model_reason_text(
    struct model *, uint32_t index, const char *text, size_t len);
void model_control_hung(struct model *);
/* It is in the log already. */
bool model_is_reason(const struct model *, const char *text, size_t len);
/* Another thread has this place now; index < 0: all of the slot. */
void model_reason_forget(struct model *, unsigned slot, int index);

/* objects.c: objects and output of a program. */
void model_object_text(struct model *, enum frame_text, uint32_t index,
    const char *text, size_t len);

/* schedules.c: schedules, the locks' times and orders, searches. */
void model_schedule_text(struct model *, enum frame_text, uint32_t index,
    const char *text, size_t len);

/* rates.c: past samples, and rates. */
void model_sample_start(struct model *);
void model_sample(struct model *);
void model_pause(struct model *, bool paused);

/* query.c */
uint64_t model_running(const struct model *); /* ns, without pauses */

#endif
