/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets live outside arenas and buffers, are wiped when they are let go, and have no print function.
 */
#ifndef IAMLEASE_BASE_SECRET_H
#define IAMLEASE_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct secret {
    char *bytes; /* terminated; NULL: unset */
    size_t size;
};

/* Takes a copy; what was there is wiped. */
void secret_set(struct secret *secret, const char *bytes, size_t size);

/* Wipes and frees. */
void secret_clear(struct secret *secret);

bool secret_is_set(const struct secret *secret);

/* The text, to be handed straight to the library that needs it; "" when unset. */
const char *secret_reveal(const struct secret *secret);

#endif
