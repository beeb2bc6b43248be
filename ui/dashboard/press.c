/*
 * press: what a key does. Its row says it; handlers return what follows, and
 * the loop acts.
 */
#include <stdio.h>

#include "dashboard/dashboard_priv.h"
#include "term/terminal.h"
#include "text/stepping.h"

/* Where we are as the keys see it. */
static struct keys_where
press_where(struct dashboard *d)
{
	struct screen *s = &d->show.screen;
	struct keys_where w;

	s->explores = d->model->explores;
	w = screen_where(s);
	w.stepped = stepping_by_hand(d->model) && stream_steers(d->stream);
	return w;
}

/* Why a key that steers the engine cannot do so now; NULL: it can. */
static const char *
press_refusal(const struct dashboard *d, const struct keys_binding *b)
{
	const char *why = command_refusal(d->stream, d->model, b->after);

	if (why == NULL && b->crew && d->model->control.program)
		why = "refused: a program starts its own processes and "
		      "threads";
	return why;
}

static unsigned
press_run(struct dashboard *d, const struct keys_binding *b, int code)
{
	const char *why = b->group == KEYS_STEER ? press_refusal(d, b) : NULL;

	if (why != NULL) {
		dashboard_say(d, "%s", why);
		return DO_REDRAW;
	}
	if (b->run != NULL)
		return b->run(d, code);
	if (b->view == NULL)
		return DO_NOTHING;
	dashboard_open(d, b->view);
	return DO_REDRAW;
}

/* The view comes first, if the key may mean something to it. */
static unsigned
press_key(struct dashboard *d, int code)
{
	struct screen *s = &d->show.screen;
	struct keys_where w = press_where(d);
	const struct keys_binding *b = keys_find(s->keys, code, w);
	unsigned does = DO_NOT_MINE;

	if (b == NULL || (w.explores && !keys_apply(s->keys, b, w)))
		return DO_NOTHING;
	if (b->action != ACTION_NONE && s->view->act != NULL)
		does = s->view->act(s, dashboard_shown(d), b->action);
	return does == DO_NOT_MINE ? press_run(d, b, code) : does;
}

static void
press_answered(struct dashboard *d)
{
	struct prompt *p = &d->show.prompt;
	char what[96];

	switch (p->kind) {
	case PROMPT_KILL:
		snprintf(what, sizeof what, "SIGKILL to pid %d", (int)p->pid);
		dashboard_send(d, COMMAND_KILL, p->pid, what);
		break;
	case PROMPT_RESTART:
		dashboard_send(d, COMMAND_RESTART, 0, "another run");
		break;
	case PROMPT_LOCK:
		snprintf(what, sizeof what, "lock %s",
		    model_lock_name(d->model, p->choice));
		dashboard_send(d, COMMAND_LOCK, p->choice, what);
		break;
	case PROMPT_GUESS:
		d->predict = p->guess;
		break;
	default:
		break;
	}
}

static unsigned
press_prompt(struct dashboard *d, int code)
{
	switch (prompt_key(
	    &d->show.prompt, &d->show.screen, dashboard_shown(d), code)) {
	case PROMPT_YES:
		press_answered(d);
		d->show.prompt.kind = PROMPT_NONE;
		break;
	case PROMPT_NO:
		d->show.prompt.kind = PROMPT_NONE;
		break;
	case PROMPT_QUIT:
		return DO_QUIT;
	case PROMPT_REDRAW:
		terminal_redraw();
		break;
	case PROMPT_OPEN:
		break;
	}
	return DO_REDRAW;
}

unsigned
dashboard_press(struct dashboard *d, int code)
{
	d->message[0] = '\0';
	d->message_until = 0;
	if (d->show.prompt.kind != PROMPT_NONE)
		return press_prompt(d, code);
	return press_key(d, code);
}

/* The question that is open may take it; a command it never is. */
void
dashboard_paste(struct dashboard *d, int code)
{
	if (prompt_paste(&d->show.prompt, &d->show.screen, code))
		d->dirty = true;
	else
		dashboard_say(d, "pasted text is not taken as keys");
}
