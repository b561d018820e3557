/* SPDX-License-Identifier: Apache-2.0 */
/* OIDC providers, and the tags that they and roles carry. */
#ifndef IAMLEASE_MODEL_OIDC_PROVIDER_H
#define IAMLEASE_MODEL_OIDC_PROVIDER_H

#include "base/vec.h"

#include <stdbool.h>

struct tag {
    const char *key, *value;
};

struct tags {
    VEC_FIELDS(struct tag);
};

/* Adds a tag; the texts are not copied. */
void tags_add(struct arena *arena, struct tags *tags, const char *key, const char *value);

/* The value of the tag of that key, which IAM tells apart without regard to case; or NULL. */
const char *tags_get(const struct tags *tags, const char *key);

/* Whether each of `tags` stands in `all`, with its value. */
bool tags_within(const struct tags *tags, const struct tags *all);

struct tags tags_copy(struct arena *arena, const struct tags *tags);

struct oidc_provider {
    const char *arn; /* "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" */
    const char *url; /* what stands there behind "oidc-provider/": no "https://" */
    struct strings client_ids, thumbprints;
    struct tags tags;
};

struct oidc_provider oidc_provider_copy(struct arena *arena, const struct oidc_provider *provider);

#endif
