/* message: one line for the user, instead of the keys, for a while. */
#include <stdarg.h>
#include <stdio.h>

#include "dashboard/dashboard_priv.h"

#define MESSAGE_NS 4000000000ULL

void
dashboard_say(struct dashboard *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->message, sizeof d->message, fmt, ap);
	va_end(ap);
	d->message_until = d->now + MESSAGE_NS;
	d->dirty = true;
}
