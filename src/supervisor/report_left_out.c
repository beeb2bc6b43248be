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
left_out_banner(struct supervisor *p)
{
	char banner[80];

	if (p->left_out == 0)
		return;
	snprintf(banner, sizeof banner, "%llu left out: see the log",
	    (unsigned long long)p->left_out);
	report_text(&p->report, TEXT_BANNER, BANNER_LEFT_OUT, getpid(), banner);
}

static void
left_out_one(struct supervisor *p, const char *name, const char *why)
{
	char shortened[NAME_LEN], text[512];

	name = text_shorten(shortened, sizeof shortened, name);
	report_log(&p->report, "left out: %s: %s", why, name);
	snprintf(text, sizeof text, "%s\t%s", why, name);
	report_text(
	    &p->report, TEXT_LEFT_OUT, (uint32_t)p->left_out++, getpid(), text);
}

/* More of them, whose names are not known. */
static void
left_out_more(struct supervisor *p, uint64_t n)
{
	if (n == 0)
		return;
	report_log(&p->report, "left out: %llu more", (unsigned long long)n);
	p->left_out += n;
	report_text(&p->report, TEXT_LEFT_OUT, (uint32_t)(p->left_out - 1),
	    getpid(), "");
}

void
left_out_found(struct supervisor *p)
{
	const struct source *source = p->params->demo->source;
	struct left_out one;

	report_log(
	    &p->report, "%llu items found", (unsigned long long)p->total);
	for (unsigned i = 0; source->skipped_at(i, &one); i++)
		left_out_one(p, one.name, one.why);
	left_out_more(p, source->skipped() - p->left_out);
	left_out_banner(p);
}

/* Several blocks of one file may fail: it is one file. */
static bool
left_out_before(struct supervisor *p, uint64_t cookie)
{
	for (unsigned i = 0; i < WORKER_BAD; i++)
		if (p->left_cookies[i] == cookie)
			return true;
	p->left_cookies[p->left_out % WORKER_BAD] = cookie;
	return false;
}

static void
left_out_item(struct supervisor *p, uint64_t cookie, int why)
{
	const struct source *source = p->params->demo->source;

	if (!left_out_before(p, cookie))
		left_out_one(p, source->name(cookie),
		    why > 0 ? strerror(why) : source->reasons[-1 - why]);
}

void
left_out_by(struct supervisor *p, unsigned slot)
{
	struct worker_slot *ws = &p->shared->slots[slot];
	struct process *proc = &p->procs[slot];
	uint64_t failed = atomic_load(&ws->failed), before = p->left_out;

	if (p->params->demo->source == NULL)
		return;
	if (failed - proc->failed > WORKER_BAD) {
		left_out_more(p, failed - WORKER_BAD - proc->failed);
		proc->failed = failed - WORKER_BAD;
	}
	for (; proc->failed < failed; proc->failed++) {
		unsigned i = proc->failed % WORKER_BAD;
		uint64_t cookie = atomic_exchange(&ws->bad[i].cookie, 0);

		if (cookie == 0 && proc->pid != 0)
			break; /* it is being written */
		if (cookie != 0)
			left_out_item(p, cookie, atomic_load(&ws->bad[i].why));
	}
	if (p->left_out != before)
		left_out_banner(p);
}
