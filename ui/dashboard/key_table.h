/*
 * key_table: all that can be pressed. A new key is a row beside its handler in
 * one of the files named here.
 */
#ifndef LOCKSTEP_KEY_TABLE_H
#define LOCKSTEP_KEY_TABLE_H

#include "term/keys.h"

extern const struct keys_rows view_keys, replay_keys, steer_keys, step_keys,
    other_keys;

/* In the order of the help and of the bar. */
extern const struct keys_table dashboard_keys;

#endif
