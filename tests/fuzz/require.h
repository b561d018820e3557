/* SPDX-License-Identifier: Apache-2.0 */
/* What every fuzz target needs: its entry, a check that ends the run, and the input as a text. */
#ifndef IAMLEASE_FUZZ_REQUIRE_H
#define IAMLEASE_FUZZ_REQUIRE_H

#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                            \
    do {                                                                              \
        if (!(condition)) {                                                           \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                  \
        }                                                                             \
    } while (0)

/* The input up to its first NUL, in memory of exactly its size: AddressSanitizer sees who reads behind it. */
static inline const char *fuzz_text(struct arena *arena, const uint8_t *data, size_t size)
{
    return arena_strndup(arena, (const char *)data, size);
}

#endif
