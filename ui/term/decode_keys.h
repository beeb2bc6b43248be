/*
 * decode_keys: the key that a complete sequence stands for, or TERMINAL_NONE.
 * `params` are the `len` bytes between its introducer and its last byte.
 */
#ifndef LOCKSTEP_DECODE_KEYS_H
#define LOCKSTEP_DECODE_KEYS_H

#include <stddef.h>

int decode_csi_key(
    const unsigned char *params, size_t len, unsigned char final);
int decode_ss3_key(
    const unsigned char *params, size_t len, unsigned char final);

#endif
