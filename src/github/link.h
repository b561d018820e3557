/* SPDX-License-Identifier: Apache-2.0 */
/* The header Link (RFC 8288), as far as lists need it. */
#ifndef IAMLEASE_GITHUB_LINK_H
#define IAMLEASE_GITHUB_LINK_H

#include "base/arena.h"

#include <stdbool.h>

/* The target of the first link with rel="next", or NULL. */
const char *link_next(struct arena *arena, const char *header);

/* Whether `url` begins with the same scheme, host and port as `api_url`, spelled the same way. */
bool link_has_origin_of(const char *url, const char *api_url);

#endif
