/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about texts, and their lower case. */
#ifndef IAMLEASE_BASE_STR_H
#define IAMLEASE_BASE_STR_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Most texts differ in their first byte, and most comparisons are in loops. */
static inline bool str_eq(const char *a, const char *b)
{
    return *a == *b && strcmp(a, b) == 0;
}
bool str_prefix(const char *text, const char *prefix);
bool str_suffix(const char *text, const char *suffix);

/* A..Z and a..z only; independent of the locale. */
int str_casecmp(const char *a, const char *b);

/* A copy in which A..Z are a..z: two texts have one exactly when str_casecmp() finds them equal. */
char *str_lower(struct arena *arena, const char *text);

/* The same, in place. */
void str_to_lower(char *text);

/* The text of an address: as a key it stands for what is there. Returns ret. */
enum { STR_POINTER_SIZE = 24 };
const char *str_of_pointer(const void *pointer, char ret[static STR_POINTER_SIZE]);

/* All of `text` stands in [A-Za-z0-9] or in `others`. */
bool str_only(const char *text, const char *others);

/*
 * The candidate that `word` was most likely meant to be, or NULL when none is near: at most a third of the
 * word's letters (at least one) differ, counting swapped neighbours as one and case as none. Words over 64
 * bytes have none.
 */
const char *str_nearest(const char *word, const char *const *candidates, size_t count);

/*
 * Reads one code point of strict UTF-8 (no overlong forms, no surrogates, at most U+10FFFF) from the `size`
 * bytes at `bytes`. Returns its length in bytes, or 0 when the bytes are not UTF-8 or size is 0.
 */
size_t str_decode_utf8(const char *bytes, size_t size, uint32_t *ret_code_point);

/* How many of the first `size` bytes are printable ASCII (a space, too): what most texts hold and nobody has to judge. */
size_t str_plain_run(const char *bytes, size_t size);

/* The same, but only up to the first of three characters, which are printable ASCII. */
size_t str_plain_run_before(const char *bytes, size_t size, const char stops[static 3]);

/* Control, bidirectional, zero-width, filler and other invisible format characters: nothing that belongs in a name. */
bool str_is_invisible(uint32_t code_point);

#endif
