/*
 * exploration_text: a search of all schedules: its outcomes in order, and its
 * results in sentences.
 */
#ifndef LOCKSTEP_EXPLORATION_TEXT_H
#define LOCKSTEP_EXPLORATION_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"

/* Lines of model.explore_text. */
enum explore_line {
	EXPLORE_FORM,   /* "2 threads, 1 add each, lock none" */
	EXPLORE_STEP,   /* what a step is */
	EXPLORE_BOUNDS, /* of the search */
	EXPLORE_VALUE,  /* that a schedule ends with: "sum"; empty: none */
	EXPLORE_OPTIONS /* "demo=race,threads=2,...": see explore_option() */
};

/*
 * The first option of `list`, "NAME=VALUE,...", and the list after it; NULL if
 * there is none.
 */
#define EXPLORE_OPTION 32 /* bytes of a name or a value, with the NUL */
const char *explore_next_option(
    const char *list, char name[EXPLORE_OPTION], char value[EXPLORE_OPTION]);

/* The value of an option of the search; false: it has none of that name. */
bool explore_option(
    const struct model *, const char *name, char value[EXPLORE_OPTION]);

/* Only the schedule that was given is run. */
bool explore_is_one(const struct model *);

/* Updates can be lost: the value is a sum. */
bool explore_adds_up(const struct model *);

/* Outcomes by value, then deadlocks by their cause; returns how many. */
unsigned explore_order(
    const struct model *, uint16_t order[FRAME_MAX_OUTCOMES]);

/* Schedules of outcomes that were not kept. */
uint64_t explore_further(const struct model *);

bool explore_fails(const struct model_outcome *);

/*
 * The failing outcome with the fewest switches; if none fails, the outcome with
 * the fewest; -1 if there is none at all.
 */
int explore_smallest(const struct model *);

/* `chosen`: an outcome's number from 1, or 0 for the smallest; NULL: none. */
const struct model_outcome *explore_selected(
    const struct model *, unsigned chosen);

/* The outcome whose schedule the report shows step by step; NULL: none. */
const struct model_outcome *explore_shown(const struct model *);

/* What a step of that schedule did. */
struct explore_effect {
	int64_t value; /* the register, the number or the meals after it */
	int64_t lost;
	char wiped[256];   /* "a=1,b=-2": for explore_next_option(); or "-" */
	const char *words; /* "a's STORE wiped out b's 1", or empty */
};
struct explore_effect explore_effect(const struct model *, unsigned step);

/* "a2b3a1": the schedule without the demo. */
const char *explore_letters(const struct model_outcome *);

/*
 * The schedule is a demo, parameters, a colon and letters, and so safe as a
 * word of a command line: streams may come from anywhere.
 */
bool explore_pastes(const struct model_outcome *);

/* ns since the search began, or that it took. */
uint64_t explore_took(const struct model *);

/* Schedules per second; 0: not known. */
double explore_rate(const struct model *);

/* 0 to 100. */
double explore_percent(uint64_t n, uint64_t of);

/*
 * "18 of 20 schedules lose an update", "no schedule ends in a
 * deadlock", and for which schedules that holds.
 */
#define EXPLORE_SENTENCE 240
void explore_lose_format(const struct model *, char buf[EXPLORE_SENTENCE]);
void explore_hang_format(const struct model *, char buf[EXPLORE_SENTENCE]);
void explore_scope_format(const struct model *, char buf[EXPLORE_SENTENCE]);

/* "expected 2, was 1", or how else the schedule ended. */
void explore_end_format(const struct model *, const struct model_outcome *,
    char buf[EXPLORE_SENTENCE]);

#endif
