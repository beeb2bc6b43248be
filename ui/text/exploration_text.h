/*
 * exploration_text: a search of all schedules, put in order and in words.
 */
#ifndef LOCKSTEP_EXPLORATION_TEXT_H
#define LOCKSTEP_EXPLORATION_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"

/* Lines of MODEL.explore_text. */
enum explore_line {
	EXPLORE_FORM, /* "2 threads, 1 add each, lock none" */
	EXPLORE_STEP, /* what a step is */
	EXPLORE_BOUNDS,
	EXPLORE_VALUE /* what a schedule comes to: "sum"; empty: nothing */
};

/* Outcomes by their value, deadlocks after them; how many. */
unsigned explore_order(
    const struct model *, uint16_t order[FRAME_MAX_OUTCOMES]);

bool explore_fails(const struct model_outcome *);

/* The one with the fewest switches of those that fail, or else of all; -1. */
int explore_smallest(const struct model *);

/* `chosen`: an outcome's number from 1, or 0 for the smallest; NULL: none. */
const struct model_outcome *explore_selected(
    const struct model *, unsigned chosen);

/* "a2b3a1", of a schedule with its demo. */
const char *explore_letters(const struct model_outcome *);

/* It is a demo, parameters, a colon and letters: fit to be a word of a command
 * line, and nothing else. Streams may come from anywhere. */
bool explore_pastes(const struct model_outcome *);

/* ns that it has taken so far. */
uint64_t explore_took(const struct model *);

/* Schedules per second, so far; 0: not known. */
double explore_rate(const struct model *);

/* 0 to 100. */
double explore_percent(uint64_t n, uint64_t of);

/* "18 of 20 schedules lose an update" and the like, or that none
 * does; with what it is true of. */
void explore_lose_format(const struct model *, char *buf, size_t size);
void explore_scope_format(const struct model *, char *buf, size_t size);

#endif
