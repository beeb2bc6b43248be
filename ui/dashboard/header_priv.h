/* header_priv: the parts of the header. */
#ifndef LOCKSTEP_HEADER_PRIV_H
#define LOCKSTEP_HEADER_PRIV_H

#include "dashboard/header.h"

/* A word with a glyph before it. */
struct header_mark {
	const char *word;
	enum glyph glyph;
	enum look look;
};

/* The line of the sum, and its replacement until the sum is guessed. */
void header_draw_sum(const struct screen *, const struct model *, struct pen *);
void header_draw_masked(const struct model *, struct pen *);

#endif
