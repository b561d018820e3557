/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/fuse.h"

#include "plan/pairing.h"

struct fuse fuse_judge(const struct facts *before, const struct facts *after, const struct facts *held,
                       const struct rules *rules, bool head_is_empty, int64_t now_s)
{
    struct fuse fuse = {0};
    struct pairing pairing = pairing_new(before, after);
    const struct fact *fact, *still;
    while (pairing_next(&pairing, &fact, &still)) {
        if (!fact || fact_has_ended(fact, now_s))
            continue;
        fuse.total++;
        fuse.revoked += !still && !(held && facts_find(held, fact->identity));
    }
    fuse.emptied = head_is_empty && fuse.revoked;
    fuse_widen(&fuse, fuse.total, rules);
    return fuse;
}

void fuse_widen(struct fuse *fuse, size_t total, const struct rules *rules)
{
    fuse->total = total;
    fuse->blown = fuse->emptied || (fuse->revoked >= FUSE_MINIMUM &&
                                    fuse->revoked * 100 > total * (size_t)rules->max_removals_percent);
}

const char *fuse_describe(struct arena *arena, const struct fuse *fuse, const struct rules *rules)
{
    if (fuse->emptied)
        return arena_printf(arena, "revokes %zu of %zu grants and leaves no configuration at all",
                            fuse->revoked, fuse->total);
    return arena_printf(arena,
                        "revokes %zu of %zu grants, more than the %lld%% that limits.max_removals allows",
                        fuse->revoked, fuse->total, (long long)rules->max_removals_percent);
}
