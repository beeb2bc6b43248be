/* render: turns a canvas into the bytes that show it on a terminal. */
#include "term/render.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RUN_GAP  6 /* redraw gaps of equal cells up to this */
#define TAIL_MIN 8 /* fewest blanks at a line's end worth `clear_end` */
#define CELL_MAX (3 * RENDER_STRING + 8) /* most bytes for one cell */

static void
render_add(struct render *r, const char *s)
{
	size_t n = strlen(s);

	memcpy(r->out + r->len, s, n);
	r->len += n;
}

static int
render_reserve(struct render *r, size_t n)
{
	if (r->len + n <= r->room)
		return 0;
	size_t room = (r->len + n) * 2;
	char *out = realloc(r->out, room);
	if (out == NULL)
		return -ENOMEM;
	r->out = out;
	r->room = room;
	return 0;
}

/* Colour alone is enough only between two looks without attributes. */
static void
render_set_look(struct render *r, int look, int selected)
{
	const struct render_caps *c = r->caps;
	const char *attr = c->attr[look][selected];

	if (r->look == look && r->selected == selected)
		return;
	if (r->look < 0 || attr[0] != '\0' || c->colour[look][0] == '\0' ||
	    c->attr[r->look][r->selected][0] != '\0') {
		render_add(r, c->plain);
		render_add(r, attr);
	}
	render_add(r, c->colour[look]);
	r->look = look;
	r->selected = selected;
}

static void
render_move_to(struct render *r, int y, int x)
{
	char move[RENDER_STRING];

	if (r->y == y && r->x == x)
		return;
	r->caps->move(move, y, x);
	render_add(r, move);
	r->y = y;
	r->x = x;
}

static void
render_add_utf8(struct render *r, uint32_t ch)
{
	char *p = r->out + r->len;

	if (ch < 0x80)
		*p++ = (char)ch;
	else if (ch < 0x800) {
		*p++ = (char)(0xc0 | ch >> 6);
		*p++ = (char)(0x80 | (ch & 0x3f));
	} else {
		if (ch < 0x10000)
			*p++ = (char)(0xe0 | ch >> 12);
		else {
			*p++ = (char)(0xf0 | ch >> 18);
			*p++ = (char)(0x80 | (ch >> 12 & 0x3f));
		}
		*p++ = (char)(0x80 | (ch >> 6 & 0x3f));
		*p++ = (char)(0x80 | (ch & 0x3f));
	}
	r->len = (size_t)(p - r->out);
}

static bool
render_same(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

static bool
render_blank(const struct cell *c)
{
	return c->ch == ' ' && !c->selected;
}

/* Draw columns [from, to) of a row, up to a tail that is cleared instead. */
static int
render_draw_run(
    struct render *r, const struct cell *row, int y, int from, int to)
{
	if (render_reserve(r, (size_t)(to - from + 1) * CELL_MAX) != 0)
		return -ENOMEM;
	render_move_to(r, y, from);
	for (int x = from; x < to; x++) {
		if (row[x].ch == 0)
			continue;
		/* A blank shows only its background. */
		if (!render_blank(&row[x]) || r->look < 0 || r->selected ||
		    r->caps->attr[r->look][0][0] != '\0')
			render_set_look(r, row[x].look, row[x].selected);
		render_add_utf8(r, row[x].ch);
	}
	r->x = to;
	return 0;
}

static int
render_clear_tail(struct render *r, int y, int from)
{
	if (render_reserve(r, CELL_MAX) != 0)
		return -ENOMEM;
	render_move_to(r, y, from);
	render_set_look(r, LOOK_PLAIN, 0);
	render_add(r, r->caps->clear_end);
	return 0;
}

/*
 * End of the run of changed cells that starts at `x`; small gaps belong to it.
 */
static int
render_run_end(const struct cell *row, const struct cell *old, int x, int cols)
{
	int end = x + 1;

	for (int gap = 0; ++x < cols && gap < RUN_GAP;) {
		gap = render_same(&row[x], &old[x]) ? gap + 1 : 0;
		if (gap == 0)
			end = x + 1;
	}
	/* Half a wide character is drawn with its other half, old or new. */
	while (end < cols && (row[end].ch == 0 || old[end].ch == 0))
		end++;
	return end;
}

static int
render_draw_row(struct render *r, const struct cell *row,
    const struct cell *old, int y, int cols)
{
	int tail = cols;

	while (tail > 0 && render_blank(&row[tail - 1]))
		tail--;
	if (r->caps->clear_end[0] == '\0' || cols - tail < TAIL_MIN)
		tail = cols;
	for (int x = 0; x < cols; x++) {
		if (render_same(&row[x], &old[x]))
			continue;
		if (x >= tail)
			return render_clear_tail(r, y, x);
		int from = x;
		while (from > 0 && (row[from].ch == 0 || old[from].ch == 0))
			from--;
		x = render_run_end(row, old, x, tail);
		if (render_draw_run(r, row, y, from, x) != 0)
			return -ENOMEM;
		x--;
	}
	return 0;
}

static int
render_start_anew(struct render *r, const struct canvas *c)
{
	if (canvas_resize(&r->shown, c->rows, c->cols) != 0 ||
	    render_reserve(r, CELL_MAX) != 0)
		return -ENOMEM;
	r->y = r->x = r->look = -1;
	r->selected = 0;
	render_set_look(r, LOOK_PLAIN, 0);
	render_add(r, r->caps->clear);
	if (r->caps->bare) /* no cell is like these */
		for (int i = 0; i < c->rows * c->cols; i++)
			r->shown.cells[i].look = LOOK_COUNT;
	r->stale = false;
	return 0;
}

int
render_frame(struct render *r, const struct canvas *c)
{
	r->len = 0;
	/* A signal or a resize may have moved the cursor. */
	r->y = r->x = -1;
	if ((r->stale || r->shown.rows != c->rows ||
		r->shown.cols != c->cols) &&
	    render_start_anew(r, c) != 0)
		goto fail;
	for (int y = 0; y < c->rows; y++) {
		const struct cell *row = c->cells + y * c->cols;
		struct cell *old = r->shown.cells + y * c->cols;
		size_t size = (size_t)c->cols * sizeof *row;
		int cols = c->cols;

		if (memcmp(row, old, size) == 0)
			continue;
		if (r->caps->no_last && y == c->rows - 1)
			cols--;
		if (render_draw_row(r, row, old, y, cols) != 0)
			goto fail;
		memcpy(old, row, size);
		r->x = -1; /* at the margin the cursor may be on either line */
	}
	return 0;
fail:
	r->len = 0;
	r->stale = true;
	return -ENOMEM;
}

void
render_free(struct render *r)
{
	canvas_free(&r->shown);
	free(r->out);
	*r = (struct render){.out = NULL};
}
