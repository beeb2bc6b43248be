/* prompt: questions in the bottom line, and the list of lock kinds. */
#include "dashboard/prompt.h"

#include <stdio.h>
#include <string.h>

#include "term/terminal.h"
#include "widgets/lock_kind_columns.h"

#define NAME_COLS 11
#define WIDE      60 /* columns for numbers besides names and lessons */

void
prompt_filter(struct prompt *p, const struct screen *s)
{
	*p = (struct prompt){.kind = PROMPT_FILTER};
	memcpy(p->before, s->filter, sizeof p->before);
}

bool
prompt_kill(struct prompt *p, const struct model_proc *proc)
{
	if (proc == NULL || proc->now.slot == 0 || proc->now.ended != ENDED_NOT)
		return false;
	*p = (struct prompt){.kind = PROMPT_KILL, .pid = proc->pid};
	snprintf(p->question, sizeof p->question, "kill %s, pid %d? y/n",
	    proc->name, (int)proc->pid);
	return true;
}

void
prompt_restart(struct prompt *p)
{
	*p = (struct prompt){.kind = PROMPT_RESTART,
	    .question = "run again from the start? y/n"};
}

void
prompt_lock(struct prompt *p, const struct model *m)
{
	unsigned n = model_kinds(m);

	*p = (struct prompt){.kind = PROMPT_LOCK,
	    .choice = m->lock.wanted < n ? m->lock.wanted : 0,
	    .question = "which lock? Enter chooses, Esc cancels"};
}

#define GUESS "guess the final sum, or \"lost 12\", or \"lost 40%\":"

void
prompt_guess(struct prompt *p)
{
	*p = (struct prompt){.kind = PROMPT_GUESS, .question = GUESS};
}

static void
prompt_filter_append(char *filter, int code)
{
	size_t len = strlen(filter);

	if (code < ' ' || code >= 0x110000 || code == 127)
		return;
	unsigned char utf8[4];
	size_t n;
	unsigned c = (unsigned)code;
	if (c < 0x80) {
		utf8[0] = (unsigned char)c;
		n = 1;
	} else if (c < 0x800) {
		utf8[0] = (unsigned char)(0xc0 | c >> 6);
		utf8[1] = (unsigned char)(0x80 | (c & 0x3f));
		n = 2;
	} else if (c < 0x10000) {
		utf8[0] = (unsigned char)(0xe0 | c >> 12);
		utf8[1] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
		utf8[2] = (unsigned char)(0x80 | (c & 0x3f));
		n = 3;
	} else
		return;
	if (len + n + 1 > SCREEN_FILTER)
		return;
	memcpy(filter + len, utf8, n);
	filter[len + n] = '\0';
}

static void
prompt_filter_erase(char *filter)
{
	size_t len = strlen(filter);

	while (len > 0 && ((unsigned char)filter[--len] & 0xc0) == 0x80)
		;
	filter[len] = '\0';
}

static enum prompt_answer
prompt_filter_key(struct prompt *p, struct screen *s, int code)
{
	switch (code) {
	case TERMINAL_ENTER:
		return PROMPT_YES;
	case TERMINAL_ESCAPE:
		memcpy(s->filter, p->before, sizeof s->filter);
		return PROMPT_NO;
	case TERMINAL_ERASE:
		prompt_filter_erase(s->filter);
		return PROMPT_OPEN;
	case 'u' & 0x1f:
		s->filter[0] = '\0';
		return PROMPT_OPEN;
	case TERMINAL_F10:
		return PROMPT_QUIT;
	default:
		prompt_filter_append(s->filter, code);
		return PROMPT_OPEN;
	}
}

static enum prompt_answer
prompt_guess_entered(struct prompt *p)
{
	if (p->typed[strspn(p->typed, " ")] == '\0')
		return PROMPT_NO;
	if (predict_read(&p->guess, p->typed))
		return PROMPT_YES;
	snprintf(p->question, sizeof p->question,
	    "not a guess: a number, `lost 12` or `lost 40%%`:");
	return PROMPT_OPEN;
}

/*
 * No guess contains the letter of the key that quits: so that key still quits.
 */
static enum prompt_answer
prompt_guess_key(struct prompt *p, const struct screen *s, int code)
{
	switch (code) {
	case TERMINAL_ENTER:
		return prompt_guess_entered(p);
	case TERMINAL_ESCAPE:
		p->guess.state = PREDICT_SHOWS;
		return PROMPT_YES;
	case TERMINAL_ERASE:
		prompt_filter_erase(p->typed);
		return PROMPT_OPEN;
	case 'u' & 0x1f:
		p->typed[0] = '\0';
		return PROMPT_OPEN;
	default:
		if (keys_action(s->keys, code) == ACTION_QUIT)
			return PROMPT_QUIT;
		prompt_filter_append(p->typed, code);
		return PROMPT_OPEN;
	}
}

static enum prompt_answer
prompt_confirm_key(const struct screen *s, int code)
{
	if (code == 'y' || code == 'Y')
		return PROMPT_YES;
	return keys_action(s->keys, code) == ACTION_QUIT ? PROMPT_QUIT
							 : PROMPT_NO;
}

static enum prompt_answer
prompt_lock_key(
    struct prompt *p, const struct screen *s, const struct model *m, int code)
{
	unsigned n = model_kinds(m);

	if (code >= '0' && code <= '9' && (unsigned)(code - '0') < n) {
		p->choice = (unsigned)(code - '0');
		return PROMPT_YES;
	}
	switch (keys_action(s->keys, code)) {
	case ACTION_UP:
		p->choice -= p->choice > 0;
		return PROMPT_OPEN;
	case ACTION_DOWN:
		p->choice += p->choice + 1 < n;
		return PROMPT_OPEN;
	case ACTION_FIRST:
		p->choice = 0;
		return PROMPT_OPEN;
	case ACTION_LAST:
		p->choice = n > 0 ? n - 1 : 0;
		return PROMPT_OPEN;
	case ACTION_OPEN:
		return n > 0 ? PROMPT_YES : PROMPT_NO;
	case ACTION_QUIT:
		return PROMPT_QUIT;
	case ACTION_BACK:
	case ACTION_PICK_LOCK:
		return PROMPT_NO;
	default:
		return PROMPT_OPEN;
	}
}

enum prompt_answer
prompt_key(struct prompt *p, struct screen *s, const struct model *m, int code)
{
	enum prompt_answer answer = PROMPT_NO;

	if (keys_action(s->keys, code) == ACTION_REDRAW)
		return PROMPT_REDRAW;
	if (p->kind == PROMPT_FILTER)
		answer = prompt_filter_key(p, s, code);
	else if (p->kind == PROMPT_GUESS)
		answer = prompt_guess_key(p, s, code);
	else if (p->kind == PROMPT_LOCK)
		answer = prompt_lock_key(p, s, m, code);
	else
		answer = prompt_confirm_key(s, code);
	return answer;
}

bool
prompt_paste(struct prompt *p, struct screen *s, int code)
{
	if (p->kind != PROMPT_FILTER && p->kind != PROMPT_GUESS)
		return false;
	prompt_filter_append(
	    p->kind == PROMPT_FILTER ? s->filter : p->typed, code);
	return true;
}

static void
prompt_draw_lock(const struct prompt *p, const struct model *m, unsigned kind,
    struct pen *pen)
{
	bool here = kind == p->choice, numbers = pen_left(pen) >= WIDE;
	bool flawed = m->lock_flaw[kind][0] != '\0';

	pen->selected = here;
	pen_marker(pen, LOOK_STRONG, here);
	pen_print(pen, LOOK_KEY, "%u ", kind);
	if (flawed)
		pen_glyph(pen, LOOK_BAD, GLYPH_CROSS);
	else
		pen_char(pen, LOOK_PLAIN, ' ');
	pen_field(pen,
	    flawed                     ? LOOK_BAD
		: kind == m->lock.kind ? LOOK_GOOD
				       : LOOK_STRONG,
	    model_lock_name(m, kind), NAME_COLS - 1);
	if (numbers)
		draw_kind_numbers(m, kind, pen, false);
	pen_cut(pen, LOOK_PLAIN, m->lock_lesson[kind], pen_left(pen));
	pen_fill(pen);
}

/* The table fills as the kinds are tried one after the other. */
static void
prompt_draw_locks(
    const struct prompt *p, const struct model *m, struct area body)
{
	int n = (int)model_kinds(m);
	int cols = body.cols < 100 ? body.cols : 100;
	int rows = n + 3 < body.rows ? n + 3 : body.rows;
	struct area a = area_part(
	    body, (body.rows - rows) / 2, (body.cols - cols) / 2, rows, cols);
	int top = 0;

	area_clear(a);
	if (rows > 5) {
		a = area_box(a, LOOK_STRONG);
		struct pen pen = pen_at(a, 0);
		pen_field(&pen, LOOK_PLAIN, "", NAME_COLS + 3);
		if (a.cols >= WIDE)
			draw_kind_titles(m, &pen, false);
		a = area_part(a, 1, 0, a.rows - 1, a.cols);
	}
	if ((int)p->choice >= a.rows)
		top = (int)p->choice - a.rows + 1;
	for (int i = 0; i < a.rows && top + i < n; i++) {
		struct pen pen = pen_at(a, i);

		prompt_draw_lock(p, m, (unsigned)(top + i), &pen);
	}
}

/* The typed text must be visible, whatever else has to go. */
static void
prompt_draw_guess(const struct prompt *p, struct pen *pen)
{
	int need = canvas_width(p->typed) + 4;
	bool fits = canvas_width(p->question) + need < pen_left(pen);
	bool again = strcmp(p->question, GUESS) != 0;

	pen_char(pen, LOOK_NOTICE, ' ');
	pen_cut(pen, LOOK_NOTICE,
	    fits        ? p->question
		: again ? "not a guess:"
			: "guess the sum:",
	    pen_left(pen) - need);
	pen_print(pen, LOOK_NOTICE, " %s_ ", p->typed);
	if (pen_left(pen) > 20)
		pen_text(pen, LOOK_DIM, " Esc just shows the sum");
}

void
prompt_draw(const struct prompt *p, const struct screen *s,
    const struct model *m, struct area body, struct area bar)
{
	struct pen pen = pen_at(bar, 0);

	if (p->kind == PROMPT_LOCK)
		prompt_draw_locks(p, m, body);
	if (p->kind == PROMPT_FILTER) {
		pen_print(&pen, LOOK_NOTICE, " / %s_ ", s->filter);
		pen_text(&pen, LOOK_DIM, "  Enter keeps it, Esc cancels");
	} else if (p->kind == PROMPT_GUESS)
		prompt_draw_guess(p, &pen);
	else
		pen_print(&pen, LOOK_NOTICE, " %s ", p->question);
	pen_fill(&pen);
}
