/* screen: one frame of the dashboard on a canvas. */
#include "dashboard/screen.h"

#include "dashboard/banners.h"
#include "dashboard/header.h"
#include "term/layout.h"
#include "text/stepping.h"
#include "widgets/exploration.h"
#include "widgets/step_line.h"

static struct area
screen_bar_area(struct area all)
{
	return area_part(all, all.rows - 1, 0, 1, all.cols);
}

static void
screen_draw_message(const char *message, struct area bar)
{
	struct pen p = pen_at(bar, 0);

	pen_char(&p, LOOK_NOTICE, ' ');
	pen_cut(&p, LOOK_NOTICE, message, pen_left(&p) - 1);
	pen_char(&p, LOOK_NOTICE, ' ');
	pen_fill(&p);
}

/* Questions and messages must be visible even where there is no bar. */
static void
screen_draw_bottom(const struct show *s, const struct model *m, struct area all,
    struct area body, int bar)
{
	if (s->prompt.kind != PROMPT_NONE)
		prompt_draw(&s->prompt, &s->screen, m,
		    body.rows > 2 ? body : all, screen_bar_area(all));
	else if (s->message != NULL)
		screen_draw_message(s->message, screen_bar_area(all));
	else if (bar > 0)
		footer_draw_bar(&s->screen, s->replay, screen_bar_area(all));
}

/* A search of schedules has its own header, and no pipeline that ends. */
static struct layout
screen_layout_of(const struct show *s, const struct model *m, struct area all)
{
	bool search = m->explores;

	return layout_screen(all.rows, all.cols,
	    (struct layout_wish){.header = search ? 2 : header_rows(m),
		.banners = banners_rows(&s->screen, m, s->trouble, all.cols),
		.report = m->ended && !search ? footer_report_rows(m) : 0,
		.brief = footer_brief_rows(m),
		.schedule = !search && stepping_shown(m),
		.other = s->screen.view != &view_workers});
}

static void
screen_draw_head(const struct show *s, const struct model *m, struct area a)
{
	if (m->explores)
		explore_draw_head(m, s->frozen, a);
	else
		header_draw(&s->screen, m, s->frozen, a);
}

void
screen_draw(struct show *s, const struct model *m, struct canvas *canvas)
{
	struct area all = canvas_area(canvas);
	struct layout l = screen_layout_of(s, m, all);
	int y = 0;

	s->screen.reported = l.report >= FOOTER_FRAMED;
	s->screen.program = m->control.program != 0;
	s->screen.stepped = stepping_by_hand(m);
	s->screen.undoes = stepping_undoes(m);
	s->screen.explores = m->explores;
	s->screen.over = m->ended;
	canvas_clear(canvas);
	screen_draw_head(s, m, area_part(all, y, 0, l.header, all.cols));
	y += l.header;
	banners_draw(&s->screen, m, s->trouble,
	    area_part(all, y, 0, l.banners, all.cols));
	y += l.banners;

	struct area body = area_part(all, y, 0, l.body, all.cols);
	s->screen.rows = body.rows;
	s->screen.cols = body.cols;
	s->screen.view->settle(&s->screen, m);
	if (body.rows > 0)
		s->screen.view->draw(&s->screen, m, body);
	y += l.body;
	if (m->ended && l.report > 0)
		footer_draw_report(
		    m, &s->screen, area_part(all, y, 0, l.report, all.cols));
	y += l.report;
	if (l.schedule > 0)
		draw_schedule(m, area_part(all, y, 0, 1, all.cols));
	screen_draw_bottom(s, m, all, body, l.bar);
}
