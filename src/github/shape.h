/* SPDX-License-Identifier: Apache-2.0 */
/* What names that come from GitHub look like: whatever passes can stand in a URL, a message or the name of a ref. */
#ifndef IAMLEASE_GITHUB_SHAPE_H
#define IAMLEASE_GITHUB_SHAPE_H

#include <stdbool.h>

/* The id of a git object: 40 lowercase hexadecimal digits. */
bool shape_is_id(const char *text);

/* "owner/name" */
bool shape_is_repository(const char *text);

/* "ada", "dependabot[bot]" */
bool shape_is_login(const char *text);

/*
 * A branch or a whole ref as git itself allows it, at most 255 bytes, so that it is never read as an
 * expression such as "a..b" or "a^".
 */
bool shape_is_ref(const char *text);

#endif
