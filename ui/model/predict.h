/*
 * predict: guess first. Until a class has guessed the sum, it sees a copy of
 * the model without anything that reveals it; at the end it sees how good the
 * guess was, and why.
 */
#ifndef LOCKSTEP_PREDICT_H
#define LOCKSTEP_PREDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

enum predict_state {
	PREDICT_HIDES, /* no guess yet: hide the answer */
	PREDICT_GUESSED,
	PREDICT_SHOWS /* no guess was requested */
};

enum predict_what {
	PREDICT_SUM,  /* its final value */
	PREDICT_LOST, /* how much of it is lost */
	PREDICT_SHARE /* the same in percent of the expected sum */
};

struct predict {
	enum predict_state state;
	enum predict_what what;
	int64_t number;
	double share;
};

#define PREDICT_LEN 64

/* NULL, when there is no guessing, hides nothing. */
bool predict_hides(const struct predict *);

/*
 * Parse a guess as typed: "20000", "20 000", "lost 12", "lost 40%". False if it
 * is none; then nothing changes.
 */
bool predict_read(struct predict *, const char *text);

/* "20 000", "lost 12", "lost 40 %" */
const char *predict_guess(const struct predict *, char buf[PREDICT_LEN])
    __attribute__((warn_unused_result));

/*
 * The guess, the truth and the reason, once the run is over: "you said 20 000,
 * it is 11 234: ..." Empty before that, or if there was no guess.
 */
void predict_verdict(
    const struct predict *, const struct model *, char buf[MODEL_LINE]);

/*
 * A copy that reveals nothing about the sum, `masked`; valid as long as the
 * model exists. NULL if memory is short.
 */
struct model *predict_mask(const struct model *);
void predict_free(struct model *);

#endif
