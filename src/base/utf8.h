/* utf8: characters, and which of them a terminal may be sent. */
#ifndef LOCKSTEP_UTF8_H
#define LOCKSTEP_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The first character of s[0..len), len > 0: its length in bytes and its code
 * point. 0 if it is broken, too long for what it says, or a surrogate.
 */
size_t utf8_decode(const char *s, size_t len, uint32_t *cp);

/*
 * False for what moves the cursor, starts an escape sequence or turns text
 * around: C0, DEL, C1, bidi controls and the like; and for what is none.
 */
bool utf8_printable(uint32_t cp);

#endif
