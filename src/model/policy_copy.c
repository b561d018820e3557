/* SPDX-License-Identifier: Apache-2.0 */
#include "model/policy_copy.h"

static struct strings copy_strings(struct arena *arena, const struct strings *strings)
{
    struct strings copy = {.items = arena_array(arena, strings->count, sizeof *copy.items),
                           .count = strings->count,
                           .capacity = strings->count};
    for (size_t i = 0; i < copy.count; i++)
        copy.items[i] = arena_strdup(arena, strings->items[i]);
    return copy;
}

static struct statement copy_statement(struct arena *arena, const struct statement *statement)
{
    struct statement copy = *statement;
    copy.sid = statement->sid ? arena_strdup(arena, statement->sid) : NULL;
    copy.actions = copy_strings(arena, &statement->actions);
    copy.not_actions = copy_strings(arena, &statement->not_actions);
    copy.resources = copy_strings(arena, &statement->resources);
    copy.not_resources = copy_strings(arena, &statement->not_resources);
    copy.conditions.capacity = copy.conditions.count;
    copy.conditions.items = arena_array(arena, copy.conditions.count, sizeof *copy.conditions.items);
    for (size_t i = 0; i < copy.conditions.count; i++) {
        const struct condition *condition = &statement->conditions.items[i];
        copy.conditions.items[i] = (struct condition){.operator= arena_strdup(arena, condition->operator),
                                                      .key = arena_strdup(arena, condition->key),
                                                      .values = copy_strings(arena, &condition->values)};
    }
    return copy;
}

struct policy_decl *policy_copy(struct arena *arena, const struct policy_decl *policy)
{
    struct policy_decl *copy = ARENA_NEW(arena, struct policy_decl);
    *copy = *policy;
    copy->name.text = arena_strdup(arena, policy->name.text);
    copy->description = arena_strdup(arena, policy->description);
    copy->managed_policies.capacity = copy->managed_policies.count;
    copy->managed_policies.items =
        arena_array(arena, copy->managed_policies.count, sizeof *copy->managed_policies.items);
    for (size_t i = 0; i < copy->managed_policies.count; i++)
        copy->managed_policies.items[i] =
            (struct located){arena_strdup(arena, policy->managed_policies.items[i].text),
                             policy->managed_policies.items[i].span};
    copy->custom.capacity = copy->custom.count;
    copy->custom.items = arena_array(arena, copy->custom.count, sizeof *copy->custom.items);
    for (size_t i = 0; i < copy->custom.count; i++)
        copy->custom.items[i] = copy_statement(arena, &policy->custom.items[i]);
    return copy;
}
