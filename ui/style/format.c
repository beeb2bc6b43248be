/* format: numbers and times as people read them. */
#include "style/format.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define US 1000ULL
#define MS 1000000ULL
#define S  1000000000ULL

const char *
format_number(char buf[static FORMAT_LEN], int64_t value)
{
	uint64_t v = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	char all[FORMAT_LEN], *end = all + sizeof all, *p = end;
	int digits = 0;

	*--p = '\0';
	do {
		if (digits > 0 && digits % 3 == 0)
			*--p = ' ';
		*--p = (char)('0' + v % 10);
		v /= 10;
		digits++;
	} while (v > 0);
	if (value < 0)
		*--p = '-';
	return memcpy(buf, p, (size_t)(end - p));
}

const char *
format_count(char buf[static FORMAT_LEN], uint64_t n)
{
	return format_number(buf, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

const char *
format_short(char buf[static FORMAT_LEN], double value)
{
	static const char units[] = " kMGTP";
	const char *sign = value < 0 ? "-" : "";
	unsigned u = 0;

	if (value < 0)
		value = -value;
	while (value >= 999.5 && units[u + 1] != '\0') {
		value /= 1000;
		u++;
	}
	if (u == 0)
		snprintf(buf, FORMAT_LEN, "%s%.0f", sign, value);
	else
		snprintf(buf, FORMAT_LEN, "%s%.*f%c", sign,
		    value < 9.95 ? 1 : 0, value, units[u]);
	return buf;
}

/* At most one digit after the point, and no trailing ".0". */
static const char *
format_tenths(char buf[static FORMAT_LEN], uint64_t value, uint64_t unit,
    const char *name)
{
	uint64_t t = value / unit * 10 + (value % unit * 10 + unit / 2) / unit;

	if (t % 10 == 0 || t >= 1000)
		snprintf(buf, FORMAT_LEN, "%" PRIu64 " %s", t / 10, name);
	else
		snprintf(buf, FORMAT_LEN, "%" PRIu64 ".%u %s", t / 10,
		    (unsigned)(t % 10), name);
	return buf;
}

const char *
format_span(char buf[static FORMAT_LEN], uint64_t ns)
{
	if (ns == 0)
		return strcpy(buf, "0");
	if (ns < US)
		return format_tenths(buf, ns, 1, "ns");
	if (ns < MS)
		return format_tenths(buf, ns, US, "us");
	if (ns < S)
		return format_tenths(buf, ns, MS, "ms");
	return format_tenths(buf, ns, S, "s");
}

const char *
format_age(char buf[static FORMAT_LEN], uint64_t ns)
{
	if (ns < MS)
		return strcpy(buf, "<1 ms");
	if (ns < S)
		snprintf(buf, FORMAT_LEN, "%u ms", (unsigned)(ns / MS));
	else if (ns < 100 * S)
		snprintf(buf, FORMAT_LEN, "%u.%u s", (unsigned)(ns / S),
		    (unsigned)(ns / (S / 10) % 10));
	else
		return format_clock(buf, ns);
	return buf;
}

const char *
format_clock(char buf[static FORMAT_LEN], uint64_t ns)
{
	uint64_t s = ns / S;
	unsigned m = (unsigned)(s / 60 % 60), sec = (unsigned)(s % 60);

	if (s < 3600)
		snprintf(buf, FORMAT_LEN, "%u:%02u", m, sec);
	else
		snprintf(
		    buf, FORMAT_LEN, "%" PRIu64 ":%02u:%02u", s / 3600, m, sec);
	return buf;
}

const char *
format_took(char buf[static FORMAT_LEN], uint64_t ns)
{
	if (ns >= 10 * S)
		return format_clock(buf, ns);
	snprintf(buf, FORMAT_LEN, "%u.%u s", (unsigned)(ns / S),
	    (unsigned)(ns / (S / 10) % 10));
	return buf;
}

const char *
format_speed(char buf[static FORMAT_LEN], uint32_t thousandths)
{
	snprintf(buf, FORMAT_LEN, "%gx", thousandths / 1000.0);
	return buf;
}

const char *
format_signal(char buf[static FORMAT_LEN], int signal)
{
	const char *name = sigabbrev_np(signal);

	if (name != NULL)
		snprintf(buf, FORMAT_LEN, "SIG%s", name);
	else
		snprintf(buf, FORMAT_LEN, "signal %d", signal);
	return buf;
}
