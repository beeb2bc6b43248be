/*
 * report_names: what is said once: the run and its parameters, the names of
 * processes, threads and items.
 */
#include "supervisor/supervisor.h"

#include <sys/prctl.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "memory/robust_mutex.h"
#include "options/option_table.h"

static void
push_text(struct supervisor *p, enum frame_text kind, uint32_t index,
    const char *text)
{
	report_text(&p->report, kind, index, getpid(), text);
}

static void
push_param(
    struct supervisor *p, uint32_t *index, const char *name, const char *value)
{
	char line[256];

	snprintf(line, sizeof line, "%s %s", name, value);
	push_text(p, TEXT_PARAM, (*index)++, line);
}

/* The options, each as its row says. */
static void
push_params(struct supervisor *p)
{
	const struct params *o = p->params;
	char buf[160];
	uint32_t n = 0;

	snprintf(buf, sizeof buf, "%llu", (unsigned long long)p->total);
	if (p->total > 0)
		push_param(p, &n, "items", buf);
	for (size_t i = 0; i < run_options.nrows; i++) {
		params_show(p->options, i, buf, sizeof buf);
		if (strcmp(run_options.rows[i].name, "gil") == 0)
			p->interval_param = n;
		if (buf[0] != '\0')
			push_param(p, &n, run_options.rows[i].name, buf);
	}
	p->sent_interval = o->gil;
	for (unsigned d = 0; d < o->noperands && d < 4; d++)
		push_param(p, &n, o->demo->operands, o->operands[d]);
	p->gil_param = n;
}

/* A program may start and stop using it; see self_set_gil(). */
static void
announce_interval(struct supervisor *p)
{
	uint64_t now = atomic_load(&p->shared->gil);
	uint32_t n = p->interval_param;
	char buf[32];

	if (now == p->sent_interval || p->params->gil == 0 || p->report.full)
		return;
	p->sent_interval = now;
	snprintf(buf, sizeof buf, "off for now");
	for (size_t i = 0; now != 0 && i < run_options.nrows; i++)
		if (strcmp(run_options.rows[i].name, "gil") == 0)
			params_show(p->options, i, buf, sizeof buf);
	push_param(p, &n, "gil", buf);
}

/* How often the interpreter locks of all processes changed hands. */
void
announce_gil(struct supervisor *p)
{
	announce_interval(p);
	struct gil_counts c = p->gone_gil;
	char buf[96];

	for (unsigned i = 1; i < p->shared->nslots; i++)
		gil_count(&c, &p->shared->slots[i].gil);
	if (c.handovers == p->sent_gil.handovers || p->report.full)
		return;
	p->sent_gil = c;
	snprintf(buf, sizeof buf,
	    "handovers %llu, %llu of them between a load and a store",
	    (unsigned long long)c.handovers, (unsigned long long)c.split);
	push_text(p, TEXT_PARAM, p->gil_param, buf);
}

static bool
dies_with_parent(void)
{
	int sig;

	return prctl(PR_GET_PDEATHSIG, &sig) == 0 &&
	    prctl(PR_SET_PDEATHSIG, (unsigned long)sig) == 0;
}

/* What this system does not have, and what follows from that. */
static void
say_lacks(struct supervisor *p)
{
	const struct registry *w = p->shared->registry;

	if (!robust_mutex_works())
		report_log(&p->report,
		    "set_robust_list: %s: if a process is killed while it "
		    "holds a mutex, the others wait forever",
		    strerror(errno));
	if (!dies_with_parent())
		report_log(&p->report,
		    "prctl: %s: workers outlive an engine that is killed",
		    strerror(errno));
	if (w != NULL && w->heap_size < REGISTRY_HEAP)
		report_log(&p->report,
		    "mmap: no memory for a heap of 1 GiB: it has %zu MiB",
		    w->heap_size >> 20);
}

void
announce_run(struct supervisor *p)
{
	const struct demo *demo = p->params->demo;
	struct frame f = {.type = FRAME_HELLO,
	    .pid = getpid(),
	    .tid = gettid(),
	    .hello = {.wire = FRAME_VERSION,
		.processes = (uint16_t)p->params->processes,
		.threads = (uint16_t)p->params->threads,
		.run = (uint16_t)p->run}};

	memcpy(f.hello.magic, FRAME_MAGIC, sizeof f.hello.magic);
	snprintf(f.hello.demo, sizeof f.hello.demo, "%s", demo->name);
	report_push(&p->report, &f);
	push_text(p, TEXT_TITLE, 0, demo->title);
	for (uint32_t i = 0; demo->lesson[i] != NULL; i++)
		push_text(p, TEXT_LESSON, i, demo->lesson[i]);
	for (uint32_t i = 0; i < lock_nkinds; i++) {
		push_text(p, TEXT_LOCK, i, lock_kinds[i].name);
		push_text(p, TEXT_LOCK_LESSON, i, lock_kinds[i].lesson);
		if (lock_kinds[i].flaw != NULL)
			push_text(p, TEXT_FLAW, i, lock_kinds[i].flaw);
	}
	push_text(p, TEXT_PROC, 0, "supervisor");
	push_params(p);
	say_lacks(p);
}

void
announce_worker(struct supervisor *p, unsigned slot)
{
	push_text(p, TEXT_PROC, slot, p->procs[slot].name);
}

void
announce_thread(struct supervisor *p, unsigned slot, unsigned index)
{
	push_text(p, TEXT_THREAD, slot << 16 | index,
	    slot_name(supervisor_ring(p, slot, index)).text);
}

/* Number of a worker's item, name of it: a file's, say. */
void
announce_item(struct supervisor *p, unsigned slot)
{
	const struct source *source = p->params->demo->source;
	struct worker_slot *ws = &p->shared->slots[slot];
	uint64_t cookie = atomic_load(&ws->cookie);

	if (source == NULL || cookie == p->procs[slot].cookie || cookie == 0 ||
	    p->report.full || p->report.quiet)
		return;
	p->procs[slot].cookie = cookie;
	push_text(p, TEXT_ITEM, slot, source->name(cookie));
}
