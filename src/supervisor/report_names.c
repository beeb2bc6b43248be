/*
 * report_names: what is said once: the run and its parameters, the names of
 * processes, threads and items, and reads that failed.
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

static void
push_params(struct supervisor *p)
{
	const struct params *o = p->params;
	char buf[64];
	uint32_t i = 0;

	snprintf(buf, sizeof buf, "%llu", (unsigned long long)p->total);
	if (p->total > 0)
		push_param(p, &i, "items", buf);
	work_format(buf, sizeof buf, &o->item_work);
	push_param(p, &i, "item-work", buf);
	work_format(buf, sizeof buf, &o->task_work);
	push_param(p, &i, "task-work", buf);
	if (o->demo->adds > 0) {
		snprintf(buf, sizeof buf, "%llu", (unsigned long long)o->adds);
		push_param(p, &i, "adds", buf);
	}
	if (o->fix != NULL)
		push_param(p, &i, "fix", o->fix);
	if (o->duration > 0) {
		format_time(buf, sizeof buf, o->duration);
		push_param(p, &i, "duration", buf);
	}
	if (o->gil > 0) {
		format_time(buf, sizeof buf, o->gil);
		push_param(p, &i, "gil", buf);
	}
	for (unsigned d = 0; d < o->noperands && d < 4; d++)
		push_param(p, &i, o->demo->operands, o->operands[d]);
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
		    "has a mutex, the others wait for ever",
		    strerror(errno));
	if (!dies_with_parent())
		report_log(&p->report,
		    "prctl: %s: workers outlive an engine that is killed",
		    strerror(errno));
	if (w != NULL && w->heap_size < REGISTRY_HEAP)
		report_log(&p->report,
		    "mmap: there is no memory for a heap of 1 GiB: it has "
		    "%zu MiB",
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
announce_found(struct supervisor *p)
{
	const struct source *source = p->params->demo->source;
	uint64_t skipped = source->skipped();
	char banner[80];
	const char *name;

	report_log(
	    &p->report, "%llu items found", (unsigned long long)p->total);
	for (unsigned i = 0; (name = source->skipped_name(i)) != NULL; i++)
		report_log(&p->report, "cannot read %s: left out", name);
	if (skipped == 0)
		return;
	snprintf(banner, sizeof banner,
	    "%llu could not be looked into and %s left out: see the log",
	    (unsigned long long)skipped, skipped == 1 ? "was" : "were");
	push_text(p, TEXT_BANNER, BANNER_LEFT_OUT, banner);
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

static void
log_bad_read(struct supervisor *p, unsigned slot, uint64_t i)
{
	struct worker_slot *ws = &p->shared->slots[slot];
	uint64_t cookie = atomic_load(&ws->bad[i % WORKER_BAD].cookie);

	if (cookie != 0)
		report_log(&p->report, "cannot read %s: %s",
		    p->params->demo->source->name(cookie),
		    strerror(atomic_load(&ws->bad[i % WORKER_BAD].error)));
}

/* Log the reads that failed since the last look. */
void
announce_errors(struct supervisor *p, unsigned slot)
{
	uint64_t errors = atomic_load(&p->shared->slots[slot].errors);
	struct process *proc = &p->procs[slot];
	uint64_t more = errors - proc->errors;
	char banner[80];

	if (more == 0 || p->params->demo->source == NULL)
		return;
	if (more > WORKER_BAD)
		report_log(&p->report, "cannot read %llu more",
		    (unsigned long long)(more - WORKER_BAD));
	for (uint64_t i = more < WORKER_BAD ? more : WORKER_BAD; i > 0; i--)
		log_bad_read(p, slot, errors - i);
	p->read_errors += more;
	proc->errors = errors;
	snprintf(banner, sizeof banner, "%llu read%s failed: see the log",
	    (unsigned long long)p->read_errors, p->read_errors == 1 ? "" : "s");
	push_text(p, TEXT_BANNER, BANNER_READS, banner);
}
