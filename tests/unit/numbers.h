/*
 * numbers: a joinable queue of numbers in a program of its own, and threads
 * and children that put, get and join. What the tests of queue.c stand on.
 */
#ifndef TESTS_NUMBERS_H
#define TESTS_NUMBERS_H

#include <check.h>
#include <stdatomic.h>

#include "crowd.h"
#include "lockstep/frame.h"
#include "posing.h"
#include "program/queue_word.h"
#include "program/self.h"

#define THREADS 40
#define LONG    (3600 * NSEC_PER_SEC) /* only a wake-up ends such a wait */

extern struct queue *f; /* the queue that is tested */

/* For members of a crowd: how often a number was got by consume(). */
extern _Atomic unsigned *times_got;

void setup(void); /* the program, and a queue of 8 */
void make(unsigned capacity, bool joinable);

int put(uint32_t number);
long get(uint64_t timeout); /* the number got, or -errno */

struct frame_queue frame(void);
void check_counts(uint64_t puts, uint64_t gots, uint64_t dones);

/* As thread `who`: until it is done; until a sentinel or the end comes. */
void join(void *arg, unsigned who);

/* `in_order`: odd and even numbers each ascend; not if the dead give back. */
void consume(unsigned who, bool in_order);

#endif
