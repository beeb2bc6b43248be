/* letter: what a thread is called in a schedule. */
#include "wire/letter.h"

#include <stdio.h>

const char *
letter_format(unsigned letter, char buf[LETTER_TEXT])
{
	if (letter > 2 * LETTER_CASES)
		snprintf(buf, LETTER_TEXT, "_%u_", letter);
	else if (letter > LETTER_CASES)
		snprintf(buf, LETTER_TEXT, "%c",
		    'A' + (int)(letter - LETTER_CASES) - 1);
	else if (letter > 0)
		snprintf(buf, LETTER_TEXT, "%c", 'a' + (int)letter - 1);
	else
		buf[0] = '\0';
	return buf;
}
