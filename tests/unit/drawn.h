/*
 * drawn: the dashboard drawn without a terminal, of streams that are made up,
 * and what can be read on it. One model, one screen: a test is a process.
 */
#ifndef TESTS_DRAWN_H
#define TESTS_DRAWN_H

#include <stdbool.h>
#include <stdint.h>

#include "dashboard/screen.h"
#include "model/model.h"
#include "streamgen.h"
#include "term/canvas.h"

extern struct model *model;
extern struct show show;
extern struct canvas canvas;

/* All frames go into the model, which exists; the stream is freed. */
void apply(struct streamgen *);
/* As of this moment. */
void apply_at(struct streamgen *, uint64_t ns);

/* A new model of the whole stream, and the view of the workers on it. */
void play_stream(struct streamgen *);
/* The first `percent` of a scenario. */
void play(const char *scenario, unsigned percent);
/* Frees what there is. */
void done(void);

/* The model, or one that was made of it, on a screen of this size. */
void draw(int rows, int cols);
void draw_of(const struct model *, int rows, int cols);

/* What the view makes of a key. */
unsigned act(enum action);

/*
 * Where a text stands on the screen, -1: nowhere. ASCII only, and in one row.
 */
int row_of(const char *text);
int column_of(const char *text);
bool seen(const char *text);

#endif
