/*
 * search: every schedule of a program of steps, one after the other.
 *
 * Knows the program and nothing of threads: it says which schedule is next, and
 * step_threads.h executes it. No schedule comes twice, and none is begun that
 * leads nowhere.
 *
 * In order: fewest switches first, then alphabetically. A program of straight
 * lines has few states: how far each thread is, and which went last. So how
 * many schedules continue from each state, by number of switches, is counted
 * first, from the ends back to the start. That also gives the exact number of
 * all schedules, with locks too.
 *
 * Reduced: two schedules that differ only in the order of independent steps
 * are of one class, and one schedule of each class is enough to see every
 * outcome and every deadlock. Found with sleep sets (P. Godefroid, Partial-
 * Order Methods for the Verification of Concurrent Systems, 1996): a thread
 * sleeps if its step was tried here before and no step since depends on it.
 * Exactly one schedule of each class is left.
 */
#ifndef LOCKSTEP_SEARCH_H
#define LOCKSTEP_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/step_program.h"

#define EXPLORE_ANY UINT32_MAX /* switches: no bound */

struct explore;

/*
 * NULL with errno: E2BIG if the program has too many states to be counted (a
 * reduced search goes without), EINVAL for a bound on a reduced search (it
 * would miss outcomes), ENOMEM. The program must outlive the search.
 */
struct explore *explore_new(
    const struct steps_program *, uint32_t max_switches, bool reduce);
void explore_free(struct explore *);

/* False: that was all. */
bool explore_next(struct explore *, struct interleaving *);

/*
 * Schedules with exactly so many switches; all of them, within the bound.
 * UINT64_MAX: that many or more. Of a reduced search: those that its classes
 * stand for; 0 if they could not be counted.
 */
uint64_t explore_count(const struct explore *, unsigned switches);
uint64_t explore_total(const struct explore *);

#endif
