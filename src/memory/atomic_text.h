/*
 * atomic_text: a text that one process writes while another may read it.
 *
 * The text is stored in atomic words. Stores release: a reader that sees any of
 * them also sees what was stored before it. Loads acquire: what is read after
 * them is no older. A reader that overlaps a writer gets a mixture of two
 * texts, but one that is always terminated within its size.
 */
#ifndef LOCKSTEP_ATOMIC_TEXT_H
#define LOCKSTEP_ATOMIC_TEXT_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ATOMIC_TEXT_MAX 256 /* bytes */

/* `size` is the size of the words in bytes; a longer text is truncated. */
static inline void
atomic_text_set(_Atomic uint64_t *words, size_t size, const char *text)
{
	uint64_t copy[ATOMIC_TEXT_MAX / sizeof(uint64_t)];

	memset(copy, 0, size);
	memcpy(copy, text, strnlen(text, size - 1));
	for (size_t i = 0; i < size / sizeof *copy; i++)
		atomic_store_explicit(&words[i], copy[i], memory_order_release);
}

/* `text` gets `size` bytes, including the NUL. */
static inline void
atomic_text_get(const _Atomic uint64_t *words, size_t size, char *text)
{
	uint64_t copy[ATOMIC_TEXT_MAX / sizeof(uint64_t)];

	for (size_t i = 0; i < size / sizeof *copy; i++)
		copy[i] = atomic_load_explicit(&words[i], memory_order_acquire);
	memcpy(text, copy, size);
	text[size - 1] = '\0';
}

#endif
