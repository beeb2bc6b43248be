/*
 * options_picture: the options of a picture of a recording. Each returns 0, or
 * 2 after one line on standard error.
 */
#ifndef LOCKSTEP_OPTIONS_PICTURE_H
#define LOCKSTEP_OPTIONS_PICTURE_H

#include "command/options.h"

int option_screenshot(struct options *, const char *value);
int option_at(struct options *, const char *value);
int option_size(struct options *, const char *value);
int option_keys(struct options *, const char *value);

/* Were they given where no picture can be taken? */
int options_refuse_picture(const struct options *);

#endif
