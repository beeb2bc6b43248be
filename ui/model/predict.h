/*
 * predict: guess first. Until a class has guessed what the sum will be, it
 * sees a copy of the model without what tells it; at the end it is told how
 * good the guess was, and why.
 */
#ifndef LOCKSTEP_PREDICT_H
#define LOCKSTEP_PREDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

enum predict_state {
	PREDICT_HIDES, /* no guess yet: nothing is told */
	PREDICT_GUESSED,
	PREDICT_SHOWS /* no guess was wanted */
};

enum predict_what {
	PREDICT_SUM,  /* its final value */
	PREDICT_LOST, /* how much of it is lost */
	PREDICT_SHARE /* the same in percent of what is expected */
};

struct predict {
	enum predict_state state;
	enum predict_what what;
	int64_t number;
	double share;
};

#define PREDICT_LEN 64

/* NULL, as when nobody asked to guess, hides nothing. */
bool predict_hides(const struct predict *);

/*
 * Take a guess as it was typed: "20000", "20 000", "lost 12", "lost 40%".
 * False if it is none; then nothing has changed.
 */
bool predict_read(struct predict *, const char *text);

/* "20 000", "lost 12", "lost 40 %" */
const char *predict_guess(const struct predict *, char buf[PREDICT_LEN])
    __attribute__((warn_unused_result));

/*
 * Guess, truth, and why, once the run is over: "you said 20 000, it is
 * 11 234: ..." Empty before, and if nothing was guessed.
 */
void predict_verdict(
    const struct predict *, const struct model *, char buf[MODEL_LINE]);

/*
 * A copy that tells nothing of the sum, `masked`; it is good for looking at
 * as long as the model is there. NULL if memory is short.
 */
struct model *predict_mask(const struct model *);
void predict_free(struct model *);

#endif
