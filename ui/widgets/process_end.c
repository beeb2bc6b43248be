/* process_end: how a process ended, and which one it replaced. */
#include "widgets/process_end.h"

#include <stdio.h>

#include "style/format.h"
#include "widgets/selection.h"
#include "wire/state.h"

#define REPLACED_NS 8000000000ULL /* how long a death is shown */

const char *
draw_ended(char buf[64], const struct model_proc *p)
{
	char name[FORMAT_LEN];

	buf[0] = '\0';
	if (p->now.ended == ENDED_SIGNAL)
		snprintf(
		    buf, 64, "killed by %s", format_signal(name, p->now.code));
	else if (p->now.ended == ENDED_EXIT && p->now.code != 0)
		snprintf(buf, 64, "exited with %u", p->now.code);
	else if (p->now.ended == ENDED_EXIT)
		snprintf(buf, 64, "exited");
	else if (p->now.ended == ENDED_STOPPED)
		snprintf(buf, 64, "stopped");
	return buf;
}

const char *
draw_replaced(char buf[96], const struct screen *s, const struct model *m,
    const struct model_proc *p, bool brief)
{
	const struct model_proc *dead = selection_before(m, p);
	char how[64], name[FORMAT_LEN];

	buf[0] = '\0';
	if (dead == NULL || dead->now.ended == ENDED_NOT ||
	    dead->now.ended == ENDED_STOPPED ||
	    (dead->now.ended == ENDED_EXIT && dead->now.code == 0) ||
	    s->now >= dead->seen + REPLACED_NS)
		return buf;
	if (!brief)
		snprintf(buf, 96, "replaces %d, %s", (int)dead->pid,
		    draw_ended(how, dead));
	else if (dead->now.ended == ENDED_SIGNAL)
		snprintf(buf, 96, "was %d: %s", (int)dead->pid,
		    format_signal(name, dead->now.code));
	else
		snprintf(
		    buf, 96, "was %d: exit %u", (int)dead->pid, dead->now.code);
	return buf;
}

bool
draw_gone(const struct model_proc *p)
{
	return p->now.ended != ENDED_NOT || state_is_gone(p->now.state);
}
