/*
 * format: numbers and times as people read them. Each function fills the
 * caller's buffer from its start and returns it.
 */
#ifndef LOCKSTEP_FORMAT_H
#define LOCKSTEP_FORMAT_H

#include <stdint.h>

#define FORMAT_LEN 32

/* "4 950", "-12 000" */
const char *format_number(char buf[static FORMAT_LEN], int64_t)
    __attribute__((warn_unused_result));

/* For an unsigned counter; values above INT64_MAX are shown as INT64_MAX. */
const char *format_count(char buf[static FORMAT_LEN], uint64_t)
    __attribute__((warn_unused_result));

/* "41", "1.2k", "38M": at most five columns plus a sign */
const char *format_short(char buf[static FORMAT_LEN], double)
    __attribute__((warn_unused_result));

/* "0", "500 ns", "20 us", "1.5 ms", "2 s" */
const char *format_span(char buf[static FORMAT_LEN], uint64_t ns)
    __attribute__((warn_unused_result));

/* How long something has lasted so far: "12 ms", "3.4 s", "2:05" */
const char *format_age(char buf[static FORMAT_LEN], uint64_t ns)
    __attribute__((warn_unused_result));

/* "0:12", "1:02:03" */
const char *format_clock(char buf[static FORMAT_LEN], uint64_t ns)
    __attribute__((warn_unused_result));

/* "0.5 s" below ten seconds, then as a clock */
const char *format_took(char buf[static FORMAT_LEN], uint64_t ns)
    __attribute__((warn_unused_result));

/* "0.5x", "1x", "20x"; from thousandths */
const char *format_speed(char buf[static FORMAT_LEN], uint32_t thousandths)
    __attribute__((warn_unused_result));

/* "SIGKILL", "signal 77" */
const char *format_signal(char buf[static FORMAT_LEN], int signal)
    __attribute__((warn_unused_result));

/* Plural ending for n things. */
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
