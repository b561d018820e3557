/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/copies_changed.h"

#include "plan/denials.h"
#include "plan/ours.h"

/* One policy of a lease: as AWS has it, as it shall be; one of the two may be NULL. */
struct part {
    const struct observed_policy *live;
    struct wanted_policy *shall;
    bool is_attached;
};

struct parts {
    VEC_FIELDS(struct part);
};

static struct parts parts_of(struct account_work *work, const struct principal_work *principal,
                             const struct fact *fact)
{
    struct parts parts = {0};
    for (size_t i = 0; i < work->policies.count; i++)
        if (work->policies.items[i]->lease == fact)
            *VEC_ADD(work->arena, &parts) =
                (struct part){.live = work->policies.items[i]->observed, .shall = work->policies.items[i]};
    const struct observed_policy *live;
    for (size_t number = parts.count; (live = work_next_copy(work, fact, &number));)
        *VEC_ADD(work->arena, &parts) = (struct part){.live = live};
    for (size_t i = 0; i < parts.count; i++)
        parts.items[i].is_attached =
            parts.items[i].live && observed_is_attached(principal->observed, parts.items[i].live->arn);
    return parts;
}

/* Whether something that is in force changes, while what denies is not there, or says less. */
static bool is_delicate(struct account_work *work, const struct parts *parts)
{
    bool changes = false, denies_less = false;
    for (size_t i = 0; i < parts->count; i++) {
        const struct part *part = &parts->items[i];
        changes |= part->is_attached && (!part->shall || part->shall->changes);
        denies_less |=
            part->shall && !part->is_attached && denial_turn_of(part->shall->document) != ALLOWS_ONLY;
        denies_less |=
            part->live && denial_turn_of(part->live->document) != ALLOWS_ONLY &&
            (!part->shall || !denials_are_kept(work->arena, part->live->document, part->shall->document));
    }
    return changes && denies_less && parts->count > 1;
}

static void forget_attachments(struct principal_work *principal, const struct fact *fact)
{
    size_t kept = 0;
    for (size_t i = 0; i < principal->attach.count; i++)
        if (principal->attach.items[i].fact != fact)
            principal->attach.items[kept++] = principal->attach.items[i];
    principal->attach.count = kept;
}

void work_change_detached(struct account_work *work, struct principal_work *principal, const struct fact *fact)
{
    const struct parts parts = parts_of(work, principal, fact);
    if (!is_delicate(work, &parts))
        return;
    const char *reason =
        arena_printf(work->arena, "so that it can be changed: %s/%s", fact->team, fact->grant);
    forget_attachments(principal, fact);
    for (size_t i = 0; i < parts.count; i++) {
        const struct part *part = &parts.items[i];
        if (part->is_attached)
            *VEC_ADD(work->arena, &principal->detach) =
                (struct unwanted_object){.arn = part->live->arn,
                                         .reason = reason,
                                         .lease_id = fact->lease_id,
                                         .again = part->shall ? fact : NULL};
        if (!part->shall) {
            map_put(&work->unwanted,
                    work_key_attachment(work, principal->kind, principal->name, part->live->arn), work);
            continue;
        }
        *VEC_ADD(work->arena, &principal->attach) =
            (struct wanted_object){.fact = fact, .arn = part->shall->arn, .policy = part->shall};
        part->shall->detached_from = principal;
    }
    principal->detach_first = principal->detach_before_changes = true;
}
