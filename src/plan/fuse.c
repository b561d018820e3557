/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/fuse.h"

struct fuse fuse_judge(const struct facts *before, const struct facts *after, const struct settings *rules,
                       int64_t now_s)
{
    struct fuse fuse = {0};
    for (size_t i = 0; i < before->count; i++) {
        const struct fact *fact = &before->items[i];
        if (fact->kind == ACCESS_LEASE && fact->ends_at_s <= now_s)
            continue;
        fuse.total++;
        fuse.revoked += facts_find(after, fact->identity) == NULL;
    }
    fuse.blown =
        fuse.revoked >= FUSE_MINIMUM && fuse.revoked * 100 > fuse.total * (size_t)rules->max_removals_percent;
    return fuse;
}
