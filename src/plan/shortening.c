/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/shortening.h"

#include "plan/ours.h"
#include "policy/document.h"
#include "policy/lease.h"

#include <string.h>

static void refuse(struct account_work *work, const struct fact *fact, const char *what)
{
    work_refuse(work, fact, "lease-damaged",
                arena_printf(work->arena, "nobody can say when %s ends: it was edited by hand", what),
                "delete it by hand");
}

/* The text of a document that allows no longer than the fact lasts; NULL: it is so, or, with a problem, cannot be. */
static const char *shorter_text(struct account_work *work, const struct fact *fact, const char *what,
                                const struct document *live)
{
    const struct lease_terms terms = {.ends_at_s = fact->ends_at_s};
    struct document shorter = {0};
    int64_t ends_at_s;
    if (lease_ends_at(live, &ends_at_s) && ends_at_s <= fact->ends_at_s)
        return NULL;
    if (!lease_document(work->arena, live, &terms, work->sid_prefix, &shorter)) {
        refuse(work, fact, what);
        return NULL;
    }
    for (size_t i = 0; i < live->count; i++)
        if (live->items[i].effect == EFFECT_DENY)
            shorter.items[i] = live->items[i];
        else
            shorter.items[i].sid = live->items[i].sid; /* it says what was copied */
    return document_equal(work->arena, live, &shorter) ? NULL : document_to_json(work->arena, &shorter);
}

static const char *reason_of(struct account_work *work, const struct fact *fact)
{
    return arena_printf(work->arena, "held, and ends earlier: %s/%s", fact->team, fact->grant);
}

static size_t put_inline(struct account_work *work, const struct fact *fact, enum principal_kind kind,
                         const char *principal, const char *name, const char *document)
{
    return work_add_operation(work, (struct operation){.kind = OP_PUT_INLINE_POLICY,
                                                       .principal_kind = kind,
                                                       .principal = principal,
                                                       .policy_name = name,
                                                       .document = document,
                                                       .ends_at_s = fact->ends_at_s,
                                                       .reason = reason_of(work, fact),
                                                       .lease_id = fact->lease_id});
}

static void shorten_inline(struct account_work *work, const struct fact *fact)
{
    struct document live;
    const struct observed_principal *principal =
        observed_find_principal(work->account, fact->principal_kind, fact->principal);
    const struct inline_policy *there =
        principal ? work_find_inline(principal, mark_lease_name(work->arena, fact)) : NULL;
    const char *document =
        there && work_is_ours(work, there, &live) ? shorter_text(work, fact, there->name, &live) : NULL;
    if (document)
        put_inline(work, fact, principal->kind, principal->name, there->name, document);
}

static void shorten_copies(struct account_work *work, const struct fact *fact)
{
    for (size_t i = 1; work->account->policies.count && i <= work_copies_max(fact); i++) {
        struct document live;
        const struct observed_policy *copy = work_find_copy(work, fact, mark_copy_name(work->arena, fact, i));
        const char *document = copy && mark_read_inline(work->arena, copy->document, work->sid_prefix, &live)
                                   ? shorter_text(work, fact, copy->name, &live)
                                   : NULL;
        if (!document)
            continue;
        struct wanted_policy *policy = ARENA_NEW(work->arena, struct wanted_policy);
        *policy = (struct wanted_policy){.team = fact->team,
                                         .grant = mark_copy_of(work->arena, fact),
                                         .name = copy->name,
                                         .arn = copy->arn,
                                         .document = document,
                                         .observed = copy,
                                         .lease = fact,
                                         .changes = true,
                                         .used = true};
        *VEC_ADD(work->arena, &work->policies) = policy;
    }
}

static bool denies_from(struct account_work *work, const struct observed_principal *role,
                        const struct document *deny)
{
    struct document live = {0};
    struct err ignored;
    const struct inline_policy *there = work_find_inline(role, lease_role_deny_name);
    return there &&
           document_parse(work->arena, there->document, strlen(there->document), &live, &ignored) == 0 &&
           document_equal(work->arena, &live, deny);
}

/* The Deny first: it ends sessions. It is there from whichever end is earlier. */
static void shorten_role(struct account_work *work, const struct fact *fact)
{
    struct document trust = {0}, deny;
    struct err ignored;
    const struct observed_principal *role = work_find_role(work, fact);
    int64_t ends_at_s;
    if (!role)
        return;
    if (document_parse_trust(work->arena, role->trust, strlen(role->trust), &trust, &ignored) < 0) {
        refuse(work, fact, role->name);
        return;
    }
    const char *document = shorter_text(work, fact, role->name, &trust);
    if (!lease_ends_at(&trust, &ends_at_s) || ends_at_s > fact->ends_at_s)
        ends_at_s = fact->ends_at_s;
    lease_role_deny(work->arena, work->sid_prefix, ends_at_s, &deny);
    const bool denies = denies_from(work, role, &deny);
    const size_t denied = denies ? 0
                                 : put_inline(work, fact, PRINCIPAL_ROLE, role->name, lease_role_deny_name,
                                              document_to_json(work->arena, &deny));
    if (!document)
        return;
    const size_t trusted = work_add_operation(work, (struct operation){.kind = OP_UPDATE_TRUST,
                                                                       .principal_kind = PRINCIPAL_ROLE,
                                                                       .principal = role->name,
                                                                       .document = document,
                                                                       .ends_at_s = fact->ends_at_s,
                                                                       .reason = reason_of(work, fact),
                                                                       .lease_id = fact->lease_id});
    if (!denies)
        work_after(work, trusted, denied);
}

void work_shorten(struct account_work *work, const struct fact *fact)
{
    shorten_inline(work, fact);
    shorten_copies(work, fact);
    shorten_role(work, fact);
}
