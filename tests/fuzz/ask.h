/* ask: what holds for every model, whatever frames have made it. */
#ifndef TESTS_FUZZ_ASK_H
#define TESTS_FUZZ_ASK_H

#include "model/model.h"

/*
 * Put to it the questions that views ask. Every string must be clean: UTF-8
 * that can be printed, and terminated.
 */
void ask_model(const struct model *);

#endif
