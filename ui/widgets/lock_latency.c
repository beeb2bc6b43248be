/* lock_latency: how long threads waited for a lock or held it. */
#include "widgets/lock_latency.h"

#include <stddef.h>

#include "style/format.h"
#include "widgets/widgets.h"

#define FIRST_NS 128 /* start of the first bucket */

uint64_t
lock_latency_count(const uint64_t n[TIMES_BUCKETS])
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < TIMES_BUCKETS; i++)
		if (__builtin_add_overflow(sum, n[i], &sum))
			return UINT64_MAX;
	return sum;
}

uint64_t
lock_latency_quantile(const uint64_t n[TIMES_BUCKETS], double q)
{
	double left = q * (double)lock_latency_count(n);
	unsigned b = 0;

	if (lock_latency_count(n) == 0)
		return 0;
	while (b < TIMES_BUCKETS - 1 && (n[b] == 0 || left > (double)n[b]))
		left -= (double)n[b++];
	double within = b < TIMES_BUCKETS - 1 ? left / (double)n[b] : 0;
	if (within > 1)
		within = 1;
	return (uint64_t)((double)((uint64_t)FIRST_NS << b) * (1 + within));
}

/* Only an estimate: two digits. */
static void
lock_latency_draw_span(struct pen *p, const char *label, uint64_t ns)
{
	uint64_t unit = 1;
	char buf[FORMAT_LEN];

	while (ns / unit >= 100)
		unit *= 10;
	pen_print(p, LOOK_DIM, " %s ", label);
	pen_text(
	    p, LOOK_STRONG, format_span(buf, (ns + unit / 2) / unit * unit));
}

static void
lock_latency_draw_bars(struct area a, int row, int rows, int width,
    enum look look, const uint64_t n[TIMES_BUCKETS])
{
	bool ascii = a.canvas != NULL && a.canvas->ascii;
	uint64_t most = 1;

	for (unsigned i = 0; i < TIMES_BUCKETS; i++)
		most = n[i] > most ? n[i] : most;
	for (int above = rows - 1; above >= 0; above--, row++) {
		struct pen p = pen_at(a, row);

		pen_char(&p, LOOK_PLAIN, ' ');
		for (unsigned i = 0; i < TIMES_BUCKETS; i++) {
			double share = (double)n[i] / (double)most;
			/* What is not zero is visible. */
			int all = rows * THEME_LEVELS - 1;
			int levels = 1 + draw_clamp(share * all, all);
			int here = levels - above * THEME_LEVELS;

			pen_repeat(&p, look,
			    n[i] == 0 || here <= 0
				? ' '
				: theme_level((unsigned)here - 1, ascii),
			    width);
		}
	}
}

static void
lock_latency_draw_scale(struct pen *p, int width)
{
	static const struct {
		int bucket;
		const char *label;
	} marks[] = {{3, "1us"}, {13, "1ms"}, {23, "1s"}};
	int x = 1;

	pen_char(p, LOOK_DIM, ' ');
	for (unsigned i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		while (x < 1 + marks[i].bucket * width) {
			pen_glyph(p, LOOK_DIM, GLYPH_HLINE);
			x++;
		}
		pen_text(p, LOOK_DIM, marks[i].label);
		x += canvas_width(marks[i].label);
	}
}

void
lock_latency_draw(struct area a, int row, int rows, const char *name,
    const char *more, enum look look, const uint64_t n[TIMES_BUCKETS])
{
	int width = (a.cols - 2) / TIMES_BUCKETS;
	uint64_t count = lock_latency_count(n);
	char buf[FORMAT_LEN];
	struct pen p = pen_at(a, row);

	pen_print(&p, LOOK_DIM, " %s ", name);
	pen_text(&p, LOOK_STRONG, format_count(buf, count));
	if (count > 0)
		pen_text(&p, LOOK_DIM, more);
	if (count == 0)
		return;
	p = pen_at(a, row + 1);
	lock_latency_draw_span(&p, "median", lock_latency_quantile(n, 0.5));
	lock_latency_draw_span(&p, "p99", lock_latency_quantile(n, 0.99));
	if (width < 1)
		width = 1;
	lock_latency_draw_bars(
	    a, row + 2, rows - LOCK_TIMES_ROWS, width, look, n);
	p = pen_at(a, row + rows - 1);
	lock_latency_draw_scale(&p, width);
}
