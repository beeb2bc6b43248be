/*
 * prompt: questions in the bottom line, and the list of lock kinds to choose
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
	int32_t pid;                /* kill: this process */
	unsigned choice;            /* lock: the kind under the cursor */
	char before[SCREEN_FILTER]; /* filter: restored by Esc */
	char typed[SCREEN_FILTER];  /* guess */
	struct predict guess;       /* as typed, or waived */
};

enum prompt_answer {
	PROMPT_OPEN,  /* still open */
	PROMPT_YES,   /* answered: do it */
	PROMPT_NO,    /* closed */
	PROMPT_QUIT,  /* the key that quits also quits here */
	PROMPT_REDRAW /* still open: draw it again */
};

void prompt_filter(struct prompt *, const struct screen *);
/* False if the selection is not a process that can be killed. */
bool prompt_kill(struct prompt *, const struct model_proc *);
void prompt_restart(struct prompt *);
void prompt_lock(struct prompt *, const struct model *);

/*
 * Ask for the sum. Enter without a guess closes the question, Esc shows all;
 * PROMPT_YES: see `guess`.
 */
void prompt_guess(struct prompt *);

/* The filter applies while it is typed. Closed unless PROMPT_OPEN. */
enum prompt_answer prompt_key(
    struct prompt *, struct screen *, const struct model *, int code);

/* A character of pasted text. False: this prompt takes no text. */
bool prompt_paste(struct prompt *, struct screen *, int code);

/* `bar`: the bottom line; `body`: where a list may pop up. */
void prompt_draw(const struct prompt *, const struct screen *,
    const struct model *, struct area body, struct area bar);

#endif
