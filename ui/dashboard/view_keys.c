/*
 * view_keys: the views and how one moves in them. A row with a view opens it;
 * the views of a run are gone through in the order of their rows.
 */
#include "dashboard/dashboard_priv.h"
#include "dashboard/key_table.h"
#include "term/terminal.h"

#define CONTROL(c) ((c)&0x1f)

/* Esc: leave a view, or else clear the filter. */
static unsigned
view_keys_back(struct dashboard *d, int code)
{
	struct screen *s = &d->show.screen;

	(void)code;
	if (s->back != NULL && s->view != &view_workers) {
		s->view = s->back == &view_detail ? &view_workers : s->back;
		s->back = NULL;
		s->top = 0;
	} else if (s->filter[0] != '\0')
		s->filter[0] = '\0';
	else if (s->view != &view_workers)
		s->view = &view_workers;
	return DO_REDRAW;
}

static bool
view_keys_leads_back(struct keys_where w)
{
	return w.back;
}

static unsigned
view_keys_filter(struct dashboard *d, int code)
{
	(void)code;
	prompt_filter(&d->show.prompt, &d->show.screen);
	return DO_REDRAW;
}

static const struct keys_binding rows[] = {
    {.group = KEYS_VIEWS,
	.codes = {'1'},
	.label = "1",
	.bar = "views",
	.bar_label = "1-9",
	.help = "workers: every process and its threads",
	.view = &view_workers},
    {.group = KEYS_VIEWS,
	.codes = {'2'},
	.label = "2",
	.help = "threads: all of them in one table",
	.view = &view_threads},
    {.group = KEYS_VIEWS,
	.search = true,
	.codes = {'3'},
	.label = "3",
	.help = "log: what happened, the newest at the bottom",
	.view = &view_log},
    {.group = KEYS_VIEWS,
	.codes = {'4'},
	.label = "4",
	.help = "locks: holders, waiters, deadlocks, the kinds",
	.view = &view_locks},
    {.group = KEYS_VIEWS,
	.codes = {'5'},
	.label = "5",
	.help = "futures: each task of an executor and how it ended",
	.view = &view_futures},
    {.group = KEYS_VIEWS,
	.search = true,
	.codes = {'i', '6'},
	.label = "i 6",
	.help = "info: the demo, what it teaches, its parameters",
	.view = &view_info},
    {.group = KEYS_VIEWS,
	.codes = {'7'},
	.label = "7",
	.help = "compare: the same work done in several ways",
	.view = &view_compare},
    {.group = KEYS_VIEWS,
	.codes = {'x', '8'},
	.label = "x 8",
	.help = "race: lost updates, who overwrote whom, step by step",
	.view = &view_race},
    {.group = KEYS_VIEWS,
	.codes = {'t', '9'},
	.label = "t 9",
	.help = "timeline: what every thread did, and when",
	.view = &view_timeline},
    {.group = KEYS_VIEWS,
	.codes = {'!'},
	.label = "!",
	.help = "warnings: what is wrong, or may be soon",
	.view = &view_lints},
    {.group = KEYS_VIEWS,
	.search = true,
	.first = true,
	.codes = {'?', TERMINAL_F1},
	.label = "? F1",
	.bar = "help",
	.help = "this help",
	.view = &view_help},
    {.group = KEYS_VIEWS,
	.search = true,
	.codes = {TERMINAL_ESCAPE},
	.label = "Esc",
	.bar = "back",
	.bar_when = view_keys_leads_back,
	.help = "back; at the top, clear the filter",
	.action = ACTION_BACK,
	.run = view_keys_back},

    {.group = KEYS_MOVE,
	.search = true,
	.codes = {TERMINAL_UP},
	.label = "Up",
	.help = "up (k is taken: it kills)",
	.action = ACTION_UP},
    {.group = KEYS_MOVE,
	.search = true,
	.codes = {TERMINAL_DOWN, 'j'},
	.label = "Down j",
	.help = "down",
	.action = ACTION_DOWN},
    {.group = KEYS_MOVE,
	.codes = {TERMINAL_LEFT, 'h'},
	.label = "Left h",
	.help = "the worker before",
	.action = ACTION_LEFT},
    {.group = KEYS_MOVE,
	.codes = {TERMINAL_RIGHT},
	.label = "Right",
	.help = "the next worker (l is taken: the lock)",
	.action = ACTION_RIGHT},
    {.group = KEYS_MOVE,
	.search = true,
	.codes = {TERMINAL_PAGE_UP, CONTROL('b')},
	.label = "PgUp",
	.help = "a page up",
	.action = ACTION_PAGE_UP},
    {.group = KEYS_MOVE,
	.search = true,
	.codes = {TERMINAL_PAGE_DOWN, CONTROL('f')},
	.label = "PgDn",
	.help = "a page down",
	.action = ACTION_PAGE_DOWN},
    {.group = KEYS_MOVE,
	.search = true,
	.codes = {TERMINAL_HOME, 'g'},
	.label = "Home g",
	.help = "to the first",
	.action = ACTION_FIRST},
    {.group = KEYS_MOVE,
	.search = true,
	.codes = {TERMINAL_END, 'G'},
	.label = "End G",
	.help = "to the last",
	.action = ACTION_LAST},
    {.group = KEYS_MOVE,
	.codes = {TERMINAL_TAB, TERMINAL_BACKTAB},
	.label = "Tab",
	.help = "between processes and threads; else the next view",
	.action = ACTION_FOCUS,
	.run = dashboard_view_after},
    {.group = KEYS_MOVE,
	.codes = {TERMINAL_ENTER},
	.label = "Enter",
	.help = "all about the selected one, and its last steps",
	.action = ACTION_OPEN,
	.view = &view_detail},
    {.group = KEYS_MOVE,
	.codes = {'/'},
	.label = "/",
	.bar = "filter",
	.help = "filter by name, state or item",
	.run = view_keys_filter},
    {.group = KEYS_MOVE,
	.codes = {'o'},
	.label = "o",
	.help = "order of the threads and of the futures",
	.action = ACTION_SORT},
    {.group = KEYS_MOVE,
	.codes = {'a'},
	.label = "a",
	.help = "timeline: earlier, as Left; End follows the present again",
	.action = ACTION_EARLIER},
    {.group = KEYS_MOVE,
	.codes = {'d'},
	.label = "d",
	.help = "timeline: later, as Right",
	.action = ACTION_LATER},
    {.group = KEYS_MOVE,
	.codes = {'A'},
	.label = "A",
	.help = "timeline: earlier by half a screen",
	.action = ACTION_FAR_EARLIER},
    {.group = KEYS_MOVE,
	.codes = {'D'},
	.label = "D",
	.help = "timeline: later by half a screen",
	.action = ACTION_FAR_LATER},
    {.group = KEYS_MOVE,
	.codes = {'('},
	.label = "(",
	.help = "timeline: less time per column",
	.action = ACTION_FINER},
    {.group = KEYS_MOVE,
	.codes = {')'},
	.label = ")",
	.help = "timeline: more time per column",
	.action = ACTION_COARSER},
    {.group = KEYS_MOVE,
	.codes = {'m'},
	.label = "m",
	.help = "race: the matrix of who overwrote whom, or the steps",
	.action = ACTION_MATRIX},
};

const struct keys_rows view_keys = {rows, sizeof rows / sizeof rows[0]};

/* ---- from one view to another ---- */

void
dashboard_open(struct dashboard *d, const struct view *v)
{
	struct screen *s = &d->show.screen;

	d->chosen = true;
	if (s->view == v) {
		if (s->back != NULL && v != &view_workers) {
			s->view = s->back;
			s->back = NULL;
		}
	} else {
		s->back = s->view;
		s->view = v;
	}
	s->top = 0;
}

/* Has this row a view of the run, with something to see in it? */
static bool
view_keys_shows(const struct keys_binding *b, const struct model *m)
{
	const struct view *v = b->view;

	return v != NULL && !v->aside && (v->has == NULL || v->has(m));
}

static unsigned
view_keys_next(struct dashboard *d, unsigned by)
{
	unsigned i = 0, n = view_keys.n;

	while (i < n && rows[i].view != d->show.screen.view)
		i++;
	do
		i = (i + by) % n;
	while (!view_keys_shows(&rows[i], d->model));
	dashboard_open(d, rows[i].view);
	return DO_REDRAW;
}

unsigned
dashboard_view_after(struct dashboard *d, int code)
{
	(void)code;
	return view_keys_next(d, 1);
}

unsigned
dashboard_view_before(struct dashboard *d, int code)
{
	(void)code;
	return view_keys_next(d, view_keys.n - 1);
}
