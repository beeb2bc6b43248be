/* drawn: the dashboard drawn without a terminal. */
#include "drawn.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard/key_table.h"

struct model *model;
struct show show;
struct canvas canvas;

void
apply(struct streamgen *g)
{
	for (size_t i = 0; i < g->n; i++) {
		ck_assert_int_eq(frame_check(&g->frame[i]), FRAME_OK);
		model_apply(model, &g->frame[i]);
	}
	streamgen_free(g);
}

void
apply_at(struct streamgen *g, uint64_t ns)
{
	for (size_t i = 0; i < g->n; i++)
		g->frame[i].ns = ns;
	apply(g);
}

void
play_stream(struct streamgen *g)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	model = model_new();
	apply(g);
	show = (struct show){.screen = {.view = &view_workers,
				 .keys = &dashboard_keys,
				 .now = model->now}};
}

void
play(const char *scenario, unsigned percent)
{
	struct streamgen g = {0};

	ck_assert(streamgen_scenario(&g, scenario, 0));
	g.n = g.n * percent / 100;
	play_stream(&g);
}

void
done(void)
{
	free(show.screen.list);
	canvas_free(&canvas);
	model_free(model);
}

void
draw(int rows, int cols)
{
	draw_of(model, rows, cols);
}

void
draw_of(const struct model *m, int rows, int cols)
{
	if (canvas.rows != rows || canvas.cols != cols)
		ck_assert_int_eq(canvas_resize(&canvas, rows, cols), 0);
	show.screen.keys = &dashboard_keys;
	screen_draw(&show, m, &canvas);
}

unsigned
act(enum action action)
{
	return show.screen.view->act(&show.screen, model, action);
}

/* In the cells from this one on? */
static bool
stands_at(const struct cell *c, const char *text)
{
	while (*text != '\0' && c->ch == (unsigned char)*text) {
		c++;
		text++;
	}
	return *text == '\0';
}

/* Number of its first cell, -1: there is none. */
static int
find(const char *text)
{
	int len = (int)strlen(text);

	for (int y = 0; y < canvas.rows; y++)
		for (int x = 0; x + len <= canvas.cols; x++) {
			int at = y * canvas.cols + x;

			if (stands_at(&canvas.cells[at], text))
				return at;
		}
	return -1;
}

int
row_of(const char *text)
{
	int at = find(text);

	return at < 0 ? -1 : at / canvas.cols;
}

int
column_of(const char *text)
{
	int at = find(text);

	return at < 0 ? -1 : at % canvas.cols;
}

bool
seen(const char *text)
{
	return find(text) >= 0;
}
