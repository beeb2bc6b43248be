/* reasons: why a thread waits forever, as the engine reports it. */
#include <stdio.h>
#include <string.h>

#include "model/model_priv.h"

/* Number `i` of reason[] no longer applies. */
static void
reason_drop(struct model *m, unsigned i)
{
	m->nreasons--;
	memmove(&m->reason[i], &m->reason[i + 1],
	    (m->nreasons - i) * sizeof *m->reason);
}

void
model_reason_forget(struct model *m, unsigned slot, int index)
{
	for (unsigned i = m->nreasons; i-- > 0;) {
		const struct model_reason *r = &m->reason[i];

		if (r->slot == slot && (index < 0 || r->index == index))
			reason_drop(m, i);
	}
}

static struct model_reason *
reason_of(struct model *m, unsigned slot, unsigned index)
{
	for (unsigned i = 0; i < m->nreasons; i++) {
		struct model_reason *r = &m->reason[i];

		if (r->slot == slot && r->index == index)
			return r;
	}
	return NULL;
}

/* "worker-1/main", as far as it is known. */
static void
reasons_thread_name(
    const struct model *m, const struct model_reason *r, char *buf, size_t size)
{
	const struct model_proc *p = m->slot[r->slot];
	const char *proc = p != NULL ? p->name : m->priv->slot_name[r->slot];
	const char *thread = p != NULL && r->index < p->nthreads
	    ? p->threads[r->index].name
	    : "";

	if (proc[0] == '\0')
		snprintf(buf, size, "%u.%u", r->slot, r->index);
	else if (thread[0] == '\0' || strcmp(proc, thread) == 0)
		snprintf(buf, size, "%s", proc);
	else
		snprintf(buf, size, "%s/%s", proc, thread);
}

static void
log_reason(struct model *m, const struct model_reason *r)
{
	char line[MODEL_LINE + 3 * MODEL_NAME], name[2 * MODEL_NAME + 1];

	reasons_thread_name(m, r, name, sizeof name);
	/* Most begin with the thread's name. */
	const char *of =
	    strrchr(name, '/') != NULL ? strrchr(name, '/') + 1 : name;
	bool named = strncmp(r->text, of, strlen(of)) == 0;
	int n = snprintf(line, sizeof line, "%s%s%s", named ? "" : name,
	    named ? "" : ": ", r->text);
	model_line(m, LINE_REASON, line, (size_t)n);
}

bool
model_is_reason(const struct model *m, const char *text, size_t len)
{
	char line[MODEL_LINE];

	model_clean(line, sizeof line, text, len);
	for (unsigned i = 0; i < m->nreasons; i++)
		if (strcmp(m->reason[i].text, line) == 0)
			return true;
	return false;
}

/* Kept: at the end of the run the reasons disappear with their threads. */
void
model_control_hung(struct model *m)
{
	if (!m->control.hung) {
		if (!m->ended && m->control.phase < PHASE_DONE)
			m->hangs[0] = '\0';
	} else if (m->nreasons > 0)
		memcpy(m->hangs, m->reason[0].text, sizeof m->hangs);
}

void
model_reason_text(struct model *m, uint32_t index, const char *text, size_t len)
{
	unsigned slot = index >> 16, thread = index & 0xffff;
	struct model_reason *r;
	char was[MODEL_LINE] = "";

	if (slot >= FRAME_MAX_SLOTS || thread > FRAME_MAX_THREADS)
		return;
	r = reason_of(m, slot, thread);
	if (len == 0) {
		if (r != NULL)
			reason_drop(m, (unsigned)(r - m->reason));
		return;
	}
	if (r == NULL && m->nreasons == MODEL_MAX_REASONS) {
		m->reasons_dropped++;
		return;
	}
	if (r == NULL) {
		r = &m->reason[m->nreasons++];
		*r = (struct model_reason){
		    .slot = (uint16_t)slot, .index = (uint16_t)thread};
	} else
		memcpy(was, r->text, sizeof was);
	model_clean(r->text, sizeof r->text, text, len);
	if (strcmp(was, r->text) == 0)
		return;
	r->ns = m->now;
	log_reason(m, r);
	model_control_hung(m);
}

const char *
model_reason(const struct model *m, unsigned slot, unsigned index)
{
	for (unsigned i = 0; i < m->nreasons; i++) {
		const struct model_reason *r = &m->reason[i];

		if (r->slot == slot && r->index == index)
			return r->text;
	}
	return NULL;
}

bool
model_hung(const struct model *m)
{
	if (m->ended)
		return m->bye.outcome == OUTCOME_HUNG;
	return m->control.hung != 0;
}

const char *
model_hangs(const struct model *m)
{
	return m->hangs[0] != '\0' ? m->hangs
				   : "all threads wait, and none is left to "
				     "wake another";
}
