/* streamgen: frames one by one, and the table of scenarios. */
#include "streamgen.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct frame *
streamgen_add(struct streamgen *g, enum frame_type type)
{
	if (g->n == g->cap) {
		g->cap = g->cap ? g->cap * 2 : 1024;
		g->frame = reallocarray(g->frame, g->cap, sizeof *g->frame);
		if (g->frame == NULL)
			errx(3, "streamgen: no memory");
	}

	struct frame *f = &g->frame[g->n++];

	if (g->ns == 0)
		g->ns = STREAMGEN_START;
	*f = (struct frame){.type = (uint8_t)type,
	    .version = FRAME_VERSION,
	    .source = g->source,
	    .seq = g->seq++,
	    .ns = g->ns};
	g->ns += 100;
	return f;
}

void
streamgen_text(
    struct streamgen *g, enum frame_text kind, uint32_t index, const char *text)
{
	struct frame part[FRAME_TEXT_PARTS];
	int n = frame_from_text(part, kind, index, text);

	for (int i = 0; i < n; i++)
		streamgen_add(g, FRAME_TEXT)->text = part[i].text;
}

void
streamgen_hello(
    struct streamgen *g, const char *demo, unsigned processes, unsigned threads)
{
	struct frame_hello *h = &streamgen_add(g, FRAME_HELLO)->hello;
	size_t len = strnlen(demo, sizeof h->demo - 1);

	memcpy(h->magic, FRAME_MAGIC, sizeof h->magic);
	h->wire = FRAME_VERSION;
	h->processes = (uint16_t)processes;
	h->threads = (uint16_t)threads;
	memcpy(h->demo, demo, len);
}

void
streamgen_running(
    struct streamgen *g, unsigned processes, unsigned threads, bool program)
{
	streamgen_hello(g, "demo", processes, threads);
	streamgen_add(g, FRAME_CONTROL)->control =
	    (struct frame_control){.speed = 1000,
		.start = 1,
		.phase = PHASE_RUNNING,
		.program = program};
	streamgen_text(g, TEXT_LOCK, 0, "none");
	streamgen_text(g, TEXT_LOCK, 1, "mutex");
	streamgen_text(g, TEXT_LOCK, 2, "unshared");
	streamgen_text(g, TEXT_MUTEX, 1, "A");
	streamgen_text(g, TEXT_MUTEX, 2, "B");
}

void
streamgen_free(struct streamgen *g)
{
	free(g->frame);
	*g = (struct streamgen){0};
}

void
streamgen_names(struct streamgen *g, const struct streamgen_run *r)
{
	static const char *const harm[] = {"\033[2J\033]0;owned\a",
	    "\302\233\061mC1 \302\205", "\342\200\256drawkcab \342\201\246iso",
	    "\377\376 broken \300\200 \355\240\200", "%s%n%d %1000000s",
	    "\346\274\242\345\255\227 wide \360\237\230\200",
	    "e\314\201\314\201\314\201 stacked", "tab\there\rand\nthere"};
	static const char *const lock[] = {
	    "none", "mutex", "spin", "semaphore", "atomic"};
	char name[400];

	streamgen_text(g, TEXT_TITLE, 0, "processes, threads and one sum");
	streamgen_text(g, TEXT_LESSON, 0,
	    "Every task adds its item's number to the shared sum.");
	streamgen_text(g, TEXT_LESSON, 1,
	    "Turn the lock off, and some of the additions get lost.");
	streamgen_text(g, TEXT_PARAM, 0, "item-work sleep:1s");
	streamgen_text(g, TEXT_PARAM, 1, "task-work sleep:500ms");
	for (unsigned i = 0; i < sizeof lock / sizeof lock[0]; i++) {
		streamgen_text(g, TEXT_LOCK, i, lock[i]);
		snprintf(name, sizeof name, "what %s teaches", lock[i]);
		streamgen_text(g, TEXT_LOCK_LESSON, i, name);
	}
	streamgen_text(g, TEXT_PROC, 0, "supervisor");
	for (unsigned i = 1; i <= r->processes; i++) {
		snprintf(name, sizeof name, "worker-%u", i);
		streamgen_text(
		    g, TEXT_PROC, i, r->hostile ? harm[i % 8] : name);
		for (unsigned j = 1; j <= r->threads; j++) {
			snprintf(name, sizeof name, "pool-%u.%u", i, j - 1);
			streamgen_text(g, TEXT_THREAD, i << 16 | j,
			    r->hostile ? harm[(i + j) % 8] : name);
		}
	}
	for (unsigned i = 0; i < 8 && r->hostile; i++) {
		streamgen_text(g, TEXT_ITEM, i, harm[i]);
		streamgen_text(g, TEXT_LOG, 0, harm[i]);
		memset(name, 'x', sizeof name - 1);
		name[sizeof name - 1] = '\0';
		memcpy(name + 28, harm[i], strlen(harm[i]));
		streamgen_text(g, TEXT_BANNER, i % 2, name);
	}
}

static const struct streamgen_run hybrid = {
    .demo = "hybrid",
    .processes = 4,
    .threads = 10,
    .items = 40,
    .item_work = 50,
    .task_work = 25,
    .window = 1,
    .traces = true,
};

static void
fill(const char *name, struct streamgen_run *r)
{
	*r = hybrid;
	if (strcmp(name, "lost") == 0) {
		r->lock_off = 100;
		r->lock_on = 400;
	} else if (strcmp(name, "killed") == 0) {
		r->kill_at = 120;
		r->kill_slot = 2;
	} else if (strcmp(name, "private") == 0) {
		r->sum_mode = SUM_PRIVATE;
	} else if (strcmp(name, "hostile") == 0) {
		r->hostile = true;
		r->kill_at = 120;
		r->kill_slot = 1;
	} else if (strcmp(name, "race") == 0) {
		r->demo = "race";
		r->processes = 2;
		r->threads = 4;
		r->items = 200;
		r->n = 4;
		r->item_work = 1;
		r->task_work = 3;
		r->lock_off_at_first = true;
	} else if (strcmp(name, "many") == 0) {
		r->processes = 50;
		r->threads = 100;
		r->items = 500;
		r->n = 100;
		r->item_work = 1;
		r->task_work = 4;
		r->window = 0;
		r->traces = false;
	}
}

const char *const streamgen_scenarios[] = {
    "hybrid",  /* 4 x 10, the lock on, to its end */
    "lost",    /* the lock is off from 2 s to 8 s */
    "killed",  /* a worker is killed and replaced */
    "private", /* a copy of the sum in each process */
    "hostile", /* names full of escapes */
    "race",    /* 2 x 4, the lock off */
    "many",    /* 50 x 100 */
    "restart", /* two runs, one after the other */
    "program", /* a pool of processes, a queue, a lock, futures */
    "hung",    /* nobody sends the sentinel */
    "compare", /* the same work in four ways, without and with the GIL */
    "stepped", /* a race by hand, to a lost update */
    "stuck",   /* two locks, two orders, by hand */
    NULL};

bool
streamgen_scenario(struct streamgen *g, const char *name, unsigned until)
{
	struct streamgen_run r;
	unsigned i = 0;

	while (streamgen_scenarios[i] != NULL &&
	    strcmp(streamgen_scenarios[i], name) != 0)
		i++;
	if (streamgen_scenarios[i] == NULL)
		return false;
	if (streamgen_program(g, name, until) ||
	    streamgen_stepped(g, name, until))
		return true;
	fill(name, &r);
	if (strcmp(name, "restart") == 0)
		streamgen_run(g, &r);
	r.until = until;
	streamgen_run(g, &r);
	return true;
}
