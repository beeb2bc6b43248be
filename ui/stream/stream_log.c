/* stream_log: lines for standard error while a screen is shown. */
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "stream/stream_priv.h"

static void
stream_keep_unseen(struct stream *s)
{
	if (s->unseen == NULL)
		s->unseen = malloc(STREAM_UNSEEN);
	if (s->unseen == NULL ||
	    s->line_len + 2 > STREAM_UNSEEN - s->unseen_len)
		return;

	char *at = s->unseen + s->unseen_len;

	model_clean(at, STREAM_UNSEEN - s->unseen_len, s->line, s->line_len);
	s->unseen_len += strlen(at);
	s->unseen[s->unseen_len++] = '\n';
}

void
stream_heard(struct stream *s, struct model *m, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\n')
			s->line[s->line_len++] = text[i];
		if (text[i] != '\n' && s->line_len < sizeof s->line)
			continue;
		if (m != NULL)
			model_note(m, s->line, s->line_len);
		stream_keep_unseen(s);
		s->line_len = 0;
	}
}
