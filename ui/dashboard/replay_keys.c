/* replay_keys: keys of a recording. */
#include "dashboard/dashboard_priv.h"
#include "dashboard/key_table.h"
#include "stream/recording.h"
#include "term/terminal.h"

#define SEEK_NS  5000000000LL
#define PACE_LOW 100
#define PACE_TOP 100000

static unsigned
replay_seek(struct dashboard *d, int64_t by)
{
	recording_seek(stream_recording(d->stream), d->model, by);
	d->flowing = true;
	return DO_REDRAW;
}

static unsigned
replay_back(struct dashboard *d, int code)
{
	(void)code;
	return replay_seek(d, -SEEK_NS);
}

static unsigned
replay_on(struct dashboard *d, int code)
{
	(void)code;
	return replay_seek(d, SEEK_NS);
}

static unsigned
replay_pause(struct dashboard *d, int code)
{
	struct recording *r = stream_recording(d->stream);
	bool paused;
	double pace = recording_pace(r, &paused);

	(void)code;
	recording_set_pace(r, pace, !paused);
	return DO_REDRAW;
}

static unsigned
replay_pace(struct dashboard *d, bool up)
{
	struct recording *r = stream_recording(d->stream);
	bool paused;
	double pace = recording_pace(r, &paused);
	uint64_t to =
	    command_step((uint64_t)(pace * 1000 + 0.5), up, PACE_LOW, PACE_TOP);

	if (to < PACE_LOW)
		to = PACE_LOW;
	recording_set_pace(r, (double)to / 1000, paused);
	return DO_REDRAW;
}

static unsigned
replay_slower(struct dashboard *d, int code)
{
	(void)code;
	return replay_pace(d, false);
}

static unsigned
replay_faster(struct dashboard *d, int code)
{
	(void)code;
	return replay_pace(d, true);
}

static const struct keys_binding rows[] = {
    {.group = KEYS_REPLAY,
	.codes = {TERMINAL_LEFT, 'h'},
	.label = "Left h",
	.help = "5 seconds back",
	.run = replay_back},
    {.group = KEYS_REPLAY,
	.codes = {TERMINAL_RIGHT},
	.label = "Right",
	.bar = "seek",
	.bar_label = "Left Right",
	.help = "5 seconds forward",
	.run = replay_on},
    {.group = KEYS_REPLAY,
	.codes = {' '},
	.label = "space",
	.bar = "pause",
	.help = "pause the replay, or resume it",
	.run = replay_pause},
    {.group = KEYS_REPLAY,
	.codes = {'<', ','},
	.label = "<",
	.help = "slower",
	.run = replay_slower},
    {.group = KEYS_REPLAY,
	.codes = {'>', '.'},
	.label = ">",
	.bar = "pace",
	.bar_label = "< >",
	.help = "faster",
	.run = replay_faster},
};

const struct keys_rows replay_keys = {rows, sizeof rows / sizeof rows[0]};
