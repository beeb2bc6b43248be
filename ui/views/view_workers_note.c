/*
 * view_workers_note: the latest lost update as a sentence below the processes,
 * with the key that shows its steps.
 */
#include "views/view_race.h"
#include "views/view_workers_priv.h"
#include "widgets/widgets.h"

#define NOTE_ROWS   2
#define NOTE_BODY   14           /* rows of a view that has room for it */
#define NOTE_NS     3000000000LL /* for one sentence to be read */
#define NOTE_INDENT 3

void
workers_note_settle(struct lost_note *note, const struct model *m, uint64_t now)
{
	const struct lost_updates_record *r = lost_updates_at(&m->races, 0);

	if (note->run != m->runs || m->masked || r == NULL) {
		*note = (struct lost_note){.run = m->runs};
		if (m->masked || r == NULL)
			return;
	}
	if (note->number == m->races.records ||
	    (note->number != 0 && (int64_t)(now - note->ns) < NOTE_NS))
		return;
	note->number = m->races.records;
	note->ns = now;
	race_sentence(m, r, note->text, sizeof note->text);
}

int
workers_note_rows(const struct lost_note *note, int rows)
{
	return note->text[0] != '\0' && rows >= NOTE_BODY ? NOTE_ROWS : 0;
}

void
workers_note_draw(const struct lost_note *note, struct area a)
{
	struct pen p = pen_at(a, 0);

	pen_text(&p, LOOK_KEY, " x ");
	draw_wrapped(area_part(a, 0, NOTE_INDENT, a.rows, a.cols - NOTE_INDENT),
	    0, LOOK_BAD, note->text);
}
