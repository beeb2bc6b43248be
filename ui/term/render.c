/* render: from a canvas to the bytes that make a terminal show it. */
#include "term/render.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RUN_GAP  6 /* equal cells that are cheaper drawn than jumped */
#define TAIL_MIN 8 /* blanks at the end of a line that `clear_end` is worth */
#define CELL_MAX (3 * RENDER_STRING + 8) /* bytes that a cell may need */

static void
add(struct render *r, const char *s)
{
	size_t n = strlen(s);

	memcpy(r->out + r->len, s, n);
	r->len += n;
}

static int
reserve(struct render *r, size_t n)
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

/* Only a change of colour between looks without attributes goes alone. */
static void
set_look(struct render *r, int look, int selected)
{
	const struct render_caps *c = r->caps;
	const char *attr = c->attr[look][selected];

	if (r->look == look && r->selected == selected)
		return;
	if (r->look < 0 || attr[0] != '\0' || c->colour[look][0] == '\0' ||
	    c->attr[r->look][r->selected][0] != '\0') {
		add(r, c->plain);
		add(r, attr);
	}
	add(r, c->colour[look]);
	r->look = look;
	r->selected = selected;
}

static void
move_to(struct render *r, int y, int x)
{
	char move[RENDER_STRING];

	if (r->y == y && r->x == x)
		return;
	r->caps->move(move, y, x);
	add(r, move);
	r->y = y;
	r->x = x;
}

static void
add_utf8(struct render *r, uint32_t ch)
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
same(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

static bool
blank(const struct cell *c)
{
	return c->ch == ' ' && !c->selected;
}

/* Columns [from, to) of a row; ends before a tail that is cleared instead. */
static int
draw_run(struct render *r, const struct cell *row, int y, int from, int to)
{
	if (reserve(r, (size_t)(to - from + 1) * CELL_MAX) != 0)
		return -ENOMEM;
	move_to(r, y, from);
	for (int x = from; x < to; x++) {
		if (row[x].ch == 0)
			continue;
		/* A blank has no look but that of its background. */
		if (!blank(&row[x]) || r->look < 0 || r->selected ||
		    r->caps->attr[r->look][0][0] != '\0')
			set_look(r, row[x].look, row[x].selected);
		add_utf8(r, row[x].ch);
	}
	r->x = to;
	return 0;
}

static int
clear_tail(struct render *r, int y, int from)
{
	if (reserve(r, CELL_MAX) != 0)
		return -ENOMEM;
	move_to(r, y, from);
	set_look(r, LOOK_PLAIN, 0);
	add(r, r->caps->clear_end);
	return 0;
}

/* The end of the run of changed cells that begins at `x`, small gaps too. */
static int
run_end(const struct cell *row, const struct cell *old, int x, int cols)
{
	int end = x + 1;

	for (int gap = 0; ++x < cols && gap < RUN_GAP;) {
		gap = same(&row[x], &old[x]) ? gap + 1 : 0;
		if (gap == 0)
			end = x + 1;
	}
	/* Half a wide character is no character, then or now. */
	while (end < cols && (row[end].ch == 0 || old[end].ch == 0))
		end++;
	return end;
}

static int
draw_row(struct render *r, const struct cell *row, const struct cell *old,
    int y, int cols)
{
	int tail = cols;

	while (tail > 0 && blank(&row[tail - 1]))
		tail--;
	if (r->caps->clear_end[0] == '\0' || cols - tail < TAIL_MIN)
		tail = cols;
	for (int x = 0; x < cols; x++) {
		if (same(&row[x], &old[x]))
			continue;
		if (x >= tail)
			return clear_tail(r, y, x);
		int from = x;
		while (from > 0 && (row[from].ch == 0 || old[from].ch == 0))
			from--;
		x = run_end(row, old, x, tail);
		if (draw_run(r, row, y, from, x) != 0)
			return -ENOMEM;
		x--;
	}
	return 0;
}

static int
start_anew(struct render *r, const struct canvas *c)
{
	if (canvas_resize(&r->shown, c->rows, c->cols) != 0 ||
	    reserve(r, CELL_MAX) != 0)
		return -ENOMEM;
	r->y = r->x = r->look = -1;
	r->selected = 0;
	set_look(r, LOOK_PLAIN, 0);
	add(r, r->caps->clear);
	r->anew = false;
	return 0;
}

int
render_frame(struct render *r, const struct canvas *c)
{
	r->len = 0;
	/* Others may have moved the cursor: signals, a resize. */
	r->y = r->x = -1;
	if ((r->anew || r->shown.rows != c->rows || r->shown.cols != c->cols) &&
	    start_anew(r, c) != 0)
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
		if (draw_row(r, row, old, y, cols) != 0)
			goto fail;
		memcpy(old, row, size);
		r->x = -1; /* at the margin it may be in either line */
	}
	return 0;
fail:
	r->len = 0;
	r->anew = true;
	return -ENOMEM;
}

void
render_free(struct render *r)
{
	canvas_free(&r->shown);
	free(r->out);
	*r = (struct render){.out = NULL};
}
