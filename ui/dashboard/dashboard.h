/*
 * dashboard: the terminal front end. One poll loop: take in what the stream
 * has, apply it to the model, maybe draw.
 *
 * ui/dashboard: the front end with a screen: keys, bars, banners, and the loop.
 * It may use all other folders of ui/.
 */
#ifndef LOCKSTEP_DASHBOARD_H
#define LOCKSTEP_DASHBOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
#include "model/predict.h"
#include "stream/stream.h"
#include "style/theme.h"

enum dashboard_color {
	COLOR_AUTO, /* unless NO_COLOR is set or the terminal has none */
	COLOR_ALWAYS,
	COLOR_NEVER
};

/* Of a recording, instead of the dashboard. */
struct dashboard_picture {
	const char *path; /* NULL: none */
	const char *keys; /* pressed before, divided by commas; or NULL */
	uint64_t at;      /* ns from its first frame; UINT64_MAX: its end */
	int rows, cols;   /* 0: some */
};

struct dashboard_options {
	struct dashboard_picture picture;
	bool ascii; /* even in a UTF-8 locale */
	enum dashboard_color color;
	enum theme theme;
	bool predict; /* hide the sum until it is guessed */
};

/*
 * Show the stream until the user quits, if there is a screen: terminal.h. The
 * terminal is as before when this returns. 0; 128 + n if signal n ended it;
 * -errno if it could not start, and the call that failed in *call. `guess`
 * receives the guess, if there was one.
 */
int dashboard_run(struct model *, struct stream *,
    const struct dashboard_options *, struct predict *guess, const char **call);

/*
 * Without a terminal: what the dashboard shows of a recording, which lies at
 * `recording`, as an SVG file. 0 or -errno; -EEXIST: it is the recording.
 */
int dashboard_picture(struct model *, struct stream *,
    const struct dashboard_options *, const char *recording);

/* A key by its name: "Down", "x". TERMINAL_NONE: there is none. */
int picture_key(const char *word, size_t len);

#endif
