/* run_values: values of a run's options that are of a kind of their own. */
#ifndef LOCKSTEP_RUN_VALUES_H
#define LOCKSTEP_RUN_VALUES_H

#include "options/option.h"

int run_value_items(const struct option_row *, void *target, const char *);
int run_value_work(const struct option_row *, void *target, const char *);
void run_value_show_work(
    const struct option_row *, const void *target, char *, size_t);
const char *const *run_value_locks(const void *target);
int run_value_lock(const struct option_row *, void *target, const char *);
int run_value_speed(const struct option_row *, void *target, const char *);
int run_value_limits(const struct option_row *, void *target, const char *);
void run_value_show_adds(
    const struct option_row *, const void *target, char *, size_t);
int run_value_unwatched(const struct option_row *, void *target, const char *);
int run_value_status(const struct option_row *, void *target, const char *);

#endif
