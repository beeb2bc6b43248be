/*
 * world: what the dashboard asks of the system, made up. It stands behind the
 * interface of signals.h, so that no signal of the process is touched; and a
 * program that is linked with it needs --wrap for the functions in world.c.
 *
 * Between world_start() and world_end() CLOCK_MONOTONIC is a made-up clock,
 * which poll() alone moves on: nobody sleeps.
 */
#ifndef TESTS_FUZZ_WORLD_H
#define TESTS_FUZZ_WORLD_H

#include <stdint.h>

/* Called as often as the dashboard polls the terminal, before it does. */
void world_start(void (*turn)(void *arg), void *arg);
void world_end(void);

void world_signal(int);    /* as if it had come */
void world_pass(uint64_t); /* ns */
uint64_t world_idle(void); /* polls that would have waited */

#endif
