/* table: the demos, the default first. */
#include "lockstep/demo.h"

extern const struct demo demo_hybrid, demo_race, demo_files;
extern const struct demo demo_sequential, demo_threads, demo_processes;
extern const struct demo demo_safe_worker, demo_thread_pool;
extern const struct demo demo_process_pool, demo_queue, demo_primes, demo_read;
extern const struct demo demo_download, demo_advanced, demo_compare;
extern const struct demo demo_missing_sentinel, demo_missing_task_done;
extern const struct demo demo_full_pipe, demo_deadlock, demo_philosophers;

const struct demo *const demos[] = {
    &demo_hybrid,
    &demo_race,
    &demo_files,
    &demo_sequential,
    &demo_threads,
    &demo_processes,
    &demo_safe_worker,
    &demo_thread_pool,
    &demo_process_pool,
    &demo_queue,
    &demo_primes,
    &demo_read,
    &demo_download,
    &demo_advanced,
    &demo_compare,
    &demo_missing_sentinel,
    &demo_missing_task_done,
    &demo_full_pipe,
    &demo_deadlock,
    &demo_philosophers,
    NULL,
};
