/* actions: what a key does. Handlers say what follows; the loop acts. */
#include <stdio.h>

#include "dashboard/dashboard_priv.h"
#include "model/snapshot.h"
#include "term/terminal.h"
#include "text/stepping.h"

#define SEEK_NS 5000000000LL

static void
action_open_view(struct dashboard *d, const struct view *v)
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

/* In the order in which they are gone through. */
static const struct view *const views[] = {&view_workers, &view_threads,
    &view_log, &view_locks, &view_futures, &view_race, &view_timeline,
    &view_compare, &view_lints, &view_info, &view_help, &view_detail};
#define VIEWS ((int)(sizeof views / sizeof views[0]))

static const struct view *
action_view_for(enum action action)
{
	for (int i = 0; i < VIEWS; i++)
		if (views[i]->action == action)
			return views[i];
	return NULL;
}

/* Is there anything to see, of the run? */
static bool
action_has_content(const struct model *m, enum action view)
{
	switch (view) {
	case ACTION_FUTURES:
		return m->futures_total > 0;
	case ACTION_COMPARE:
		return model_measured(m);
	case ACTION_INFO:
	case ACTION_HELP:
	case ACTION_OPEN:
		return false;
	default:
		return true;
	}
}

static void
action_next_view(struct dashboard *d, int by)
{
	int i = 0;

	while (i < VIEWS && views[i] != d->show.screen.view)
		i++;
	do
		i = (i + by + VIEWS) % VIEWS;
	while (!action_has_content(d->model, views[i]->action));
	action_open_view(d, views[i]);
}

/* Esc: out of a view, or else away with the filter. */
static void
action_go_back(struct dashboard *d)
{
	struct screen *s = &d->show.screen;

	if (s->back != NULL && s->view != &view_workers) {
		s->view = s->back == &view_detail ? &view_workers : s->back;
		s->back = NULL;
		s->top = 0;
	} else if (s->filter[0] != '\0')
		s->filter[0] = '\0';
	else if (s->view != &view_workers)
		s->view = &view_workers;
}

/* Questions are for those who can be obeyed. */
static bool
action_can_ask(struct dashboard *d, bool restart)
{
	const char *refusal = command_refusal(d->stream, d->model, restart);

	if (refusal != NULL)
		dashboard_say(d, "%s", refusal);
	return refusal == NULL;
}

static void
action_ask(struct dashboard *d, enum action action)
{
	struct prompt *p = &d->show.prompt;

	if (action == ACTION_FILTER) {
		prompt_filter(p, &d->show.screen);
		return;
	}
	if (!action_can_ask(d, action == ACTION_RESTART))
		return;
	if (action == ACTION_PICK_LOCK)
		prompt_lock(p, d->model);
	else if (action == ACTION_KILL) {
		if (!prompt_kill(p,
			model_proc_by_pid(
			    d->model, d->show.screen.selection.pid)))
			dashboard_say(
			    d, "select a worker that lives, then kill it");
	} else if (d->model->ended)
		dashboard_send(d, COMMAND_RESTART, 0, "another run");
	else
		prompt_restart(p);
}

static void
action_guess(struct dashboard *d)
{
	const struct predict *p = d->show.screen.predict;

	if (p == NULL)
		dashboard_say(d, "nothing is to be guessed: see --predict");
	else if (!predict_hides(p))
		dashboard_say(d, "it is no secret any more");
	else
		prompt_guess(&d->show.prompt);
}

static void
action_seek(struct dashboard *d, int64_t by)
{
	stream_seek(d->stream, d->model, by);
	d->flowing = true;
}

/* The view stands still, the model goes on. */
static void
action_freeze(struct dashboard *d)
{
	if (d->frozen != NULL) {
		model_free(d->frozen);
		d->frozen = NULL;
		return;
	}
	d->frozen = snapshot_new(d->model);
	if (d->frozen == NULL)
		dashboard_say(d, "no memory for a view that stands still");
}

static unsigned
action_global_act(struct dashboard *d, enum action action, int code)
{
	const struct view *v = action_view_for(action);

	if (v != NULL) {
		action_open_view(d, v);
		return DO_REDRAW;
	}
	switch (action) {
	case ACTION_QUIT:
		return DO_QUIT;
	case ACTION_BACK:
		action_go_back(d);
		break;
	case ACTION_FOCUS:
	case ACTION_VIEW_AFTER:
		action_next_view(d, 1);
		break;
	case ACTION_VIEW_BEFORE:
		action_next_view(d, -1);
		break;
	case ACTION_FREEZE:
		action_freeze(d);
		break;
	case ACTION_REDRAW:
		terminal_redraw();
		break;
	case ACTION_SEEK_BACK:
	case ACTION_SEEK_ON:
		action_seek(d, action == ACTION_SEEK_ON ? SEEK_NS : -SEEK_NS);
		break;
	case ACTION_GUESS:
		action_guess(d);
		break;
	case ACTION_FILTER:
	case ACTION_PICK_LOCK:
	case ACTION_KILL:
	case ACTION_RESTART:
		action_ask(d, action);
		break;
	default:
		if (!dashboard_step(d, action, code) &&
		    !dashboard_steer(d, action))
			return DO_NOTHING;
	}
	return DO_REDRAW;
}

static unsigned
action_act(struct dashboard *d, enum action action, int code)
{
	struct screen *s = &d->show.screen;
	unsigned does = DO_NOT_MINE;

	s->explores = d->model->explores;
	if (s->explores && action == ACTION_OPEN) /* also in a recording */
		action = ACTION_THROUGH;
	if (s->explores && !keys_apply(keys_binding(action), screen_where(s)))
		return DO_NOTHING;
	if (s->view->act != NULL)
		does = s->view->act(s, dashboard_shown(d), action);
	return does == DO_NOT_MINE ? action_global_act(d, action, code) : does;
}

static void
action_answered(struct dashboard *d)
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
action_prompt_press(struct dashboard *d, int code)
{
	switch (prompt_key(
	    &d->show.prompt, &d->show.screen, dashboard_shown(d), code)) {
	case PROMPT_YES:
		action_answered(d);
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

static enum keys_mode
action_mode(const struct dashboard *d)
{
	if (d->show.screen.recording)
		return KEYS_RECORDING;
	if (d->model->explores)
		return KEYS_SEARCH;
	return stepping_by_hand(d->model) && stream_steers(d->stream)
	    ? KEYS_STEPPED
	    : KEYS_LIVE;
}

unsigned
dashboard_press(struct dashboard *d, int code)
{
	d->message[0] = '\0';
	d->message_until = 0;
	if (d->show.prompt.kind != PROMPT_NONE)
		return action_prompt_press(d, code);
	return action_act(d, keys_action(code, action_mode(d)), code);
}

/* The question that is open may take it; a command it never is. */
void
dashboard_paste(struct dashboard *d, int code)
{
	if (prompt_paste(&d->show.prompt, &d->show.screen, code))
		d->dirty = true;
	else
		dashboard_say(d, "pasted text is not taken for keys");
}
