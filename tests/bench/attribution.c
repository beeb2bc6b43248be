/*
 * attribution: what it costs to know whose update was lost. Adds per second of
 * one thread, with nobody to race against: a bare relaxed load and exchange,
 * and an add with the writer's id in the word, the ledger beside it, the gate
 * looked at, and a trace that is not written.
 *
 * usage: attribution bare|attributed|blind MS
 */
#include <err.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lockstep/util.h"
#include "slot/ledger.h"
#include "sum/sum.h"

#define CHUNK 100000 /* adds between two looks at the clock */

static struct cell cell;
static struct sum_control control;
static struct gate gate;
static struct trace_control tracing = {.budget = 0};
static struct thread_slot tslot = {.id = 1, .control = &tracing};

static void
bare(uint64_t times)
{
	static _Alignas(ARENA_LINE) _Atomic uint64_t word;
	static _Atomic uint64_t lost;

	for (uint64_t i = 0; i < times; i++) {
		uint64_t seen = atomic_load_explicit(&word, RELAXED);
		uint64_t before =
		    atomic_exchange_explicit(&word, seen + 1, RELAXED);

		if (before != seen)
			atomic_store_explicit(&lost, before - seen, RELAXED);
	}
}

static void
attributed(uint64_t times)
{
	struct adder a = {
	    .cell = &cell, .control = &control, .gate = &gate, .tslot = &tslot};

	sum_add(&a, 1, times);
}

int
main(int argc, char **argv)
{
	uint64_t ms, done = 0;

	if (argc != 3 || (ms = strtoull(argv[2], NULL, 10)) == 0)
		errx(2, "usage: attribution bare|attributed|blind MS");
	if (cell_init(&cell) != 0)
		errx(1, "no cell");
	gate_init(&gate);
	atomic_store(&control.blind, strcmp(argv[1], "blind") == 0);

	void (*add)(uint64_t) =
	    strcmp(argv[1], "bare") == 0 ? bare : attributed;
	uint64_t start = now_ns(), end;

	do {
		add(CHUNK);
		done += CHUNK;
		end = now_ns();
	} while (end - start < ms * NSEC_PER_MSEC);
	if (add == attributed &&
	    (ledger_read(&tslot).adds != done ||
		cell_value(&cell, &tslot, 1) != (int64_t)done))
		errx(1, "the sum is wrong");
	printf("adds_per_s %.0f\n", (double)done * 1e9 / (double)(end - start));
	return 0;
}
