/*
 * report_names: what is reported once: the run and its parameters, the names of
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
push_text(struct supervisor *sv, enum frame_text kind, uint32_t index,
    const char *text)
{
	report_text(&sv->report, kind, index, getpid(), text);
}

static void
push_param(
    struct supervisor *sv, uint32_t *index, const char *name, const char *value)
{
	char line[256];

	snprintf(line, sizeof line, "%s %s", name, value);
	push_text(sv, TEXT_PARAM, (*index)++, line);
}

/* The options, each as its row says. */
static void
push_params(struct supervisor *sv)
{
	const struct params *o = sv->params;
	char buf[160];
	uint32_t n = 0;

	snprintf(buf, sizeof buf, "%llu", (unsigned long long)sv->feed.total);
	if (sv->feed.total > 0)
		push_param(sv, &n, "items", buf);
	for (size_t i = 0; i < run_options.nrows; i++) {
		params_show(sv->options, i, buf, sizeof buf);
		if (buf[0] != '\0')
			push_param(sv, &n, run_options.rows[i].name, buf);
	}
	for (unsigned d = 0; d < o->noperands && d < 4; d++)
		push_param(sv, &n, o->demo->operands, o->operands[d]);
	sv->gil_report = (struct gil_report){.param = n};
}

/* How often the interpreter locks of all processes changed hands. */
void
report_gil(struct supervisor *sv)
{
	struct gil_counts c = sv->dead.gil;
	char buf[96];

	for (unsigned i = 1; i < sv->shared->nslots; i++)
		gil_count(&c, &sv->shared->slots[i].gil);
	if (c.handovers == sv->gil_report.sent.handovers || sv->report.full)
		return;
	sv->gil_report.sent = c;
	snprintf(buf, sizeof buf,
	    "handovers %llu, %llu of them between a load and a store",
	    (unsigned long long)c.handovers, (unsigned long long)c.split);
	push_text(sv, TEXT_PARAM, sv->gil_report.param, buf);
}

static bool
dies_with_parent(void)
{
	int sig;

	return prctl(PR_GET_PDEATHSIG, &sig) == 0 &&
	    prctl(PR_SET_PDEATHSIG, (unsigned long)sig) == 0;
}

/* What this system lacks, and what follows from that. */
static void
say_lacks(struct supervisor *sv)
{
	const struct registry *w = sv->shared->registry;

	if (!robust_mutex_works())
		report_log(&sv->report,
		    "set_robust_list: %s: if a process is killed while it "
		    "holds a mutex, the others wait forever",
		    strerror(errno));
	if (!dies_with_parent())
		report_log(&sv->report,
		    "prctl: %s: if the engine is killed, its workers live on",
		    strerror(errno));
	if (w != NULL && w->heap_size < REGISTRY_HEAP)
		report_log(&sv->report,
		    "mmap: no memory for a heap of 1 GiB: it has %zu MiB",
		    w->heap_size >> 20);
}

void
report_hello(struct supervisor *sv)
{
	const struct demo *demo = sv->params->demo;
	struct frame f = {.type = FRAME_HELLO,
	    .pid = getpid(),
	    .tid = gettid(),
	    .hello = {.wire = FRAME_VERSION,
		.processes = (uint16_t)sv->params->processes,
		.threads = (uint16_t)sv->params->threads,
		.run = (uint16_t)sv->run}};

	memcpy(f.hello.magic, FRAME_MAGIC, sizeof f.hello.magic);
	snprintf(f.hello.demo, sizeof f.hello.demo, "%s", demo->name);
	report_push(&sv->report, &f);
	push_text(sv, TEXT_TITLE, 0, demo->title);
	for (uint32_t i = 0; demo->lesson[i] != NULL; i++)
		push_text(sv, TEXT_LESSON, i, demo->lesson[i]);
	for (uint32_t i = 0; i < lock_nkinds; i++) {
		push_text(sv, TEXT_LOCK, i, lock_kinds[i].name);
		push_text(sv, TEXT_LOCK_LESSON, i, lock_kinds[i].lesson);
		if (lock_kinds[i].flaw != NULL)
			push_text(sv, TEXT_FLAW, i, lock_kinds[i].flaw);
	}
	push_text(sv, TEXT_PROC, 0, "supervisor");
	push_params(sv);
	say_lacks(sv);
}

void
report_process_name(struct supervisor *sv, unsigned slot)
{
	push_text(sv, TEXT_PROC, slot, sv->procs[slot].name);
}

void
report_thread_name(struct supervisor *sv, unsigned slot, unsigned index)
{
	push_text(sv, TEXT_THREAD, slot << 16 | index,
	    slot_name(supervisor_tslot(sv, slot, index)).text);
}

/* Number of a worker's item, name of it: a file's, say. */
void
report_item_name(struct supervisor *sv, unsigned slot)
{
	const struct source *source = sv->params->demo->source;
	struct worker_slot *ws = &sv->shared->slots[slot];
	uint64_t cookie = atomic_load(&ws->cookie);

	if (source == NULL || cookie == sv->procs[slot].cookie || cookie == 0 ||
	    sv->report.full || sv->report.quiet)
		return;
	sv->procs[slot].cookie = cookie;
	push_text(sv, TEXT_ITEM, slot, source->name(cookie));
}
