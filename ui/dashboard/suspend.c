/*
 * suspend: handles signals: we leave, or stop and take the terminal again once
 * we are continued.
 */
#include <signal.h>

#include "dashboard/dashboard_priv.h"
#include "term/signals.h"
#include "term/terminal.h"

void
dashboard_leave(struct dashboard *d, int sig)
{
	d->leave = 128 + sig;
	d->quit = true;
}

/* Signals that have nothing to do with a stop. */
static void
suspend_signal(struct dashboard *d, int sig)
{
	if (sig == SIGWINCH)
		d->resized = true;
	else if (sig != SIGTSTP && sig != SIGCONT)
		dashboard_leave(d, sig);
}

/* False: no parent shell can stop us, and so none would continue us. */
static bool
suspend_stop(struct dashboard *d)
{
	bool stopped = false;

	signals_stop(SIGTSTP);
	for (int sig; (sig = signals_next()) != 0;) {
		stopped |= sig == SIGCONT;
		suspend_signal(d, sig);
	}
	return stopped;
}

/*
 * Only one job draws on the terminal at a time: the others stop, even after
 * `bg`.
 */
void
dashboard_resume(struct dashboard *d)
{
	d->resized = d->dirty = true;
	d->stalled = false;
	while (!d->quit && !terminal_resume())
		if (terminal_hung_up() || !suspend_stop(d))
			dashboard_leave(d, SIGHUP);
}

/* ^Z: release the terminal, stop, and take it again. */
static void
suspend_here(struct dashboard *d)
{
	terminal_suspend();
	suspend_stop(d);
	dashboard_resume(d);
}

void
dashboard_signals(struct dashboard *d)
{
	for (int sig; (sig = signals_next()) != 0 && !d->quit;) {
		if (sig == SIGTSTP)
			suspend_here(d);
		else if (sig == SIGCONT) /* we had been stopped */
			dashboard_resume(d);
		else
			suspend_signal(d, sig);
	}
	d->dirty = true;
}
