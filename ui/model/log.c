/* log: makes outside text printable, and keeps the lines of the log. */
#include <string.h>

#include "base/utf8.h"
#include "model/model_priv.h"

void
model_clean(char *dst, size_t size, const char *src, size_t len)
{
	size_t out = 0;

	if (size == 0)
		return;
	while (len > 0) {
		uint32_t cp = 0;
		size_t n = utf8_decode(src, len, &cp);
		bool good = n > 0 && utf8_printable(cp);

		if (n == 0)
			n = 1;
		if (out + n >= size)
			break;
		if (good)
			memcpy(dst + out, src, n);
		else
			memset(dst + out, '?', n);
		out += n;
		src += n;
		len -= n;
	}
	dst[out] = '\0';
}

void
model_line(struct model *m, enum model_line kind, const char *text, size_t len)
{
	struct model_log *line = &m->log[m->log_total++ % MODEL_MAX_LOG];

	line->ns = m->now;
	line->kind = kind;
	model_clean(line->text, sizeof line->text, text, len);
	m->version++;
}

void
model_note(struct model *m, const char *text, size_t len)
{
	model_line(m, LINE_EVENT, text, len);
}
