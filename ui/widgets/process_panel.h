/* process_panel: one process and its threads in a frame. */
#ifndef LOCKSTEP_PROCESS_PANEL_H
#define LOCKSTEP_PROCESS_PANEL_H

#include "model/model.h"
#include "term/canvas.h"
#include "widgets/screen_state.h"

/* Threads of a process that pass the filter. */
unsigned process_panel_rows(
    const struct screen *, const struct model *, const struct model_proc *);

/*
 * Title, `strip` rows of heat strip, heading, then a row per thread; if they do
 * not all fit, those around the selected one. Without `boxed` there is no
 * frame, and a heading only if there is room.
 */
void process_panel_draw(const struct screen *, const struct model *,
    const struct model_proc *, struct area, int strip, bool boxed);

/* A process in one line, without its threads. */
void process_panel_draw_line(const struct screen *, const struct model *,
    const struct model_proc *, struct area);

/* First of `total` rows to show, so that row `at` is in the middle. */
unsigned process_panel_top(unsigned at, unsigned total, int rows);

#endif
