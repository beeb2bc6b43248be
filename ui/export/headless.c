/* headless: poll, pump, maybe stop. */
#include "export/headless.h"

#include <err.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

#include "lockstep/util.h"
#include "stream/recording.h"
#include "term/lines.h"
#include "term/signals.h"

#define PUMP     4096 /* frames */
#define PUMP_LOG 256  /* frames, so that no line of the log is missed */
#define STOP_MS  5000 /* for the engine to end its run */
#define AGAIN_MS 300  /* after this, a second signal counts */

_Static_assert(PUMP_LOG < MODEL_MAX_LOG, "no line of the log goes unseen");

static uint64_t
headless_clock_ms(void)
{
	return now_ns() / NSEC_PER_MSEC;
}

/* A started engine would wait for a restart; others may start another run. */
static bool
headless_over(const struct model *m, const struct stream *s)
{
	return stream_ended(s) || (m->ended && stream_steers(s));
}

/* Wait for bytes or a signal, at most `most` ms unless that is negative. */
static void
headless_wait_for(struct stream *s, int most)
{
	struct pollfd p[5];
	int timeout, n = stream_pollfds(s, p, &timeout);

	if (most >= 0 && (timeout < 0 || timeout > most))
		timeout = most;
	p[n++] = (struct pollfd){.fd = signals_fd(), .events = POLLIN};
	poll(p, (nfds_t)n, timeout);
}

static int
headless_loop(struct model *m, struct stream *s,
    bool (*tick)(const struct model *, void *arg), void *arg)
{
	unsigned max = tick != NULL ? PUMP_LOG : PUMP;
	uint64_t deadline = 0;
	bool hung = false;
	int sig = 0;

	while (!headless_over(m, s)) {
		headless_wait_for(s, sig == 0 ? -1 : 100);

		int more = signals_next();

		/*
		 * Some senders send the same signal twice at once: that counts
		 * as one.
		 */
		if (more != 0 && sig != 0 &&
		    headless_clock_ms() > deadline - STOP_MS + AGAIN_MS)
			_exit(128 + more);
		if (more != 0 && sig == 0) {
			sig = more;
			deadline = headless_clock_ms() + STOP_MS;
			if (stream_command(s, COMMAND_STOP, 0) != 0)
				break;
		}
		if (stream_pump(s, m, max, false) && tick != NULL &&
		    !tick(m, arg))
			break;
		/* There is no screen on which to look at it. */
		if (!hung && !m->ended && model_hung(m)) {
			hung = true;
			stream_command(s, COMMAND_STOP, 0);
		}
		if (sig != 0 && headless_clock_ms() > deadline)
			break;
	}
	return sig == 0 ? 0 : 128 + sig;
}

int
headless_run(struct model *m, struct stream *s,
    bool (*tick)(const struct model *, void *arg), void *arg)
{
	signals_catch(false); /* if this fails, signals end us by default */
	if (stream_recording(s) != NULL) /* play a recording all at once */
		recording_set_pace(stream_recording(s), 1e12, false);

	int status = headless_loop(m, s, tick, arg);

	signals_release();
	if (status == 0 && signals_ending() != 0)
		status = 128 + signals_ending();
	return status;
}

int
headless_report(struct model *m, struct stream *s,
    int (*write)(const struct model *, FILE *))
{
	int status = headless_run(m, s, NULL, NULL);
	struct lines lines;

	if (!m->live)
		return status;

	int error = lines_open(&lines, STDOUT_FILENO);

	if (error == 0) {
		int failed = write(m, lines.file);

		error = lines_close(&lines);
		error = error == 0 ? failed : error;
	}
	if (error != 0)
		return error;
	if (stream_trouble(s) != NULL)
		warnx("%s", stream_trouble(s));
	return status;
}

void
headless_settle(struct model *m, struct stream *s, unsigned ms)
{
	uint64_t now = headless_clock_ms(), deadline = now + ms;

	if (m->ended || stream_command(s, COMMAND_STOP, 0) != 0)
		return;
	while (!headless_over(m, s) && now < deadline) {
		headless_wait_for(s, (int)(deadline - now));
		stream_pump(s, m, PUMP, false);
		now = headless_clock_ms();
	}
}
