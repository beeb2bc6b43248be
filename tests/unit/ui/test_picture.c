/* test_picture: pictures of recordings, and of the screen by a key. */
#include "dashboard/dashboard_priv.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"

#define STREAM "tests/streams/updates.lks"
#define LONG   "tests/streams/hybrid.lks"

static char folder[] = "/tmp/lockstep-picture-XXXXXX";
static char path[64];
static struct dashboard_options options;

static void
begin(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/a.svg", folder);
	options = (struct dashboard_options){
	    .picture = {
		.path = path, .at = UINT64_MAX, .rows = 30, .cols = 100}};
}

static void
end(void)
{
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0);
}

/* Of the recording; what is in the file, without its tags. */
static const char *
taken(const char *recording)
{
	static char text[1 << 18];
	struct model *m = model_new();
	struct stream *s;
	FILE *f;
	size_t n = 0;
	int c, inside = 0;

	ck_assert_ptr_nonnull(m);
	ck_assert_int_eq(stream_open_recording(&s, recording), 0);
	ck_assert_int_eq(dashboard_picture(m, s, &options, recording), 0);
	stream_close(s, stderr);
	model_free(m);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	while ((c = getc(f)) != EOF && n < sizeof text - 1) {
		inside += c == '<' ? 1 : c == '>' ? -1 : 0;
		if (c == '\n')
			c = ' ';
		if (inside == 0 && c != '>' &&
		    (c != ' ' || n == 0 || text[n - 1] != ' '))
			text[n++] = (char)c;
	}
	fclose(f);
	text[n] = '\0';
	return text;
}

#define SHOWS(text, part) \
	ck_assert_msg(strstr(text, part) != NULL, "no %s in %s", part, text)

START_TEST(a_recording_at_its_end)
{
	begin();
	SHOWS(taken(STREAM), "end of recording");
	end();
}
END_TEST

/* "replay 0:02 / 0:15", word by word. */
START_TEST(a_recording_at_a_moment)
{
	begin();
	options.picture.at = 2000000000;
	SHOWS(taken(LONG), " replay 0:02 / ");
	end();
}
END_TEST

START_TEST(keys_lead_to_any_view)
{
	begin();
	options.picture.keys = "8,Down,m,m";

	char *first = strdup(taken(STREAM));

	SHOWS(first, " STORE ");
	ck_assert_str_eq(first, taken(STREAM));
	free(first);
	options.picture.keys = "?";
	SHOWS(taken(STREAM), " Views ");
	end();
}
END_TEST

/* They have no place to go to, and no second file is made. */
START_TEST(some_keys_do_nothing)
{
	begin();
	options.picture.keys = "S,q,T";
	taken(STREAM);
	end();
}
END_TEST

START_TEST(a_recording_is_not_written_over)
{
	struct model *m = model_new();
	struct stream *s;
	struct stat was, is;

	begin();
	options.picture.path = STREAM;
	ck_assert_int_eq(stat(STREAM, &was), 0);
	ck_assert_int_eq(stream_open_recording(&s, STREAM), 0);
	ck_assert_int_eq(dashboard_picture(m, s, &options, STREAM), -EEXIST);
	ck_assert_int_eq(stat(STREAM, &is), 0);
	ck_assert_int_eq(was.st_size, is.st_size);
	stream_close(s, stderr);
	model_free(m);
	end();
}
END_TEST

/* By the key, each picture has a name of its own. */
START_TEST(no_picture_is_written_over)
{
	struct dashboard *d;
	struct model *m = model_new();
	struct stream *s;
	struct stat st;

	begin();
	ck_assert_int_eq(stream_open_recording(&s, STREAM), 0);
	ck_assert_int_eq(chdir(folder), 0);
	options.picture.path = NULL;
	d = dashboard_new(m, s, &options);
	ck_assert_ptr_nonnull(d);
	d->theme = THEME_DARK;
	ck_assert_int_eq(canvas_resize(&d->canvas, 10, 40), 0);
	ck_assert_int_eq(symlink("nowhere", "lockstep-1.svg"), 0);
	dashboard_press(d, 'S');
	ck_assert_str_eq(d->message, "the screen is saved as lockstep-2.svg");
	dashboard_press(d, 'S');
	ck_assert_str_eq(d->message, "the screen is saved as lockstep-3.svg");
	ck_assert_int_ne(stat("nowhere", &st), 0);
	dashboard_free(d);
	stream_close(s, stderr);
	model_free(m);
	for (int i = 1; i <= 3; i++) {
		char name[32];

		snprintf(name, sizeof name, "lockstep-%d.svg", i);
		ck_assert_int_eq(unlink(name), 0);
	}
	end();
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("picture");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, a_recording_at_its_end);
	tcase_add_test(t, a_recording_at_a_moment);
	tcase_add_test(t, keys_lead_to_any_view);
	tcase_add_test(t, some_keys_do_nothing);
	tcase_add_test(t, a_recording_is_not_written_over);
	tcase_add_test(t, no_picture_is_written_over);
	return suite_run("picture", cases);
}
