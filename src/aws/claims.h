/* SPDX-License-Identifier: Apache-2.0 */
/* What a web identity token (a JWT) says about its bearer. Only for messages: nobody's signature is checked here. */
#ifndef IAMLEASE_AWS_CLAIMS_H
#define IAMLEASE_AWS_CLAIMS_H

#include "base/secret.h"

#include <stdbool.h>

enum { CLAIMS_SIZE = 700 };

/* Letters, digits, '-' and '_' in three parts with dots between, 4 to 20,000 bytes (STS API reference). */
bool claims_is_token(const char *text, size_t size);

/*
 * "sub 'repo:o/r:ref:refs/heads/main', aud 'sts.amazonaws.com', iss 'https://…'"; never a part of the token
 * itself. What is not printable ASCII is shown as '?'; "" when the token cannot be read.
 */
void claims_describe(const struct secret *token, char ret[static CLAIMS_SIZE]);

#endif
