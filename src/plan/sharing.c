/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/sharing.h"

#include "base/str.h"
#include "plan/declared.h"

#include <string.h>

struct sharing sharing_new(const struct facts *facts)
{
    return (struct sharing){.facts = facts};
}

void sharing_free(struct sharing *sharing)
{
    arena_free(sharing->arena);
    sharing->arena = NULL;
}

/* The identity of a permanent fact up to team and grant. */
static const char *prefix_of(struct arena *arena, const struct fact *fact)
{
    return arena_printf(arena, "%s\npermanent\n%s\n%s\n", fact->account_id,
                        principal_kind_name(fact->principal_kind), fact->principal);
}

/* The first fact that is not in front of the prefix. */
static size_t lower_bound(const struct facts *facts, const char *prefix)
{
    size_t low = 0, high = facts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(facts->items[middle].identity, prefix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const char *second_key(struct arena *arena, const char *arn)
{
    return arena_printf(arena, "%s\n2", arn);
}

static void know_principal(struct sharing *sharing, const struct fact *fact)
{
    struct arena *arena = arena_new();
    const char *prefix = prefix_of(arena, fact);
    if (sharing->prefix && str_eq(sharing->prefix, prefix)) {
        arena_free(arena);
        return;
    }
    arena_free(sharing->arena);
    sharing->arena = arena;
    sharing->prefix = prefix;
    sharing->brought = map_new(arena);
    for (size_t i = lower_bound(sharing->facts, prefix);
         i < sharing->facts->count && str_prefix(sharing->facts->items[i].identity, prefix); i++) {
        struct fact *other = &sharing->facts->items[i];
        for (size_t j = 0; j < other->policy->managed_policies.count; j++) {
            const char *arn = other->policy->managed_policies.items[j].text;
            if (map_put(&sharing->brought, arn, other) != other)
                map_put(&sharing->brought, second_key(arena, arn), other);
        }
    }
}

const struct fact *sharing_other(struct sharing *sharing, const struct fact *fact, const char *arn)
{
    know_principal(sharing, fact);
    const struct fact *first = map_get(&sharing->brought, arn);
    if (!first || !str_eq(first->identity, fact->identity))
        return first;
    return map_get(&sharing->brought, second_key(sharing->arena, arn));
}

bool sharing_is_permanent_too(const struct sharing *sharing, struct arena *scratch, const struct fact *lease)
{
    struct fact permanent = *lease;
    permanent.kind = ACCESS_PERMANENT;
    return facts_find(sharing->facts, declared_identity(scratch, &permanent)) != NULL;
}
