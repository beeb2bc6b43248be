/*
 * selection: which processes and threads are shown, in which order, and how the
 * selection moves among them.
 */
#ifndef LOCKSTEP_SELECTION_H
#define LOCKSTEP_SELECTION_H

#include "widgets/screen_state.h"

/*
 * The process shown for a slot: its newest, unless it has left for good
 * while the others go on. NULL: none.
 */
const struct model_proc *select_proc(const struct model *, unsigned slot);

/* The thread shown at an index, or NULL. */
const struct model_thread *select_thread(
    const struct model *, const struct model_proc *, unsigned index);
unsigned select_threads(const struct model *, const struct model_proc *);

/* The one whose place it took; NULL: nobody's, or let go since. */
const struct model_proc *select_before(
    const struct model *, const struct model_proc *);

/* Workers of this run that are shown no more, and what they did. */
struct select_gone {
	uint64_t n, items;
	int64_t added;
};
struct select_gone select_gone(const struct model *);

/* In this model, now. False: it is no longer there. */
bool select_find(const struct model *, struct place, struct row *);

/* Where a row is; whether the selection is there. */
struct place select_place(struct row);
bool select_holds(const struct screen *, struct place);

/* A filter that is empty matches everything. A process also matches if one
 * of its threads might: `matches_proc` speaks of its own words only. */
bool select_matches_proc(
    const struct screen *, const struct model *, const struct model_proc *);
bool select_matches_thread(const struct screen *, const struct model *,
    const struct model_proc *, const struct model_thread *);
/* Either it or one of its threads. */
bool select_shows(
    const struct screen *, const struct model *, const struct model_proc *);

/* What is selected now; picks something if it is gone. False: nothing to. */
bool select_settle(struct screen *, const struct model *, struct row *);

void select_set(struct screen *, struct row);
bool select_is(const struct screen *, struct row);

/* Move among processes, `threads`: among all threads and processes. */
void select_proc_by(struct screen *, const struct model *, int delta);
void select_row_by(
    struct screen *, const struct model *, int delta, bool within);

/* From a process to its first thread and back. */
void select_focus(struct screen *, const struct model *);

#endif
