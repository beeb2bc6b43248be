/* utf8: decodes characters and knows which are safe on a terminal. */
#ifndef LOCKSTEP_UTF8_H
#define LOCKSTEP_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decode the first character of s[0..len), len > 0. Returns its length in bytes
 * and sets its code point; returns 0 if it is invalid, overlong or a surrogate.
 */
size_t utf8_decode(const char *s, size_t len, uint32_t *cp);

/*
 * False for characters that move the cursor, start an escape sequence or change
 * the direction of text (C0, DEL, C1, bidi controls and the like), and for
 * values that are not characters.
 */
bool utf8_printable(uint32_t cp);

#endif
