/*
 * selection: which processes and threads are shown, in which order, and how the
 * selection moves among them.
 */
#ifndef LOCKSTEP_SELECTION_H
#define LOCKSTEP_SELECTION_H

#include "widgets/screen_state.h"

/*
 * The process shown for a slot: its newest, unless it has exited for good while
 * the others continue. NULL: none.
 */
const struct model_proc *selection_proc(const struct model *, unsigned slot);

/* The thread shown at an index, or NULL. */
const struct model_thread *selection_thread(
    const struct model *, const struct model_proc *, unsigned index);
unsigned selection_threads(const struct model *, const struct model_proc *);

/* The process that it replaced; NULL: none, or evicted since. */
const struct model_proc *selection_before(
    const struct model *, const struct model_proc *);

/* Workers of this run that are no longer shown, and what they did. */
struct selection_gone {
	uint64_t n, items;
	int64_t added;
};
struct selection_gone selection_gone(const struct model *);

/* Look it up in this model. False: it no longer exists. */
bool selection_find(const struct model *, struct place, struct row *);

/* The place of a row; whether that is selected. */
struct place selection_place(struct row);
bool selection_holds(const struct screen *, struct place);

/*
 * An empty filter matches everything. A process also matches if one of its
 * threads might: `matches_proc` looks only at its own words.
 */
bool selection_matches_proc(
    const struct screen *, const struct model *, const struct model_proc *);
bool selection_matches_thread(const struct screen *, const struct model *,
    const struct model_proc *, const struct model_thread *);
/* It or one of its threads matches. */
bool selection_shows(
    const struct screen *, const struct model *, const struct model_proc *);

/*
 * The current selection; chooses another if it no longer exists. False: there
 * is nothing to select.
 */
bool selection_settle(struct screen *, const struct model *, struct row *);

void selection_set(struct screen *, struct row);
bool selection_is(const struct screen *, struct row);

/* Move among processes or, with `threads`, among all threads and processes. */
void selection_proc_by(struct screen *, const struct model *, int delta);
void selection_row_by(
    struct screen *, const struct model *, int delta, bool within);

/* From a process to its first thread, and back. */
void selection_focus(struct screen *, const struct model *);

#endif
