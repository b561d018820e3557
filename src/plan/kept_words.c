/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kept_words.h"

#include "base/str.h"
#include "plan/pairing.h"

enum { NAMES_MAX = 8 };

/* Whether the words of its policy stand in a managed policy. */
static bool is_managed(const struct fact *fact)
{
    return fact->kind == ACCESS_PERMANENT ? fact->policy->custom.count != 0 : fact->mode == MODE_POLICY;
}

static void collect(struct arena *arena, const struct facts *before, const struct facts *after,
                    struct strings *ret)
{
    struct pairing pairing = pairing_new(before, after);
    const struct fact *was, *is;
    while (pairing_next(&pairing, &was, &is))
        if (was && is && was->policy != is->policy && is_managed(was) && is_managed(is) &&
            !str_eq(was->policy->description, is->policy->description))
            strings_add(arena, ret, arena_printf(arena, "%s/%s", is->team, is->grant));
    strings_sort_unique(ret);
}

void kept_words_note(struct arena *arena, const struct facts *before, const struct facts *after,
                     struct notices *ret)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct strings policies = {0};
    collect(scratch, before, after, &policies);
    if (!policies.count)
        return;
    const char *names = "";
    for (size_t i = 0; i < policies.count && i < NAMES_MAX; i++)
        names = arena_printf(scratch, "%s%s%s", names, i ? ", " : "", policies.items[i]);
    if (policies.count > NAMES_MAX)
        names = arena_printf(scratch, "%s and %zu more", names, policies.count - NAMES_MAX);
    *VEC_ADD(arena, ret) = arena_printf(
        arena,
        "another description, which IAM does not take for a policy that is there, so AWS keeps the old one: %s",
        names);
}
