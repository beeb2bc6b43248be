/*
 * format: numbers and times as people read them. Each writes into the
 * caller's buffer and returns it.
 */
#ifndef LOCKSTEP_FORMAT_H
#define LOCKSTEP_FORMAT_H

#include <stdint.h>

#define FORMAT_LEN 32

/* "4 950", "-12 000" */
const char *format_number(char buf[FORMAT_LEN], int64_t);

/* The same of a counter of the wire, which may be wider: the end of int64_t */
const char *format_count(char buf[FORMAT_LEN], uint64_t);

/* "41", "1.2k", "38M": at most five columns */
const char *format_short(char buf[FORMAT_LEN], double);

/* "0", "500 ns", "20 us", "1.5 ms", "2 s" */
const char *format_span(char buf[FORMAT_LEN], uint64_t ns);

/* How long something lasts by now: "12 ms", "3.4 s", "2:05" */
const char *format_age(char buf[FORMAT_LEN], uint64_t ns);

/* "0:12", "1:02:03" */
const char *format_clock(char buf[FORMAT_LEN], uint64_t ns);

/* "0.5 s" under ten seconds, then as a clock */
const char *format_took(char buf[FORMAT_LEN], uint64_t ns);

/* "0.5x", "1x", "20x"; from thousandths */
const char *format_speed(char buf[FORMAT_LEN], uint32_t thousandths);

/* "SIGKILL", "signal 77" */
const char *format_signal(char buf[FORMAT_LEN], int signal);

/* The ending of a word of which there are n. */
static inline const char *
format_s(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static inline const char *
format_es(uint64_t n)
{
	return n == 1 ? "" : "es";
}

#endif
