/*
 * fuzz_frame: any bytes to frame_read(), every good frame to the model, and
 * then the questions that views ask. Built with -fsanitize=fuzzer.
 *
 * The first byte says how the rest is cut into reads.
 */
#include <stddef.h>
#include <stdint.h>

#include "ask.h"
#include "must.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint64_t good; /* frames of the present input */

static void
apply(const struct frame *f, void *arg)
{
	good++;
	model_apply(arg, f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct model *m;
	struct frame_reader r = {0};

	if (m == NULL)
		m = model_new();
	if (m == NULL || size == 0)
		return 0;
	model_reset(m);
	good = 0;

	size_t step = data[0] == 0 ? size : data[0];

	for (size_t at = 1; at < size; at += step)
		frame_read(&r, data + at, size - at < step ? size - at : step,
		    apply, m);
	MUST(r.offset == size - 1);
	MUST(m->frames <= good);
	MUST(good * FRAME_SIZE + r.unknown * FRAME_SIZE + r.garbage + r.have ==
	    size - 1);
	ask_model(m);
	return 0;
}
