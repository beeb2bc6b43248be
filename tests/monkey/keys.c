/* keys: what the monkey presses. */
#include "keys.h"

#include <stdio.h>
#include <string.h>

/* splitmix64 */
static uint64_t
dice_roll(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

struct dice
dice_of(uint64_t seed, unsigned run)
{
	struct dice d = {seed};

	d.state = dice_roll(&d) + run;
	return d;
}

unsigned
dice_below(struct dice *d, unsigned limit)
{
	return (unsigned)(dice_roll(d) % limit);
}

#define CONTROL(c) ((c)&0x1f)

static size_t
one_of(struct dice *d, const char *chars, char *out)
{
	out[0] = chars[dice_below(d, (unsigned)strlen(chars))];
	return 1;
}

static size_t
word_of(struct dice *d, const char *const words[], size_t n, char *out)
{
	const char *word = words[dice_below(d, (unsigned)n)];

	memcpy(out, word, strlen(word));
	return strlen(word);
}

#define WORD_OF(d, words, out) \
	word_of(d, words, sizeof(words) / sizeof((words)[0]), out)

static size_t
view(struct dice *d, char *out)
{
	return one_of(d, "123456789ixt!?", out);
}

static size_t
move(struct dice *d, char *out)
{
	static const char *const words[] = {"\33[A", "\33[B", "\33[C", "\33[D",
	    "\33OA", "\33OB", "\33OC", "\33OD", "\33[H", "\33[F", "\33[1~",
	    "\33[4~", "\33[7~", "\33[8~", "\33OH", "\33OF", "\33[5~", "\33[6~",
	    "\t", "\33[Z", "\r", "\r", "\177", "\b", "\33[3~", "j", "j", "j"};

	return WORD_OF(d, words, out);
}

static size_t
steer(struct dice *d, char *out)
{
	return one_of(
	    d, " lLk[]<>,.+-={}rbsnnnNuUczzPmoaAdDgGhj()/ST0123456789", out);
}

static size_t
answer(struct dice *d, char *out)
{
	static const char *const words[] = {
	    "y", "Y", "n", "\r", "\33", "lost 40%", "20000", "\25"};

	return WORD_OF(d, words, out);
}

/* Any that is printed, but for those that quit. */
static size_t
printed(struct dice *d, char *out)
{
	do
		out[0] = (char)(' ' + dice_below(d, 95));
	while (out[0] == 'q' || out[0] == 'Q');
	return 1;
}

/* But for those that are signals or stop the output. */
static size_t
control(struct dice *d, char *out)
{
	static const char not [] = {CONTROL('c'), CONTROL('z'), CONTROL('\\'),
	    CONTROL('s'), CONTROL('q'), CONTROL('o')};

	do
		out[0] = (char)dice_below(d, ' ');
	while (memchr(not, out[0], sizeof not ) != NULL);
	return 1;
}

static size_t
sequence(struct dice *d, char *out)
{
	size_t n = 0;
	unsigned parameters = dice_below(d, 6);

	out[n++] = '\33';
	out[n++] = '[';
	for (unsigned i = 0; i < parameters; i++)
		n += one_of(d, "0123456789;;:<=>?", out + n);
	if (dice_below(d, 6) == 0)
		out[n++] = (char)(' ' + dice_below(d, 16));
	out[n++] = (char)('@' + dice_below(d, 63));
	if (memcmp(out + 2, "21~", 3) == 0) /* F10 */
		out[3] = '0';
	return n;
}

static size_t
report(struct dice *d, char *out)
{
	static const char *const words[] = {"\33[I", "\33[O", "\33[<0;10;10M",
	    "\33[<64;3;3m", "\33]11;rgb:0000/0000/0000\a",
	    "\33]11;rgb:ffff/ffff/ffff\33\\", "\33P1+r544e=787465726d\33\\",
	    "\33[?62;1;2c", "\33[24;80R", "\33[200~jjk\33[201~",
	    "\33[?2004;1$y", "\33[97;5u", "\33[1;5A", "\33[1;2D", "\33[3;5~",
	    "\33OP", "\33OQ", "\33[11~", "\33[15~", "\33[24~", "\33[[A",
	    "\33OM", "\33Op", "\33[E"};

	return WORD_OF(d, words, out);
}

static size_t
alt(struct dice *d, char *out)
{
	out[0] = '\33';
	return 1 + printed(d, out + 1);
}

static size_t
utf8(struct dice *d, char *out)
{
	static const char *const words[] = {"\303\251", "\316\251",
	    "\346\274\242", "\343\201\202", "\314\201", "\342\200\213",
	    "\302\205", "\302\233", "\342\200\256", "\360\237\230\200",
	    "\357\277\277", "\364\217\277\277"};

	return WORD_OF(d, words, out);
}

static size_t
broken_utf8(struct dice *d, char *out)
{
	static const char *const words[] = {"\377", "\200", "\303", "\342\200",
	    "\300\200", "\355\240\200", "\360\237", "\365\200\200\200"};

	return WORD_OF(d, words, out);
}

size_t
keys_draw(struct dice *d, bool broken, char out[KEYS_ONE])
{
	static const struct {
		unsigned weight;
		size_t (*draw)(struct dice *, char *);
	} kinds[] = {{20, view}, {24, move}, {28, steer}, {5, answer},
	    {6, printed}, {3, control}, {4, sequence}, {4, report}, {2, alt},
	    {3, utf8}, {1, broken_utf8}};
	unsigned at = dice_below(d, 100);
	size_t i = 0;

	for (; at >= kinds[i].weight; i++)
		at -= kinds[i].weight;
	return kinds[i].draw == broken_utf8 && !broken ? utf8(d, out)
						       : kinds[i].draw(d, out);
}

void
keys_print(char *out, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '"' || c == '\\')
			out += sprintf(out, "\\%c", c);
		else if (c >= ' ' && c < 127)
			*out++ = (char)c;
		else
			out += sprintf(out, "\\%03o", c);
	}
	*out = '\0';
}
