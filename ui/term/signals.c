/* signals: how this program handles signals. */
#include "term/signals.h"

#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "base/util_priv.h"
#include "lockstep/util.h"

#define SIGNALS_LAST 64

/* Signal n is bit n - 1, as in the kernel's own set. */
typedef uint64_t signals_set;

static struct {
	bool started;
	signals_set given_mask;
	struct sigaction given[3]; /* of signals_changed */

	int fd;
	signals_set old_mask, endings;
	int ending;
} signals = {.fd = -1};

/* Failed writes and dead children are detected where they matter. */
static const struct {
	int sig;
	void (*handler)(int);
} signals_changed[] = {
    {SIGPIPE, SIG_IGN}, {SIGXFSZ, SIG_IGN}, {SIGCHLD, SIG_DFL}};

#define CHANGED (sizeof signals_changed / sizeof signals_changed[0])

static signals_set
signals_bit(int sig)
{
	return (signals_set)1 << (sig - 1);
}

/* libc's own function omits 32 and 33, which end us like any other. */
static int
signals_mask(int how, const signals_set *set, signals_set *old)
{
	return (int)syscall(SYS_rt_sigprocmask, how, set, old, sizeof *set);
}

void
signals_start(void)
{
	const signals_set none = 0;

	for (size_t i = 0; i < CHANGED; i++) {
		struct sigaction sa = {
		    .sa_handler = signals_changed[i].handler};

		sigaction(signals_changed[i].sig, &sa, &signals.given[i]);
	}
	signals_mask(SIG_SETMASK, &none, &signals.given_mask);
	signals.started = true;
}

void
signals_for_child(void)
{
	if (!signals.started)
		return;
	for (size_t i = 0; i < CHANGED; i++)
		sigaction(signals_changed[i].sig, &signals.given[i], NULL);
	signals_mask(SIG_SETMASK, &signals.given_mask, NULL);
}

/* Crashes are not among them: rescue handles those. */
static bool
signals_ends(int sig)
{
	switch (sig) {
	case SIGKILL:
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGCHLD:
	case SIGCONT:
	case SIGURG:
	case SIGWINCH:
	case SIGSEGV:
	case SIGBUS:
	case SIGILL:
	case SIGFPE:
	case SIGABRT:
	case SIGTRAP:
	case SIGSYS:
		return false;
	default:
		return true;
	}
}

static bool
signals_asks(int sig)
{
	return sig == SIGINT || sig == SIGTERM || sig == SIGHUP ||
	    sig == SIGQUIT;
}

static signals_set
signals_endings(bool screen)
{
	signals_set set = 0;

	for (int sig = 1; sig <= SIGNALS_LAST; sig++) {
		bool ends = screen ? signals_ends(sig) : signals_asks(sig);

		if (ends && !signal_is_ignored(sig))
			set |= signals_bit(sig);
	}
	return set;
}

int
signals_catch(bool screen)
{
	signals_set set = signals_endings(screen);

	signals.endings = set;
	if (screen)
		set |= signals_bit(SIGWINCH) | signals_bit(SIGCONT);
	if (screen && !signal_is_ignored(SIGTSTP))
		set |= signals_bit(SIGTSTP);
	if (signals_mask(SIG_BLOCK, &set, &signals.old_mask) != 0)
		return -errno;
	signals.fd = (int)syscall(
	    SYS_signalfd4, -1, &set, sizeof set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (signals.fd >= 0)
		return 0;

	int error = errno;

	signals_mask(SIG_SETMASK, &signals.old_mask, NULL);
	return -error;
}

int
signals_fd(void)
{
	return signals.fd;
}

int
signals_next(void)
{
	struct signalfd_siginfo info;

	if (signals.fd < 0 ||
	    read(signals.fd, &info, sizeof info) != (ssize_t)sizeof info)
		return 0;

	int sig = (int)info.ssi_signo;

	if (signals.ending == 0 && (signals.endings & signals_bit(sig)) != 0)
		signals.ending = sig;
	return sig;
}

/* A signal too late to be read has done its work: we are exiting. */
void
signals_release(void)
{
	if (signals.fd < 0)
		return;
	while (signals_next() != 0)
		continue;
	close(signals.fd);
	signals.fd = -1;
	signals_mask(SIG_SETMASK, &signals.old_mask, NULL);
}

int
signals_ending(void)
{
	return signals.ending;
}

bool
signals_pressing(void)
{
	struct pollfd p = {.fd = signals.fd, .events = POLLIN};

	return signals.ending != 0 || poll(&p, 1, 0) > 0;
}

void
signals_stop(int sig)
{
	struct sigaction old, sa = {.sa_handler = SIG_DFL};
	signals_set set = signals_bit(sig), before;

	sigaction(sig, &sa, &old);
	raise(sig);
	signals_mask(SIG_UNBLOCK, &set, &before);
	signals_mask(SIG_SETMASK, &before, NULL);
	sigaction(sig, &old, NULL);
}

/* We ended in an orderly way: a core would show nothing. */
void
signals_die(void)
{
	struct sigaction sa = {.sa_handler = SIG_DFL};
	signals_set set;

	if (signals.ending == 0 || signals_asks(signals.ending))
		return;
	set = signals_bit(signals.ending);
	prctl(PR_SET_DUMPABLE, 0);
	sigaction(signals.ending, &sa, NULL);
	signals_mask(SIG_UNBLOCK, &set, NULL);
	kill(getpid(), signals.ending);
}
