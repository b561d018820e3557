/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include "base/arena.h"

#include <openssl/evp.h>

const char *sha256_hex(const void *bytes, size_t size, char hex[static SHA256_HEX_SIZE])
{
    /* Looking up the algorithm costs more than a short text: both are kept. */
    static EVP_MD *sha256;
    static EVP_MD_CTX *context;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int digest_size = 0;
    if (!context) {
        sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
        context = EVP_MD_CTX_new();
    }
    if (!sha256 || !context || EVP_DigestInit_ex2(context, sha256, NULL) != 1 ||
        EVP_DigestUpdate(context, bytes, size) != 1 ||
        EVP_DigestFinal_ex(context, digest, &digest_size) != 1 || digest_size != 32)
        out_of_memory(); /* SHA-256 over memory fails for no other reason */
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < digest_size; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * digest_size] = 0;
    return hex;
}
