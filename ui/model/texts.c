/*
 * texts: assembles outside text and stores it where it belongs.
 *
 * The parts of one text come in order from their source. A part that does not
 * follow the previous one invalidates the text, which is then forgotten.
 */
#include <string.h>

#include "model/model_priv.h"

static void
texts_name_proc(struct model *m, unsigned slot, const char *text, size_t len)
{
	if (slot >= FRAME_MAX_SLOTS || len == 0)
		return;

	char *name = m->priv->slot_name[slot];

	model_clean(name, MODEL_NAME, text, len);
	if (m->slot[slot] != NULL)
		strlcpy(m->slot[slot]->name, name, MODEL_NAME);
}

static void
texts_name_thread(struct model *m, uint32_t index, const char *text, size_t len)
{
	unsigned slot = index >> 16, thread = index & 0xffff;

	if (slot >= FRAME_MAX_SLOTS || thread > FRAME_MAX_THREADS || len == 0)
		return;

	struct model_proc *p = model_proc_of_slot(m, slot);
	struct model_thread *t =
	    p == NULL ? NULL : model_thread_at(m, p, thread);

	if (t == NULL)
		m->unplaced++;
	else
		model_clean(t->name, sizeof t->name, text, len);
}

static void
texts_place_line(char (*lines)[MODEL_LINE], unsigned n, uint32_t index,
    const char *text, size_t len)
{
	if (index < n)
		model_clean(lines[index], MODEL_LINE, text, len);
}

/* "WHY\tNAME", or nothing if only the number is known. */
static void
texts_left_out(struct model *m, uint32_t index, const char *text, size_t len)
{
	struct model_left_out *l = &m->left_out;
	const char *tab = memchr(text, '\t', len);

	if (index >= l->count)
		l->count = (uint64_t)index + 1;
	if (index >= MODEL_LEFT_OUT || tab == NULL)
		return;
	model_clean(
	    l->why[index], sizeof l->why[index], text, (size_t)(tab - text));
	model_clean(l->name[index], MODEL_LINE, tab + 1,
	    len - (size_t)(tab + 1 - text));
}

static void
texts_place(
    struct model *m, uint8_t kind, uint32_t index, const char *text, size_t len)
{
	switch ((enum frame_text)kind) {
	case TEXT_QUEUE:
	case TEXT_MUTEX:
	case TEXT_EXECUTOR:
	case TEXT_FUTURE:
	case TEXT_REASON:
	case TEXT_OUTPUT:
	case TEXT_RESULT:
	case TEXT_FAILURE:
		model_object_text(m, (enum frame_text)kind, index, text, len);
		break;
	case TEXT_SCHEDULE:
	case TEXT_FLAW:
	case TEXT_OUTCOME:
	case TEXT_EXPLORE:
	case TEXT_CAUSE:
	case TEXT_CELL:
	case TEXT_STEP:
	case TEXT_EFFECT:
		model_schedule_text(m, (enum frame_text)kind, index, text, len);
		break;
	case TEXT_TITLE:
		model_clean(m->title, sizeof m->title, text, len);
		break;
	case TEXT_LESSON:
		texts_place_line(m->lesson, MODEL_MAX_LINES, index, text, len);
		break;
	case TEXT_PARAM:
		texts_place_line(m->param, MODEL_MAX_LINES, index, text, len);
		break;
	case TEXT_BANNER:
		texts_place_line(m->banner, MODEL_MAX_LINES, index, text, len);
		break;
	case TEXT_LOCK:
		if (index < MODEL_MAX_LOCKS)
			model_clean(m->lock_name[index], MODEL_NAME, text, len);
		break;
	case TEXT_LOCK_LESSON:
		texts_place_line(
		    m->lock_lesson, MODEL_MAX_LOCKS, index, text, len);
		break;
	case TEXT_PROC:
		texts_name_proc(m, index, text, len);
		break;
	case TEXT_THREAD:
		texts_name_thread(m, index, text, len);
		break;
	case TEXT_ITEM:
		if (index < FRAME_MAX_SLOTS)
			model_clean(m->item_name[index],
			    sizeof m->item_name[index], text, len);
		break;
	case TEXT_LEFT_OUT:
		texts_left_out(m, index, text, len);
		break;
	case TEXT_SPOILT:
		model_clean(m->spoilt, sizeof m->spoilt, text, len);
		break;
	case TEXT_LOG:
		if (!model_is_reason(m, text, len))
			model_note(m, text, len);
		break;
	}
}

/* The text that this part continues, or a place for it; NULL: out of turn. */
static struct model_text *
texts_find_making(struct model *m, const struct frame *f)
{
	struct model_text *oldest = m->priv->making;

	for (unsigned i = 0; i < MODEL_MAKING; i++) {
		struct model_text *t = &m->priv->making[i];

		if (t->next != 0 && t->source == f->source &&
		    t->kind == f->text.kind && t->index == f->text.index)
			return t;
		if (t->next == 0)
			t->age = 0;
		if (t->age < oldest->age)
			oldest = t;
	}
	return f->text.part == 0 ? oldest : NULL;
}

void
model_take_text(struct model *m, const struct frame *f)
{
	const struct frame_text_body *b = &f->text;

	if (b->parts == 1) {
		texts_place(m, b->kind, b->index, b->text, b->len);
		return;
	}

	struct model_text *t = texts_find_making(m, f);

	if (t == NULL)
		return;
	if (b->part == 0)
		*t = (struct model_text){.source = f->source,
		    .kind = b->kind,
		    .parts = b->parts,
		    .index = b->index};
	if (t->next != b->part || t->parts != b->parts) {
		t->next = 0;
		return;
	}
	memcpy(t->text + t->len, b->text, b->len);
	t->len += b->len;
	t->age = m->frames;
	if (++t->next == t->parts) {
		t->next = 0;
		texts_place(m, b->kind, b->index, t->text, t->len);
	}
}

const char *
model_param(const struct model *m, const char *name)
{
	size_t len = strlen(name);

	for (unsigned i = 0; i < MODEL_MAX_LINES; i++)
		if (strncmp(m->param[i], name, len) == 0 &&
		    m->param[i][len] == ' ')
			return m->param[i] + len + 1;
	return "";
}
