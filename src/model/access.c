/* SPDX-License-Identifier: Apache-2.0 */
#include "model/access.h"

#include <string.h>

const char *principal_kind_name(enum principal_kind kind)
{
    static const char *const names[] = {
        [PRINCIPAL_USER] = "user",
        [PRINCIPAL_ROLE] = "role",
        [PRINCIPAL_GROUP] = "group",
    };
    return names[kind];
}

const char *access_mode_name(enum access_mode mode)
{
    static const char *const names[] = {
        [MODE_ATTACH] = "attach",
        [MODE_INLINE] = "inline",
        [MODE_POLICY] = "policy",
        [MODE_ROLE] = "role",
    };
    return names[mode];
}

const struct fact *facts_find(const struct facts *facts, const char *identity)
{
    size_t low = 0, high = facts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(facts->items[middle].identity, identity);
        if (order == 0)
            return &facts->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
