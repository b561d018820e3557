/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/shortening.h"

#include "plan/ours.h"
#include "plan/role_deny.h"
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
    return arena_printf(work->arena, "held, and ends no later: %s/%s", fact->team, fact->grant);
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
    const struct observed_policy *copy;
    for (size_t number = 0; (copy = work_next_copy(work, fact, &number));) {
        struct document live;
        const char *document = mark_read_inline(work->arena, copy->document, work->sid_prefix, &live)
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

/* What denies everything from then on, where it is not there; *ret is then the call that puts it. */
static bool put_deny(struct account_work *work, const struct fact *fact,
                     const struct observed_principal *role, int64_t ends_at_s, size_t *ret)
{
    struct document deny;
    if (role_deny_is_in_time(work->arena, work->sid_prefix, role, ends_at_s))
        return false;
    lease_role_deny(work->arena, work->sid_prefix, ends_at_s, &deny);
    *ret = put_inline(work, fact, PRINCIPAL_ROLE, role->name, lease_role_deny_name,
                      document_to_json(work->arena, &deny));
    work->plan->operations.items[*ret].ends_at_s = ends_at_s;
    return true;
}

/* The Deny first: it ends sessions. It is there from whichever end is earlier. */
static void shorten_role(struct account_work *work, const struct fact *fact)
{
    struct document trust = {0};
    struct err ignored;
    const struct observed_principal *role = work_find_role(work, fact);
    int64_t ends_at_s;
    size_t denied;
    if (!role)
        return;
    if (document_parse_trust(work->arena, role->trust, strlen(role->trust), &trust, &ignored) < 0) {
        refuse(work, fact, role->name);
        return;
    }
    const char *document = shorter_text(work, fact, role->name, &trust);
    if (!lease_ends_at(&trust, &ends_at_s) || ends_at_s > fact->ends_at_s)
        ends_at_s = fact->ends_at_s;
    const bool puts = put_deny(work, fact, role, ends_at_s, &denied);
    if (!document)
        return;
    const size_t trusted = work_add_operation(work, (struct operation){.kind = OP_UPDATE_TRUST,
                                                                       .principal_kind = PRINCIPAL_ROLE,
                                                                       .principal = role->name,
                                                                       .document = document,
                                                                       .ends_at_s = fact->ends_at_s,
                                                                       .reason = reason_of(work, fact),
                                                                       .lease_id = fact->lease_id});
    if (puts)
        work_after(work, trusted, denied);
}

void work_shorten(struct account_work *work, const struct fact *fact)
{
    shorten_inline(work, fact);
    shorten_copies(work, fact);
    shorten_role(work, fact);
}

static void report_endless(struct account_work *work, const struct fact *fact, const char *what)
{
    work_refuse(work, fact, "lease-without-end",
                arena_printf(work->arena,
                             "%s carries the mark of a lease but does not end: it was edited by hand", what),
                "mend what holds the entry and apply again, or delete it by hand");
}

static bool ends(struct account_work *work, const char *json)
{
    struct document document = {0};
    int64_t ignored;
    return mark_read_inline(work->arena, json, work->sid_prefix, &document) &&
           lease_ends_at(&document, &ignored);
}

void work_keep_end_of_role(struct account_work *work, const struct fact *fact)
{
    const struct observed_principal *role = work_find_role(work, fact);
    int64_t ends_at_s;
    size_t ignored;
    if (role && !lease_role_ends_at(work->arena, role->trust, &ends_at_s))
        report_endless(work, fact, arena_printf(work->arena, "role %s", role->name));
    else if (role && role->attached.count)
        put_deny(work, fact, role, ends_at_s, &ignored);
}

void work_keep_end(struct account_work *work, const struct fact *fact)
{
    struct document ignored;
    const struct observed_principal *principal =
        observed_find_principal(work->account, fact->principal_kind, fact->principal);
    const struct inline_policy *there =
        principal ? work_find_inline(principal, mark_lease_name(work->arena, fact)) : NULL;
    if (there && work_is_ours(work, there, &ignored) && !ends(work, there->document))
        report_endless(work, fact, arena_printf(work->arena, "inline policy %s", there->name));
    const struct observed_policy *copy;
    for (size_t number = 0; (copy = work_next_copy(work, fact, &number));)
        if (!ends(work, copy->document))
            report_endless(work, fact, arena_printf(work->arena, "policy %s", copy->name));
    work_keep_end_of_role(work, fact);
}
