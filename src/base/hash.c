/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include "base/arena.h"

#include <stdio.h>

#include <openssl/evp.h>

const char *sha256_hex(const void *bytes, size_t size, char hex[static SHA256_HEX_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int digest_size = 0;
    if (EVP_Digest(bytes, size, digest, &digest_size, EVP_sha256(), NULL) != 1 || digest_size != 32)
        out_of_memory(); /* SHA-256 over memory fails for no other reason */
    for (size_t i = 0; i < digest_size; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return hex;
}
