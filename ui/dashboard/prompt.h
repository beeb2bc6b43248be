/*
 * prompt: questions in the bottom line, and the list of locks to choose
 * from. One at a time; it takes the keys while it is open.
 */
#ifndef LOCKSTEP_PROMPT_H
#define LOCKSTEP_PROMPT_H

#include "model/model.h"
#include "model/predict.h"
#include "term/canvas.h"
#include "views/view.h"

enum prompt_kind {
	PROMPT_NONE,
	PROMPT_FILTER,
	PROMPT_KILL,
	PROMPT_RESTART,
	PROMPT_LOCK,
	PROMPT_GUESS
};

struct prompt {
	enum prompt_kind kind;
	char question[128];
	int32_t pid;                /* kill: of whom */
	unsigned choice;            /* lock: the kind under the cursor */
	char before[SCREEN_FILTER]; /* filter: what Esc restores */
	char typed[SCREEN_FILTER];  /* guess */
	struct predict guess;       /* as it was typed, or waived */
};

enum prompt_answer {
	PROMPT_OPEN,  /* goes on */
	PROMPT_YES,   /* answered: do it */
	PROMPT_NO,    /* closed */
	PROMPT_QUIT,  /* the key that quits, quits here too */
	PROMPT_REDRAW /* redraw: it stays open */
};

void prompt_filter(struct prompt *, const struct screen *);
/* False if nothing that can be killed is selected. */
bool prompt_kill(struct prompt *, const struct model_proc *);
void prompt_restart(struct prompt *);
void prompt_lock(struct prompt *, const struct model *);

/*
 * Of the sum. Enter without a guess puts the question away, Esc shows all;
 * PROMPT_YES: `guess` says which.
 */
void prompt_guess(struct prompt *);

/* The filter applies while it is typed. Closed unless PROMPT_OPEN. */
enum prompt_answer prompt_key(
    struct prompt *, struct screen *, const struct model *, int code);

/* A character of pasted text. False: this takes no text. */
bool prompt_paste(struct prompt *, struct screen *, int code);

/* `bar`: the bottom line; `body`: where a list may pop up. */
void prompt_draw(const struct prompt *, const struct screen *,
    const struct model *, struct area body, struct area bar);

#endif
