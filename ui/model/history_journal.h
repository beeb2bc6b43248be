/*
 * history_journal: what frames have reported of threads, kept until it is
 * shown.
 *
 * Rows are expensive: inserting a moment into each of 5,000 rows thirty times a
 * second would be wasted while the timeline is hidden. So a frame is only
 * noted, in a few bytes and in order of arrival; history_settle() turns the
 * notes into rows when they are to be shown. Notes are stored in chunks. Each
 * chunk can be read by itself, so that the oldest can be dropped whole.
 */
#ifndef LOCKSTEP_HISTORY_JOURNAL_H
#define LOCKSTEP_HISTORY_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_CHUNK  8160 /* bytes of notes */
#define JOURNAL_CHUNKS 96   /* at most; then the oldest is dropped */

enum journal_kind {
	JOURNAL_LOOK,   /* first frame of a sample: all events have come */
	JOURNAL_THREAD, /* `state` for `us`; `object` and `owner` as in a frame
			 */
	JOURNAL_EVENT,  /* `state` is an enum frame_trace_op */
	JOURNAL_HELD,   /* `object` has been held for `us` */
	JOURNAL_END,    /* all threads of `pid` in this slot: `state`; `born` */
	JOURNAL_BREAK   /* all threads: killed */
};

struct journal_note {
	enum journal_kind kind;
	uint8_t state, object;
	bool born; /* `pid` and `tid` own this place from now on */
	uint16_t slot, index;
	uint32_t us;
	int32_t owner;
	int32_t pid, tid;
	uint64_t ns;
};

struct journal_chunk {
	struct journal_chunk *next;
	uint64_t ns; /* ns of the note before the first */
	uint32_t used;
	unsigned char bytes[JOURNAL_CHUNK];
};

/* Zero-initialise; owns its chunks. */
struct journal {
	struct journal_chunk *first, *last;
	unsigned chunks;

	/* The newest note: the next one stores the difference. */
	uint64_t ns;
	uint32_t place; /* slot << 16 | index */
};

/* False if memory is short: then the note is lost. */
bool journal_add(struct journal *, const struct journal_note *);

static inline bool
journal_full(const struct journal *j)
{
	return j->chunks > JOURNAL_CHUNKS;
}

/*
 * Remove the oldest chunk and read it; NULL: drop it. Returns the ns of its
 * last note, 0 if there is no chunk.
 */
uint64_t journal_take(struct journal *,
    void (*fn)(void *arg, const struct journal_note *), void *arg);

/* Make `to` a copy, whatever it was. False if memory is short. */
bool journal_copy(struct journal *to, const struct journal *from);
void journal_clear(struct journal *);

#endif
