/* json_print: numbers of the model as JSON, and JSON as text. */
#include "export/json_print.h"

#include <errno.h>

json_int_t
json_whole(uint64_t n)
{
	return n > INT64_MAX ? INT64_MAX : (json_int_t)n;
}

json_t *
json_seconds(uint64_t ns)
{
	return json_real((double)(ns / 1000) / 1e6);
}

int
json_print(json_t *root, FILE *out)
{
	if (root == NULL)
		return -ENOMEM;

	int failed =
	    json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15));

	json_decref(root);
	return failed != 0 || fputc('\n', out) == EOF || fflush(out) != 0 ? -EIO
									  : 0;
}
