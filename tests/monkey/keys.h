/* keys: what the monkey presses, and its dice. */
#ifndef TESTS_MONKEY_KEYS_H
#define TESTS_MONKEY_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

/* Those of one run: the same numbers for the same seed and run. */
struct dice dice_of(uint64_t seed, unsigned run);
unsigned dice_below(struct dice *, unsigned limit); /* limit > 0 */

#define KEYS_ONE 64 /* bytes that one key may send */

/*
 * The bytes of one key, or of a report that no key sends; returns how many.
 * None quits, and none is a signal. `broken`: also bytes that are no UTF-8.
 */
size_t keys_draw(struct dice *, bool broken, char out[KEYS_ONE]);

/* "\33[A" as it would stand in C; `out` has room for 4 a byte, and a NUL. */
void keys_print(char *out, const char *bytes, size_t n);

#endif
