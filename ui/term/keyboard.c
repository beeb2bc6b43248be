/* keyboard: input typed at the terminal. */
#include "term/keyboard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <termios.h>
#include <unistd.h>

#include "lockstep/util.h"
#include "term/sink.h"

static struct {
	int fd; /* non-blocking; or standard input with VMIN 0 */
	bool gone;
	struct decode decode;
	unsigned char in[256]; /* read, not yet decoded */
	size_t in_at, in_len;
	uint64_t heard; /* ns of the last read that returned bytes */
} keyboard = {.fd = -1};

bool
keyboard_open(void)
{
	struct termios t;

	if (keyboard.fd >= 0)
		return true;
	if (!isatty(STDIN_FILENO))
		keyboard.fd = open(
		    "/dev/tty", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	else if ((keyboard.fd = sink_reopen(STDIN_FILENO, O_RDONLY)) < 0)
		keyboard.fd = STDIN_FILENO;
	if (tcgetattr(keyboard.fd, &t) == 0)
		return true;
	keyboard_close();
	return false;
}

void
keyboard_close(void)
{
	if (keyboard.fd > STDIN_FILENO)
		close(keyboard.fd);
	keyboard.fd = -1;
}

int
keyboard_fd(void)
{
	return keyboard.fd;
}

void
keyboard_know(bool utf8, const struct decode_known *known, size_t n)
{
	keyboard.decode =
	    (struct decode){.utf8 = utf8, .known = known, .nknown = n};
}

static bool
keyboard_read(void)
{
	struct pollfd p = {.fd = keyboard.fd, .events = POLLIN};
	ssize_t n = read(keyboard.fd, keyboard.in, sizeof keyboard.in);

	keyboard.in_at = 0;
	keyboard.in_len = n > 0 ? (size_t)n : 0;
	if (n > 0)
		keyboard.heard = now_ns();
	else if ((n < 0 && errno != EAGAIN && errno != EINTR) ||
	    (poll(&p, 1, 0) > 0 && (p.revents & ~POLLIN) != 0))
		keyboard.gone = true;
	return n > 0;
}

static int
keyboard_decode(void)
{
	int key = decode_byte(&keyboard.decode, keyboard.in[keyboard.in_at],
	    keyboard.in_len - keyboard.in_at - 1);

	keyboard.in_at += !keyboard.decode.again;
	return key;
}

int
keyboard_patience(void)
{
	int ms = decode_patience(&keyboard.decode);

	if (ms < 0)
		return -1;

	uint64_t now = now_ns(),
		 until = keyboard.heard + (uint64_t)ms * NSEC_PER_MSEC;

	return until > now ? (int)((until - now) / NSEC_PER_MSEC) + 1 : 0;
}

int
keyboard_key(bool *pasted)
{
	int key = TERMINAL_NONE;

	do {
		while (key == TERMINAL_NONE && keyboard.in_at < keyboard.in_len)
			key = keyboard_decode();
	} while (key == TERMINAL_NONE && keyboard_read());
	if (key == TERMINAL_NONE && keyboard_patience() == 0) {
		keyboard.heard = now_ns();
		key = decode_idle(&keyboard.decode);
	}
	*pasted = keyboard.decode.pasting;
	return key;
}

enum terminal_background
keyboard_background(void)
{
	return keyboard.decode.background;
}

bool
keyboard_gone(void)
{
	return keyboard.gone;
}
