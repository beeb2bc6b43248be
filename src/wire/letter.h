/*
 * letter: what a thread is called in a schedule. Every part that shows a
 * schedule calls it so.
 */
#ifndef LOCKSTEP_LETTER_H
#define LOCKSTEP_LETTER_H

#define LETTER_TEXT  16 /* bytes, with the NUL */
#define LETTER_CASES 26 /* letters of one case */

/* Letter 1 is "a", 52 is "Z", 53 is "_53_"; 0 is empty. Returns buf. */
const char *letter_format(unsigned letter, char buf[LETTER_TEXT])
    __attribute__((warn_unused_result));

/* The same, in a buffer that lives as long as the block. */
#define LETTER(letter) letter_format((letter), (char[LETTER_TEXT]){0})

#endif
