/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (OpenSSL) as lowercase hexadecimal. */
#ifndef IAMLEASE_BASE_HASH_H
#define IAMLEASE_BASE_HASH_H

#include <stddef.h>

enum { SHA256_HEX_SIZE = 65 };

/* Writes 64 hexadecimal digits and a terminator to `hex` and returns it. */
const char *sha256_hex(const void *bytes, size_t size, char hex[static SHA256_HEX_SIZE]);

#endif
