/*
 * child_dashboard: steps through a schedule that a search has found, in a
 * second dashboard: this program again, on the same terminal. Afterwards the
 * search appears again where it was.
 *
 * The child has the keyboard, so signals from the terminal are for it as well:
 * ^C ends both, ^Z stops both.
 */
#include <sys/wait.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dashboard/dashboard_priv.h"
#include "lockstep/util.h"
#include "stream/launch.h"
#include "term/signals.h"
#include "term/terminal.h"
#include "text/exploration_text.h"

#define LINE 320
#define SELF "lockstep: " /* begins each of its lines */

/* It stops by itself and continues together with us. */
static void
child_stop_with(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, WUNTRACED) < 0 && errno == EINTR)
		continue;
	if (WIFSTOPPED(status))
		signals_stop(SIGTSTP);
	kill(pid, SIGCONT);
}

static void
child_pass_on(struct dashboard *d, pid_t pid)
{
	for (int sig; (sig = signals_next()) != 0;) {
		switch (sig) {
		case SIGWINCH:
		case SIGCONT:
			break;
		case SIGTSTP:
			child_stop_with(pid);
			break;
		default:
			kill(pid, SIGTERM);
			dashboard_leave(d, sig);
		}
	}
}

/* The first line on its standard error; empty: none. */
static void
child_read_error(int fd, char line[LINE])
{
	ssize_t n = read(fd, line, LINE - 1);

	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

static void
child_await(struct dashboard *d, pid_t pid, int errors)
{
	/*
	 * Only the child can write there: end of file means that it has ended.
	 */
	struct pollfd p[2] = {
	    {.fd = errors}, {.fd = signals_fd(), .events = POLLIN}};
	int status = 0;
	char line[LINE], clean[LINE];

	while (p[0].revents == 0) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			break;
		if (p[1].revents != 0)
			child_pass_on(d, pid);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	d->now = now_ns(); /* much time has passed */
	child_read_error(errors, line);
	model_clean(clean, sizeof clean, line, strlen(line));

	size_t name =
	    strncmp(clean, SELF, sizeof SELF - 1) == 0 ? sizeof SELF - 1 : 0;

	if (launch_exit_code(status) != 0 && clean[0] != '\0')
		dashboard_say(d, "%s", clean + name);
}

void
dashboard_through(struct dashboard *d)
{
	static char given[] = "--schedule", step[] = "--step",
		    ascii[] = "--ascii", color[] = "--color",
		    always[] = "always", never[] = "never", theme[] = "--theme";
	const struct model_outcome *o =
	    explore_selected(dashboard_shown(d), d->show.screen.outcome);
	char string[MODEL_LINE], name[16], *args[10] = {given, string, step};
	int n = 3, errors;

	if (o == NULL || !explore_pastes(o)) {
		dashboard_say(d, "there is no schedule to step through yet");
		return;
	}
	snprintf(string, sizeof string, "%s", o->schedule);
	if (d->options->ascii)
		args[n++] = ascii;
	if (d->options->color != COLOR_AUTO) {
		args[n++] = color;
		args[n++] = d->options->color == COLOR_ALWAYS ? always : never;
	}
	snprintf(name, sizeof name, "%s", theme_paper(d->theme)->name);
	args[n++] = theme;
	args[n++] = name;
	terminal_suspend();

	pid_t pid = launch_again(args, &errors);

	if (pid > 0) {
		child_await(d, pid, errors);
		close(errors);
	}
	dashboard_resume(d);
	if (pid < 0)
		dashboard_say(
		    d, "cannot start another dashboard: %s", strerror(-pid));
}
