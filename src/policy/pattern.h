/* SPDX-License-Identifier: Apache-2.0 */
/* IAM's wildcards: '*' for any text, '?' for one character. Letters are compared without regard to case. */
#ifndef IAMLEASE_POLICY_PATTERN_H
#define IAMLEASE_POLICY_PATTERN_H

#include <stdbool.h>

/* A text that no pattern names, so that only wildcards reach it: whatever matches it matches everything there. */
#define PATTERN_ANYTHING "\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001"

/* Whether `pattern` matches all of `text`. */
bool pattern_matches(const char *pattern, const char *text);

/*
 * Whether every text that `inner` matches is matched by `outer`. Never true when it is not so; false in
 * rare cases when it is ("?*" and "*?"), which is the safe side for whoever asks what is excluded.
 */
bool pattern_covers(const char *outer, const char *inner);

/*
 * Whether there is a text that both patterns match. A policy variable such as "${aws:username}" stands for
 * any text. The time is that of the product of their lengths; of what is longer than PATTERN_MAX it is true,
 * since nobody has looked.
 */
enum { PATTERN_MAX = 2048 };
bool patterns_meet(const char *a, const char *b);

#endif
