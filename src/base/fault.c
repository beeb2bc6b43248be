/* fault: points where tests can kill a worker or make a call fail. */
#include "base/fault.h"

#ifdef LOCKSTEP_HOOKS
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/util_priv.h"
#include "lockstep/util.h"

static pid_t supervisor; /* crash points do not kill it */

/* Shared, so that all processes together hit a point only once. */
static struct hook {
	char name[48];
	long nth;
	_Atomic long calls;
	bool onwards; /* and every later call */
} * crash, *fault;

static void
fault_hook_parse(struct hook *h, const char *var)
{
	const char *text = getenv(var);

	if (text == NULL)
		return;
	snprintf(
	    h->name, sizeof h->name, "%.*s", (int)strcspn(text, ":"), text);
	const char *colon = strchr(text, ':');
	h->nth = colon == NULL ? 1 : atol(colon + 1);
	h->onwards = text[0] != '\0' && text[strlen(text) - 1] == '+';
}

void
fault_init(void)
{
	struct hook *two = mmap(NULL, 2 * sizeof *two, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (two == MAP_FAILED)
		fatal("hook: mmap: %s", strerror(errno));
	supervisor = getpid();
	crash = &two[0];
	fault = &two[1];
	fault_hook_parse(crash, "LOCKSTEP_CRASH");
	fault_hook_parse(fault, "LOCKSTEP_FAULT");
}

static bool
fault_hook_hit(struct hook *h, const char *name)
{
	if (h == NULL || strcmp(h->name, name) != 0)
		return false;
	long call = atomic_fetch_add(&h->calls, 1) + 1;
	return call == h->nth || (h->onwards && call > h->nth);
}

void
fault_crash_point(const char *name)
{
	if (getpid() != supervisor && fault_hook_hit(crash, name))
		kill(getpid(), SIGKILL);
}

bool
fault_fault(const char *name, int error)
{
	if (!fault_hook_hit(fault, name))
		return false;
	errno = error;
	return true;
}
#else
typedef int fault_unused; /* a translation unit must not be empty */
#endif
