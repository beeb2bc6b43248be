/* rescue: restores the terminal, whatever ends this program. */
#include "term/rescue.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/util_priv.h"
#include "lockstep/util.h"

#define RESCUE_MS 200 /* for a terminal that accepts nothing */

/* Signals raised by faults. The others can wait for the loop: see signals.h. */
static const int rescue_signals[] = {
    SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS};
#define RESCUE_SIGNALS (sizeof rescue_signals / sizeof rescue_signals[0])

static struct {
	volatile sig_atomic_t armed; /* the terminal is ours */
	volatile sig_atomic_t cut;
	int in;
	struct sink out;
	struct termios saved;
	char reset[256];

	struct sigaction old[RESCUE_SIGNALS];
	void *stack; /* the handler's own, in case of stack overflow */
} rescue;

/*
 * Clearing IXON restarts output that ^S stopped: it was not stopped before us.
 */
static void
rescue_start_again(void)
{
	struct termios t = rescue.saved;

	t.c_iflag &= ~(tcflag_t)IXON;
	tcsetattr(rescue.in, TCSANOW, &t);
}

static void
rescue_send(void)
{
	const char *p = rescue.reset + (rescue.cut ? 0 : 1);
	bool started = false;

	while (*p != '\0') {
		ssize_t n = sink_write(&rescue.out, p, strlen(p));

		if (n < 0)
			return;
		p += n;
		if (n > 0)
			continue;
		if (!started)
			rescue_start_again();
		else if (!sink_wait(&rescue.out, RESCUE_MS))
			return;
		started = true;
	}
}

/* Also in the background, where SIGTTOU would stop us. */
void
rescue_now(void)
{
	int saved_errno = errno;
	sigset_t set, old;

	if (!rescue.armed)
		return;
	rescue.armed = 0;
	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &old);
	rescue_send();
	tcsetattr(rescue.in, TCSANOW, &rescue.saved);
	sigprocmask(SIG_SETMASK, &old, NULL);
	rescue.cut = 0;
	errno = saved_errno;
}

static const struct sigaction *
rescue_old(int sig)
{
	size_t i = 0;

	while (rescue_signals[i] != sig)
		i++;
	return &rescue.old[i];
}

/*
 * Restore the terminal, then behave as without this handler: a fault occurs
 * again, so an earlier handler (such as a sanitizer's) sees it; a sent signal
 * is sent again.
 */
static void
rescue_on_crash(int sig, siginfo_t *info, void *context)
{
	const struct sigaction *old = rescue_old(sig);
	bool fault = info->si_code > 0;

	(void)context;
	if (!fault && old->sa_handler == SIG_IGN)
		return;
	rescue_now();
	sigaction(sig, old, NULL);
	if (!fault || sig == SIGTRAP || sig == SIGSYS)
		raise(sig);
}

void
rescue_open(int in, const struct sink *out, const char *reset)
{
	size_t size = (size_t)SIGSTKSZ > 16384 ? (size_t)SIGSTKSZ : 16384;
	struct sigaction sa = {.sa_sigaction = rescue_on_crash,
	    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};

	rescue.in = in;
	rescue.out = *out;
	strlcpy(rescue.reset, reset, sizeof rescue.reset);
	rescue.stack = malloc(size);
	if (rescue.stack != NULL)
		sigaltstack(
		    &(stack_t){.ss_sp = rescue.stack, .ss_size = size}, NULL);
	for (size_t i = 0; i < RESCUE_SIGNALS; i++)
		sigaction(rescue_signals[i], &sa, &rescue.old[i]);
	fatal_hook(rescue_now);
}

void
rescue_close(void)
{
	rescue_now();
	fatal_hook(NULL);
	for (size_t i = 0; i < RESCUE_SIGNALS; i++)
		sigaction(rescue_signals[i], &rescue.old[i], NULL);
	sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
	free(rescue.stack);
	rescue.stack = NULL;
}

int
rescue_arm(void (*change)(struct termios *))
{
	struct termios t;

	if (!rescue.armed && tcgetattr(rescue.in, &rescue.saved) != 0)
		return -errno;
	t = rescue.saved;
	change(&t);
	rescue.armed = 1;
	if (tcsetattr(rescue.in, TCSANOW, &t) == 0)
		return 0;
	rescue.armed = 0;
	return -errno;
}

void
rescue_cut(bool cut)
{
	rescue.cut = cut;
}

bool
rescue_is_cut(void)
{
	return rescue.cut;
}
