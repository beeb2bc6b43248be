/* view_help: the table of keys, and what the letters of states mean. */
#include "views/view.h"

#include <stdio.h>

#include "style/theme.h"
#include "widgets/thread_row.h"
#include "widgets/widgets.h"

#define KEY_COLS   11
#define WORD_COLS  12
#define STATE_COLS 15

static int
help_draw_keys(const struct screen *s, struct area a, int row)
{
	const struct keys_where where = screen_where(s);
	const struct keys_binding *b;

	for (int g = 0; g < KEYS_GROUPS; g++) {
		bool any = false;

		for (unsigned i = 0; (b = keys_at(s->keys, i)) != NULL; i++) {
			if ((int)b->group != g ||
			    !keys_apply(s->keys, b, where))
				continue;
			if (!any) {
				struct pen title = pen_at(a, row++);
				pen_print(&title, LOOK_TITLE, " %s",
				    keys_group_name((enum keys_group)g));
				any = true;
			}
			struct pen p = pen_at(a, row);
			pen_text(&p, LOOK_PLAIN, "  ");
			pen_field(&p, LOOK_KEY, b->label, KEY_COLS - 2);
			row += draw_indented(
			    a, row, KEY_COLS, LOOK_PLAIN, b->help);
		}
	}
	return row;
}

static int
help_draw_states(struct area a, int row)
{
	struct pen p = pen_at(a, row++);

	pen_text(&p, LOOK_TITLE, " States, with their letters");
	for (unsigned i = 0; i < THEME_STATES; i++) {
		const struct state_info *st = theme_state(i);

		char text[96];

		p = pen_at(a, row);
		pen_text(&p, LOOK_PLAIN, "  ");
		if (a.canvas != NULL)
			draw_state(&p, i, false, STATE_COLS - 2);
		snprintf(text, sizeof text, "%s%s",
		    st->means == NULL ? "waits for " : "",
		    st->means == NULL ? st->waits_for : st->means);
		row += draw_indented(a, row, STATE_COLS, LOOK_DIM, text);
	}
	return row;
}

struct word {
	const char *word, *means;
};

/* Words on the screen that need an explanation. */
static const struct word words[] = {
    {.word = "14 (4)", .means = "item 14, which is 4 tasks for the pool"},
    {.word = "lost",
	.means = "amount wiped out by other threads' stale stores"},
    {.word = "net lost",
	.means = "what a thread's stores wiped out minus what they restored: "
		 "a stale store can restore what another one had wiped out, "
		 "so it may be negative"},
    {.word = "settling",
	.means = "adds are in progress, so sum + lost does not equal expected "
		 "yet"},
    {.word = "in doubt",
	.means = "adds cut short by a kill: they may or may not have happened"},
    {.word = "in flight", .means = "items taken but not done yet"},
    {.word = "poisoned",
	.means = "items given up because too many workers died with them"},
    {.word = "sentinel",
	.means = "an item that tells one consumer to exit: no more will come"},
    {.word = "gone", .means = "workers that were replaced or have left"},
    {.word = "orphaned",
	.means = "how often a thread died while it held the lock"},
    {.word = "contended", .means = "how often a thread found the lock taken"},
    {.word = "convoy",
	.means = "at least half of the threads wait for one lock"},
    {.word = "gil",
	.means = "the interpreter lock of --gil: one thread of each process "
		 "computes at a time"},
    {.word = "gate",
	.means =
	    "scheduling point: a stepped thread stops here before its step"},
    {.word = "schedule",
	.means = "how many steps each thread took, in order: a1b3a2"},
    {.word = "pct",
	.means = "a scheduler: random priorities that change at two steps"},
    {.word = "hangs",
	.means = "all threads wait, and none is left to wake another"},
    {.word = "dropped",
	.means = "frames left out because the status pipe was full"},
};

/* The same for a search of all schedules. */
static const struct word search_words[] = {
    {.word = "step",
	.means = "an operation that other threads can see, or the ADD "
		 "between LOAD and STORE"},
    {.word = "schedule",
	.means = "the order of all steps: a2b3a1 is 2 by a, 3 by b, 1 by a"},
    {.word = "switch",
	.means = "where a schedule continues with another thread"},
    {.word = "outcome",
	.means = "the result of a schedule: the sum and how much of it is "
		 "lost, or a deadlock"},
    {.word = "share",
	.means = "of all schedules; not a probability: a free run does not "
		 "choose its schedule at random"},
    {.word = "!", .means = "an outcome that loses or hangs"},
    {.word = "lost",
	.means = "amount wiped out by other threads' stale stores"},
    {.word = "deadlock",
	.means = "each thread waits for a lock that another of them holds"},
    {.word = "class",
	.means = "of --reduce: schedules that differ only in the order of "
		 "steps that do not touch the same thing"},
    {.word = "bounds",
	.means = "--threads, --adds, --max-switches and --limit: the search "
		 "says nothing beyond them"},
};

static int
help_draw_words(struct area a, int row, const struct word *word, size_t n)
{
	struct pen p = pen_at(a, row++);

	pen_text(&p, LOOK_TITLE, " Words");
	for (size_t i = 0; i < n; i++) {
		p = pen_at(a, row);
		pen_text(&p, LOOK_PLAIN, "  ");
		pen_field(&p, LOOK_STRONG, word[i].word, WORD_COLS - 2);
		row +=
		    draw_indented(a, row, WORD_COLS, LOOK_PLAIN, word[i].means);
	}
	return row;
}

static int
help_draw_from(const struct screen *s, struct area a, int row)
{
	row = help_draw_keys(s, a, row);
	if (s->explores)
		return help_draw_words(a, row, search_words,
		    sizeof search_words / sizeof search_words[0]);
	row = help_draw_states(a, row);
	return help_draw_words(a, row, words, sizeof words / sizeof words[0]);
}

static void
view_help_settle(struct screen *s, const struct model *m)
{
	(void)m;
	struct area none = {.cols = s->cols};

	view_scroll_settle(s, (unsigned)help_draw_from(s, none, 0));
}

static void
view_help_draw(const struct screen *s, const struct model *m, struct area a)
{
	(void)m;
	help_draw_from(s, a, -(int)s->top);
	view_draw_more(s, a);
}

static unsigned
view_help_act(struct screen *s, const struct model *m, enum action action)
{
	(void)m;
	return view_scroll(s, action);
}

const struct view view_help = {
    .name = "help",
    .aside = true,
    .settle = view_help_settle,
    .draw = view_help_draw,
    .act = view_help_act,
};
