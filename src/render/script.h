/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Letters of another script that look like Latin ones. A word that has both is most likely meant to be taken
 * for another word: in the names "admin" and "аdmin" only the first letters differ, one is Cyrillic.
 */
#ifndef IAMLEASE_RENDER_SCRIPT_H
#define IAMLEASE_RENDER_SCRIPT_H

#include <stddef.h>

/* The script that a word among the first `size` bytes mixes with Latin letters, such as "Cyrillic"; NULL: no word does. */
const char *script_mixed_in(const char *text, size_t size);

#endif
