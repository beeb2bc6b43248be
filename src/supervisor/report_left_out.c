/*
 * report_left_out: what a run leaves out, by name and with the reason: what the
 * demo's source could not take as an item, and what a task could not read.
 */
#include "supervisor/supervisor.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/demo.h"
#include "lockstep/util.h"

#define NAME_LEN 400 /* bytes of a name in a line */

static void
left_out_banner(struct supervisor *sv)
{
	char banner[80];

	if (sv->left_out.n == 0)
		return;
	snprintf(banner, sizeof banner, "%llu left out: see the log",
	    (unsigned long long)sv->left_out.n);
	report_text(
	    &sv->report, TEXT_BANNER, BANNER_LEFT_OUT, getpid(), banner);
}

static void
left_out_one(struct supervisor *sv, const char *name, const char *why)
{
	char shortened[NAME_LEN], text[512];

	name = text_shorten(shortened, sizeof shortened, name);
	report_log(&sv->report, "left out: %s: %s", why, name);
	snprintf(text, sizeof text, "%s\t%s", why, name);
	report_text(&sv->report, TEXT_LEFT_OUT, (uint32_t)sv->left_out.n++,
	    getpid(), text);
}

/* More of them; their names are not known. */
static void
left_out_more(struct supervisor *sv, uint64_t n)
{
	if (n == 0)
		return;
	report_log(&sv->report, "left out: %llu more", (unsigned long long)n);
	sv->left_out.n += n;
	report_text(&sv->report, TEXT_LEFT_OUT, (uint32_t)(sv->left_out.n - 1),
	    getpid(), "");
}

void
report_found(struct supervisor *sv)
{
	const struct source *source = sv->params->demo->source;
	struct left_out one;

	report_log(&sv->report, "%llu items found",
	    (unsigned long long)sv->feed.total);
	for (unsigned i = 0; source->skipped_at(i, &one); i++)
		left_out_one(sv, one.name, one.why);
	left_out_more(sv, source->skipped() - sv->left_out.n);
	left_out_banner(sv);
}

/* Several blocks of one file may fail: it is one file. */
static bool
left_out_before(struct supervisor *sv, uint64_t cookie)
{
	for (unsigned i = 0; i < WORKER_BAD; i++)
		if (sv->left_out.cookies[i] == cookie)
			return true;
	sv->left_out.cookies[sv->left_out.n % WORKER_BAD] = cookie;
	return false;
}

static void
left_out_item(struct supervisor *sv, uint64_t cookie, int why)
{
	const struct source *source = sv->params->demo->source;

	if (!left_out_before(sv, cookie))
		left_out_one(sv, source->name(cookie),
		    why > 0 ? strerror(why) : source->reasons[-1 - why]);
}

void
report_left_out(struct supervisor *sv, unsigned slot)
{
	struct worker_slot *ws = &sv->shared->slots[slot];
	struct process *proc = &sv->procs[slot];
	uint64_t failed = atomic_load(&ws->failed), before = sv->left_out.n;

	if (sv->params->demo->source == NULL)
		return;
	if (failed - proc->failed > WORKER_BAD) {
		left_out_more(sv, failed - WORKER_BAD - proc->failed);
		proc->failed = failed - WORKER_BAD;
	}
	for (; proc->failed < failed; proc->failed++) {
		unsigned i = proc->failed % WORKER_BAD;
		uint64_t cookie = atomic_exchange(&ws->bad[i].cookie, 0);

		if (cookie == 0 && proc->pid != 0)
			break; /* it is being written */
		if (cookie != 0)
			left_out_item(sv, cookie, atomic_load(&ws->bad[i].why));
	}
	if (sv->left_out.n != before)
		left_out_banner(sv);
}
