/* move: the cursor's sequence that nearly every terminal understands. */
#include "term/move.h"

static char *
move_decimal(char *p, int n)
{
	if (n > 9)
		p = move_decimal(p, n / 10);
	*p = (char)('0' + n % 10);
	return p + 1;
}

void
move_ansi(char out[RENDER_STRING], int y, int x)
{
	*out++ = 27;
	*out++ = '[';
	out = move_decimal(out, y + 1);
	*out++ = ';';
	out = move_decimal(out, x + 1);
	*out++ = 'H';
	*out = '\0';
}
