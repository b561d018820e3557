/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/copy_units.h"

#include "policy/document.h"

bool copying_refuse(struct copying *c, const char *problem, bool keeps_live, const char *message,
                    const char *hint)
{
    c->ret->problem = problem;
    c->ret->keeps_live = keeps_live;
    c->ret->message = message;
    c->ret->hint = hint;
    return false;
}

size_t copying_size(struct copying *c, const struct document *document)
{
    return document_measure(document_to_json(c->arena, document));
}

static void add_effect(struct copying *c, const struct document *lease, enum effect effect, const char *tag)
{
    struct copy_unit unit = {.denies = effect == EFFECT_DENY};
    for (size_t i = 0; i < lease->count; i++)
        if (lease->items[i].effect == effect) {
            struct statement *statement = VEC_ADD(c->arena, &unit.document);
            *statement = lease->items[i];
            statement->sid = arena_printf(c->arena, "%s%zu%s", c->sid_prefix, ++c->statements,
                                          tag && unit.document.count == 1 ? tag : "");
        }
    unit.size = copying_size(c, &unit.document);
    if (unit.document.count)
        *VEC_ADD(c->arena, &c->units) = unit;
}

bool copying_add_units(struct copying *c, const struct document *source, const char *tag)
{
    struct document lease = {0};
    if (!lease_document(c->arena, source, &c->terms, c->sid_prefix, &lease))
        return copying_refuse(
            c, "unreadable-date", false,
            "the policy has a condition on the time (or on MFA, which this account requires) that "
            "cannot be joined with that of the lease",
            "write dates as 2026-11-30T00:00:00Z, and no condition that wants MFA to be absent");
    const size_t first = c->units.count;
    add_effect(c, &lease, EFFECT_DENY, tag);
    add_effect(c, &lease, EFFECT_ALLOW, tag);
    c->whole_size = 0;
    for (size_t i = first; i < c->units.count; i++)
        c->whole_size += c->units.items[i].size;
    if (c->units.count - first > 1) /* what stands around the statements stands there once */
        c->whole_size -= copying_size(c, &(struct document){0}) - 1;
    return true;
}

bool copying_fits(const struct copying *c, size_t size)
{
    return (int64_t)size <= c->account->quotas.managed_policy_size;
}
