/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

void secret_set(struct secret *secret, const char *bytes, size_t size)
{
    char *copy = malloc(size + 1);
    if (!copy)
        out_of_memory();
    memcpy(copy, bytes, size);
    copy[size] = 0;
    secret_clear(secret);
    secret->bytes = copy;
    secret->size = size;
}

void secret_clear(struct secret *secret)
{
    if (secret->bytes) {
        OPENSSL_cleanse(secret->bytes, secret->size);
        free(secret->bytes);
    }
    *secret = (struct secret){0};
}

bool secret_is_set(const struct secret *secret)
{
    return secret->bytes && secret->size;
}

const char *secret_reveal(const struct secret *secret)
{
    return secret->bytes ? secret->bytes : "";
}
