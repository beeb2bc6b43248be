/* hash: FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo) of a text. */
#ifndef LOCKSTEP_HASH_H
#define LOCKSTEP_HASH_H

#include <stdint.h>

/* Never 0. */
static inline uint64_t
hash_text(const char *text)
{
	uint64_t h = 14695981039346656037ULL;

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211ULL;
	return h != 0 ? h : 1;
}

#endif
