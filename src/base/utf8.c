/* utf8: decodes characters and knows which are safe on a terminal. */
#include "base/utf8.h"

size_t
utf8_decode(const char *text, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *s = (const unsigned char *)text;
	size_t n = s[0] < 0x80      ? 1
	    : (s[0] & 0xe0) == 0xc0 ? 2
	    : (s[0] & 0xf0) == 0xe0 ? 3
	    : (s[0] & 0xf8) == 0xf0 ? 4
				    : 0;

	if (n == 0 || n > len)
		return 0;
	*cp = n == 1 ? s[0] : s[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (s[i] & 0x3fU);
	}
	if (*cp < least[n] || *cp > 0x10ffff || (*cp >> 11) == 0x1b)
		return 0;
	return n;
}

bool
utf8_printable(uint32_t cp)
{
	/* In ascending order; the last range is open-ended. */
	static const struct {
		uint32_t from, to;
	} never[] = {{0, 0x1f}, /* C0 */
	    {0x7f, 0x9f},       /* DEL, C1 */
	    {0x61c, 0x61c},     /* Arabic letter mark */
	    {0x200e, 0x200f},   /* direction marks */
	    {0x2028, 0x202e},   /* line separators, bidi embedding */
	    {0x2066, 0x2069},   /* bidi isolates */
	    {0xd800, 0xdfff},   /* surrogates */
	    {0xfeff, 0xfeff},   /* byte order mark */
	    {0xfff9, 0xfffb},   /* interlinear annotation */
	    {0xe0000, 0xe007f}, /* tags */
	    {0x110000, UINT32_MAX}};

	unsigned i = 0;

	if (cp > 0x2069 && cp < 0xd800)
		return true; /* the common case: a glyph */
	while (cp > never[i].to)
		i++;
	return cp < never[i].from;
}
