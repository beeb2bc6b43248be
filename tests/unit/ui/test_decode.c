/* test_decode: from the bytes of a terminal to keys. */
#include "term/decode.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

#define KEYS 16
#define IDLE 8 /* looks after which nothing is waited for any more */

/* What came out. */
struct typed {
	int key[KEYS];
	int n;
};

static void
note(struct typed *t, int key)
{
	if (key != TERMINAL_NONE && t->n < KEYS)
		t->key[t->n++] = key;
}

/* In reads of so many bytes each. */
static void
feed(struct decode *d, struct typed *t, const char *bytes, size_t len,
    size_t at_once)
{
	for (size_t from = 0; from < len; from += at_once) {
		size_t end = from + at_once < len ? from + at_once : len;

		for (size_t i = from; i < end;) {
			note(t,
			    decode_byte(
				d, (unsigned char)bytes[i], end - i - 1));
			i += !d->again;
		}
	}
}

static void
settle(struct decode *d, struct typed *t)
{
	for (int i = 0; i < IDLE && decode_patience(d) >= 0; i++)
		note(t, decode_idle(d));
	ck_assert_int_eq(decode_patience(d), -1);
}

static struct typed
type(const char *bytes, size_t len, size_t at_once)
{
	struct decode d = {.utf8 = true};
	struct typed t = {.n = 0};

	feed(&d, &t, bytes, len, at_once);
	settle(&d, &t);
	return t;
}

static void
check_one(const char *bytes, size_t at_once, int key)
{
	struct typed t = type(bytes, strlen(bytes), at_once);
	int want = key != TERMINAL_NONE;

	ck_assert_msg(t.n == want && (!want || t.key[0] == key),
	    "ESC%s, %zu at once: %d keys, the first 0x%x instead of 0x%x",
	    bytes + 1, at_once, t.n, t.key[0], key);
}

/* Answers to OSC 11, whole or in pieces, between keys: no key, but kept. */
static const struct {
	const char *bytes;
	enum terminal_background background;
} answers[] = {
    {"\33]11;rgb:ffff/ffff/ffff\33\\", TERMINAL_BACKGROUND_LIGHT},
    {"\33]11;rgb:ffff/ffff/ffff\a", TERMINAL_BACKGROUND_LIGHT},
    {"\33]11;rgb:fdfd/f6f6/e3e3\302\234", TERMINAL_BACKGROUND_LIGHT},
    {"\33]11;rgb:ff/ff/ff\a", TERMINAL_BACKGROUND_LIGHT},
    {"\33]11;rgb:F/F/F\a", TERMINAL_BACKGROUND_LIGHT},
    {"\33]11;rgba:eeee/eeee/eeee/ffff\a", TERMINAL_BACKGROUND_LIGHT},
    {"\33]11;#FFFFFF\a", TERMINAL_BACKGROUND_LIGHT},
    {"\33]11;rgb:0000/0000/0000\33\\", TERMINAL_BACKGROUND_DARK},
    {"\33]11;rgb:0000/2b2b/3636\a", TERMINAL_BACKGROUND_DARK},
    {"\33]11;#002b36\a", TERMINAL_BACKGROUND_DARK},
    {"\33]10;rgb:ffff/ffff/ffff\a", TERMINAL_BACKGROUND_UNKNOWN},
    {"\33]11;rgb:ffff/ffff\a", TERMINAL_BACKGROUND_UNKNOWN},
    {"\33]11;rgb:ffff/ffff/ffff\30", TERMINAL_BACKGROUND_UNKNOWN},
    {"\33]11;rgb:/ffff/ffff\a", TERMINAL_BACKGROUND_UNKNOWN},
    {"\33]11;white\a", TERMINAL_BACKGROUND_UNKNOWN},
    {"\33]11;?\a", TERMINAL_BACKGROUND_UNKNOWN},
    {"\33]11;\a", TERMINAL_BACKGROUND_UNKNOWN},
    {"\33P11;rgb:ffff/ffff/ffff\33\\", TERMINAL_BACKGROUND_UNKNOWN},
};

START_TEST(the_background_is_no_key)
{
	const char *bytes = answers[_i].bytes;

	for (size_t at_once = 1; at_once <= strlen(bytes) + 2; at_once++) {
		struct decode d = {.utf8 = true};
		struct typed t = {.n = 0};
		char all[80];

		snprintf(all, sizeof all, "x%sy", bytes);
		feed(&d, &t, all, strlen(all), at_once);
		settle(&d, &t);
		ck_assert_int_eq(t.n, 2);
		ck_assert_int_eq(t.key[0], 'x');
		ck_assert_int_eq(t.key[1], 'y');
		ck_assert_int_eq(d.background, answers[_i].background);
	}
}
END_TEST

/* Every sequence comes whole, and in as many reads as it has bytes. */
static const struct {
	const char *bytes;
	int key;
} sequences[] = {
    {"\33[A", TERMINAL_UP}, {"\33[B", TERMINAL_DOWN}, {"\33[C", TERMINAL_RIGHT},
    {"\33[D", TERMINAL_LEFT}, {"\33OA", TERMINAL_UP}, {"\33OB", TERMINAL_DOWN},
    {"\33OC", TERMINAL_RIGHT}, {"\33OD", TERMINAL_LEFT},
    {"\33[1;5A", TERMINAL_UP}, /* with Shift, Alt, Control: xterm */
    {"\33[1;2B", TERMINAL_DOWN}, {"\33[1;3C", TERMINAL_RIGHT},
    {"\33[1;8D", TERMINAL_LEFT}, {"\33O5A", TERMINAL_UP}, /* older ones */
    {"\33O1;5B", TERMINAL_DOWN}, {"\33[a", TERMINAL_UP},  /* rxvt */
    {"\33Ob", TERMINAL_DOWN},
    {"\33\33[A", TERMINAL_UP}, /* Alt, of rxvt and others */
    {"\33\33OB", TERMINAL_DOWN}, {"\33[1~", TERMINAL_HOME},
    {"\33[7~", TERMINAL_HOME}, {"\33[H", TERMINAL_HOME},
    {"\33OH", TERMINAL_HOME}, {"\33[1;5H", TERMINAL_HOME},
    {"\33[1;2~", TERMINAL_HOME}, {"\33[7$", TERMINAL_HOME},
    {"\33[7^", TERMINAL_HOME}, {"\33[7@", TERMINAL_HOME},
    {"\33[4~", TERMINAL_END}, {"\33[8~", TERMINAL_END}, {"\33[F", TERMINAL_END},
    {"\33OF", TERMINAL_END}, {"\33[1;6F", TERMINAL_END},
    {"\33[5~", TERMINAL_PAGE_UP}, {"\33[5;5~", TERMINAL_PAGE_UP},
    {"\33[6~", TERMINAL_PAGE_DOWN}, {"\33[6^", TERMINAL_PAGE_DOWN},
    {"\33[2~", TERMINAL_OTHER}, /* Insert */
    {"\33[3~", TERMINAL_ERASE}, /* Delete */
    {"\33[3;5~", TERMINAL_ERASE}, {"\33[Z", TERMINAL_BACKTAB},
    {"\33OP", TERMINAL_F1}, {"\33[P", TERMINAL_F1}, {"\33[11~", TERMINAL_F1},
    {"\33[[A", TERMINAL_F1}, {"\33OS", TERMINAL_F1 + 3},
    {"\33[14~", TERMINAL_F1 + 3}, {"\33[[E", TERMINAL_F1 + 4},
    {"\33[15~", TERMINAL_F1 + 4}, {"\33[17~", TERMINAL_F1 + 5},
    {"\33[18~", TERMINAL_F1 + 6}, {"\33[20~", TERMINAL_F1 + 8},
    {"\33[21~", TERMINAL_F10}, {"\33[23~", TERMINAL_F1 + 10},
    {"\33[24~", TERMINAL_F12},
    {"\33[21;2~", TERMINAL_OTHER}, /* F10 with Shift does not quit */
    {"\33[21^", TERMINAL_OTHER}, {"\33[1;5P", TERMINAL_OTHER},
    {"\33O5P", TERMINAL_OTHER}, {"\33[25~", TERMINAL_OTHER},
    {"\33OM", TERMINAL_ENTER}, /* the keypad */
    {"\33OI", TERMINAL_TAB}, {"\33O ", ' '}, {"\33Oj", '*'}, {"\33Ok", '+'},
    {"\33Ol", ','}, {"\33Om", '-'}, {"\33On", '.'}, {"\33Oo", '/'},
    {"\33Op", '0'}, {"\33Oq", '1'}, {"\33Oy", '9'}, {"\33OX", '='},
    {"\33OE", TERMINAL_OTHER},
    {"\302\233A", TERMINAL_UP}, /* CSI and SS3 of one byte, as characters */
    {"\302\217H", TERMINAL_HOME}, {"\2334~", TERMINAL_END}, /* and raw */
    {"\217P", TERMINAL_F1},
    {"\33[1\33[4~", TERMINAL_END}, /* cut off by the next one */
    {"\33]0;kkk\33[4~", TERMINAL_END},

    /* and what is no key */
    {"\33[I", TERMINAL_NONE}, /* focus */
    {"\33[O", TERMINAL_NONE}, {"\33[9~", TERMINAL_NONE},
    {"\33[99~", TERMINAL_NONE}, {"\33[4294967300~", TERMINAL_NONE},
    {"\33[1;2;3~", TERMINAL_NONE},
    {"\33[27;5;107~", TERMINAL_NONE}, /* modifyOtherKeys */
    {"\33[107;5u", TERMINAL_NONE}, {"\33[24;80R", TERMINAL_NONE}, /* reports */
    {"\33[?64;1;2c", TERMINAL_NONE}, {"\33[>0;276;0c", TERMINAL_NONE},
    {"\33[?2026;2$y", TERMINAL_NONE}, {"\33[8;24;80t", TERMINAL_NONE},
    {"\33[?1;5A", TERMINAL_NONE}, {"\33[ q", TERMINAL_NONE},
    {"\33[M !!", TERMINAL_NONE}, /* the mouse: X10, SGR, urxvt */
    {"\33[Mkkk", TERMINAL_NONE}, {"\33[M \377\200", TERMINAL_NONE},
    {"\33[<0;10;20M", TERMINAL_NONE}, {"\33[<0;10;20m", TERMINAL_NONE},
    {"\33[32;10;20M", TERMINAL_NONE},
    {"\33]11;rgb:0000/0000/0000\33\\", TERMINAL_NONE},
    {"\33]0;kill\7", TERMINAL_NONE}, {"\33P1$r0m\33\\", TERMINAL_NONE},
    {"\33P>|XTerm(379)\302\234", TERMINAL_NONE},
    {"\33Xkkk\33\\", TERMINAL_NONE}, {"\33^kkk\33\\", TERMINAL_NONE},
    {"\33_Gi=31;OK\33\\", TERMINAL_NONE}, {"\302\2354;1;k\7", TERMINAL_NONE},
    {"\33[200~\33[201~", TERMINAL_NONE},
    {"\33[1234567890123456789012345678901234567890k", TERMINAL_NONE},
    {"\302\205", TERMINAL_NONE}, /* of C1, and no introducer */
};

#define SEQUENCES (int)(sizeof sequences / sizeof sequences[0])

START_TEST(a_sequence_is_one_key_or_none)
{
	const char *bytes = sequences[_i].bytes;

	for (size_t at_once = 1; at_once <= strlen(bytes); at_once++) {
		if (at_once == 1 && bytes[1] == '\33')
			continue; /* Esc, and then another key */
		check_one(bytes, at_once, sequences[_i].key);
	}
}
END_TEST

/* Cut off anywhere, it leaves nothing behind: the next key counts. */
START_TEST(a_sequence_may_be_cut_off)
{
	const char *bytes = sequences[_i].bytes;

	for (size_t len = 1; len < strlen(bytes); len++) {
		struct decode d = {.utf8 = true};
		struct typed t = {.n = 0};

		feed(&d, &t, bytes, len, len);
		settle(&d, &t);
		for (int i = 0; i < t.n; i++)
			ck_assert_msg(t.key[i] == TERMINAL_ESCAPE ||
				t.key[i] >= TERMINAL_UP,
			    "ESC%.*s: 0x%x", (int)len - 1, bytes + 1, t.key[i]);
		t.n = 0;
		feed(&d, &t, "q", 1, 1);
		settle(&d, &t);
		ck_assert_int_eq(t.n, 1);
		ck_assert_int_eq(t.key[0], 'q');
	}
}
END_TEST

/* Some are recognised by what comes before them. */
static const struct {
	const char *bytes;
	int key[KEYS]; /* 0 ends */
} texts[] = {
    {"kl", {'k', 'l'}},
    {"\r\n\t\b\177\1\f",
	{TERMINAL_ENTER, TERMINAL_ENTER, TERMINAL_TAB, TERMINAL_ERASE,
	    TERMINAL_ERASE, 1, 12}},
    {"\33", {TERMINAL_ESCAPE}},
    {"\33\33", {TERMINAL_ESCAPE}},
    {"\33k", {0}}, /* Alt */
    {"\33y", {0}},
    {"\33\r", {0}},
    {"\33\303\244", {0}},
    {"\33kq", {'q'}},
    {"\33[4~k\33[1~", {TERMINAL_END, 'k', TERMINAL_HOME}},
    {"\33[\rq", {TERMINAL_ENTER, 'q'}}, /* cut off */
    {"\33[4\30q", {'q'}},
    {"\33]0;x\30q", {'q'}},
    {"\33]0;x\33q", {0}}, /* the end of it was Alt with q */
    {"\33[M!\rq", {TERMINAL_ENTER, 'q'}},
    {"\303\244\342\202\254\360\237\230\200", {0xe4, 0x20ac, 0x1f600}},
    {"\303q", {'q'}}, /* what is no UTF-8 is nothing */
    {"\342\202q", {'q'}},
    {"\360\237\230q", {'q'}},
    {"\237\230\200q", {'q'}},
    {"\200\277\377\376q", {'q'}},
    {"\300\257q", {'q'}},           /* too long: / */
    {"\340\200\257q", {'q'}},       /* / */
    {"\360\200\200\257q", {'q'}},   /* / */
    {"\355\240\200q", {'q'}},       /* half a surrogate */
    {"\364\220\200\200q", {'q'}},   /* beyond Unicode */
    {"\303\303\244q", {0xe4, 'q'}}, /* one cut off by another */
    {"\342\202\33[Aq", {TERMINAL_UP, 'q'}},
};

#define TEXTS (int)(sizeof texts / sizeof texts[0])

START_TEST(text_and_keys)
{
	const char *bytes = texts[_i].bytes;
	struct typed t = type(bytes, strlen(bytes), strlen(bytes));
	int n = 0;

	while (texts[_i].key[n] != 0)
		n++;
	ck_assert_msg(t.n == n, "row %d: %d keys instead of %d", _i, t.n, n);
	for (int i = 0; i < n; i++)
		ck_assert_msg(t.key[i] == texts[_i].key[i],
		    "row %d, key %d: 0x%x instead of 0x%x", _i, i, t.key[i],
		    texts[_i].key[i]);
}
END_TEST

/* A key and its ESC come in one read; two keys that somebody presses do not. */
START_TEST(esc_and_a_key_are_two_keys)
{
	struct typed t = type("\33q", 2, 1);

	ck_assert_int_eq(t.n, 2);
	ck_assert_int_eq(t.key[0], TERMINAL_ESCAPE);
	ck_assert_int_eq(t.key[1], 'q');
	t = type("\33\33", 2, 1);
	ck_assert_int_eq(t.n, 2);
	ck_assert_int_eq(t.key[1], TERMINAL_ESCAPE);
}
END_TEST

/* A slow line parts ESC from the rest, for longer than an ESC is waited for. */
START_TEST(the_rest_may_come_late)
{
	static const char *const rest[] = {"[4~", "OF", "[F"};

	for (size_t i = 0; i < 2 * sizeof rest / sizeof rest[0]; i++) {
		size_t at_once = i % 2 == 0 ? 1 : 3;
		struct decode d = {.utf8 = true};
		struct typed t = {.n = 0};

		feed(&d, &t, "\33", 1, 1);
		note(&t, decode_idle(&d));
		feed(&d, &t, rest[i / 2], strlen(rest[i / 2]), at_once);
		settle(&d, &t);
		ck_assert_int_eq(t.n, 2);
		ck_assert_int_eq(t.key[0], TERMINAL_ESCAPE);
		ck_assert_int_eq(t.key[1], TERMINAL_END);
	}

	/* Somebody's Esc, and then the key that narrows the window. */
	struct decode d = {.utf8 = true};
	struct typed t = {.n = 0};

	feed(&d, &t, "\33", 1, 1);
	note(&t, decode_idle(&d));
	feed(&d, &t, "[", 1, 1);
	settle(&d, &t);
	ck_assert_int_eq(t.n, 2);
	ck_assert_int_eq(t.key[1], '[');
}
END_TEST

START_TEST(what_is_pasted_is_text)
{
	static const char bytes[] = "\33[200~q\rk\33[A\33]0;x\7 \303\244";
	static const int want[] = {'q', 'k', ' ', 0xe4};
	struct decode d = {.utf8 = true};
	struct typed t = {.n = 0};

	feed(&d, &t, bytes, sizeof bytes - 1, 1);
	ck_assert(d.pasting);
	ck_assert_int_eq(t.n, 4);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(t.key[i], want[i]);
	feed(&d, &t, "\33[201~", 6, 6);
	ck_assert(!d.pasting);
	ck_assert_int_eq(t.n, 4);

	/* One whose end never comes does not take the keys for ever. */
	feed(&d, &t, bytes, sizeof bytes - 1, 7);
	settle(&d, &t);
	ck_assert(!d.pasting);
}
END_TEST

static const struct decode_known known[] = {
    {"\33[K", TERMINAL_END},
    {"\33[Mx", TERMINAL_F1}, /* also the start of a mouse report */
    {"\33?p", TERMINAL_F10}, /* a keypad of vt52 */
    {"\33A", TERMINAL_UP},
    {"\33\t", TERMINAL_BACKTAB},
    {"\33[1", TERMINAL_HOME},
};

/* What terminfo says of a terminal is believed before all else. */
START_TEST(terminfo_knows_better)
{
	static const struct {
		const char *bytes;
		int key;
	} row[] = {
	    {"\33[K", TERMINAL_END},
	    {"\33[Mx", TERMINAL_F1},
	    {"\33[M !!", TERMINAL_NONE},
	    {"\33?p", TERMINAL_F10},
	    {"\33?q", 'q'}, /* Alt with ?, and then q */
	    {"\33?\33[5~", TERMINAL_PAGE_UP},
	    {"\33A", TERMINAL_UP},
	    {"\33\t", TERMINAL_BACKTAB},
	    {"\33[1", TERMINAL_HOME},
	    {"\33[6~", TERMINAL_PAGE_DOWN},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct decode d = {.utf8 = true,
		    .known = known,
		    .nknown = sizeof known / sizeof known[0]};
		struct typed t = {.n = 0};
		size_t len = strlen(row[i].bytes);

		feed(&d, &t, row[i].bytes, len, len);
		settle(&d, &t);
		ck_assert_msg(t.n == (row[i].key != TERMINAL_NONE),
		    "row %zu: %d keys", i, t.n);
		if (t.n > 0)
			ck_assert_int_eq(t.key[0], row[i].key);
	}
}
END_TEST

/* Bytes are characters, and C1 stands for sequences. */
START_TEST(a_locale_without_utf8)
{
	struct decode d = {.utf8 = false};
	struct typed t = {.n = 0};
	static const char bytes[] = "\2334~\235kkk\234\351q";

	setlocale(LC_CTYPE, "C");
	feed(&d, &t, bytes, sizeof bytes - 1, sizeof bytes);
	settle(&d, &t);
	ck_assert_int_eq(t.n, 2);
	ck_assert_int_eq(t.key[0], TERMINAL_END);
	ck_assert_int_eq(t.key[1], 'q');
}
END_TEST

/* Whatever came, after a while a key is a key; and no key is of thin air. */
START_TEST(any_bytes)
{
	unsigned seed = 1;

	for (int round = 0; round < 20000; round++) {
		struct decode d = {.utf8 = round % 2 == 0};
		struct typed t = {.n = 0};
		char bytes[12];
		static const char likely[] = "\33[O]PM1;~\233\302\303\7\30?";

		for (size_t i = 0; i < sizeof bytes; i++) {
			int r = rand_r(&seed);

			bytes[i] = r % 3 == 0
			    ? (char)(r / 3 % 256)
			    : likely[(size_t)r / 3 % (sizeof likely - 1)];
		}
		feed(&d, &t, bytes, sizeof bytes, 1 + (size_t)round % 7);
		for (int i = 0; i < t.n; i++)
			ck_assert(t.key[i] > 0 && t.key[i] <= TERMINAL_OTHER &&
			    (t.key[i] < 0x80 || t.key[i] >= 0xa0));
		t.n = 0;
		settle(&d, &t);
		t.n = 0;
		feed(&d, &t, "q", 1, 1);
		ck_assert_int_eq(t.n, 1);
		ck_assert_int_eq(t.key[0], 'q');
	}
}
END_TEST

int
main(void)
{
	TCase *decode = tcase_create("decode");

	tcase_add_loop_test(
	    decode, a_sequence_is_one_key_or_none, 0, SEQUENCES);
	tcase_add_loop_test(decode, a_sequence_may_be_cut_off, 0, SEQUENCES);
	tcase_add_loop_test(decode, text_and_keys, 0, TEXTS);
	tcase_add_test(decode, esc_and_a_key_are_two_keys);
	tcase_add_test(decode, the_rest_may_come_late);
	tcase_add_test(decode, what_is_pasted_is_text);
	tcase_add_test(decode, terminfo_knows_better);
	tcase_add_test(decode, a_locale_without_utf8);
	tcase_add_test(decode, any_bytes);
	tcase_add_loop_test(decode, the_background_is_no_key, 0,
	    (int)(sizeof answers / sizeof answers[0]));
	return suite_run("decode", (TCase *const[]){decode, NULL});
}
