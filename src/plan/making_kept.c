/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/making_kept.h"

#include "base/str.h"
#include "plan/kept_order.h"
#include "plan/kept_providers.h"
#include "plan/kept_tags.h"
#include "plan/recreated.h"
#include "policy/boundary.h"
#include "policy/document.h"
#include "policy/role_mark.h"
#include "policy/trust.h"

#include <string.h>

static size_t add_write(struct account_work *work, const struct wanted_role *wanted,
                        struct operation operation)
{
    const struct fact *fact = wanted->fact;
    operation.principal_kind = PRINCIPAL_ROLE;
    operation.principal = wanted->live ? wanted->live->name : fact->principal;
    operation.lease_id = fact->lease_id;
    operation.reason = arena_printf(work->arena, "declared: %s/%s", fact->team, fact->grant);
    return work_add_operation(work, operation);
}

static int64_t session_of(const struct role_decl *role)
{
    return role->max_session_hours * 3600;
}

static const char *boundary_of(const struct account_work *work, const struct fact *fact)
{
    const char *arn =
        boundary_of_role(work->arena, work->input->settings, fact->account_id, fact->policy->role);
    return *arn ? arn : NULL;
}

static void create(struct account_work *work, struct wanted_role *wanted, const char *trust)
{
    const struct role_decl *role = wanted->fact->policy->role;
    const struct settings *settings = work->input->settings;
    const size_t index =
        add_write(work, wanted,
                  (struct operation){.kind = OP_CREATE_ROLE,
                                     .path = role->path ? role->path : settings->policy_path,
                                     .description = mark_plain_description(work->arena, role->description),
                                     .document = trust,
                                     .session_s = session_of(role),
                                     .awaits_principal = kept_trusts_declared(work, role),
                                     .mark = role_mark_of_entry(work->arena, settings->owner, wanted->fact),
                                     .tags = kept_tags_of(work->arena, &role->tags),
                                     .boundary = boundary_of(work, wanted->fact)});
    work_after_provider(work, index, role);
    kept_after_trusted(work, index, wanted);
    wanted->made = index + 1;
    *VEC_ADD(work->arena, &wanted->before_attach) = index;
}

static bool trust_differs(struct account_work *work, const struct wanted_role *wanted,
                          const struct document *shall)
{
    struct document live = {0};
    struct err ignored;
    const char *trust = wanted->live->trust;
    return !trust || document_parse_trust(work->arena, trust, strlen(trust), &live, &ignored) < 0 ||
           !document_equal(work->arena, &live, shall);
}

/* How long sessions last, the description and the tags. */
static void change_details(struct account_work *work, const struct wanted_role *wanted)
{
    const struct role_decl *role = wanted->fact->policy->role;
    const struct role_details *live = wanted->live->details;
    const char *description = mark_plain_description(work->arena, role->description);
    if (!live)
        return; /* nobody asked for them */
    if (live->session_s != session_of(role) || !str_eq(live->description, description))
        add_write(work, wanted,
                  (struct operation){.kind = OP_UPDATE_ROLE,
                                     .description = description,
                                     .session_s = session_of(role)});
    const struct tags *more = kept_tags_missing(work, &role->tags, &live->tags),
                      *less = kept_tags_dropped(work, wanted->fact, &live->tags);
    if (more->count)
        add_write(work, wanted,
                  (struct operation){.kind = OP_TAG_ROLE, .mark = wanted->live->mark, .tags = more});
    if (less->count)
        add_write(work, wanted, (struct operation){.kind = OP_UNTAG_ROLE, .tags = less});
}

/* IAM cannot move a role. */
static void check_path(struct account_work *work, const struct wanted_role *wanted)
{
    const struct role_decl *role = wanted->fact->policy->role;
    const char *path = role->path ? role->path : work->input->settings->policy_path;
    const char *shall = arena_printf(work->arena, ":role%s%s", path, wanted->live->name);
    if (wanted->live->arn && !str_suffix(wanted->live->arn, shall))
        work_refuse(work, wanted->fact, "role-path-fixed",
                    arena_printf(work->arena,
                                 "role %s in account %s is %s, and IAM cannot move it to the path %s",
                                 wanted->live->name, wanted->fact->account_id, wanted->live->arn, path),
                    "give the role another name with the new path, or leave the path as it is");
}

/* Policies that somebody attached by hand: nobody declared them, so they are not ours to take away. */
static void note_others(struct account_work *work, const struct wanted_role *wanted)
{
    const struct observed_principal *role = wanted->live;
    for (size_t i = 0; role && i < role->attached.count; i++) {
        const char *key = work_key_attachment(work, PRINCIPAL_ROLE, role->name, role->attached.items[i]);
        if (!map_get(&work->keys, key) && !map_get(&work->unwanted, key))
            *VEC_ADD(work->arena, &work->plan->notices) = arena_printf(
                work->arena, "role %s in account %s has %s, which no file declares: iamlease leaves it there",
                role->name, work->account->account_id, role->attached.items[i]);
    }
    for (size_t i = 0; role && i < role->inline_policies.count; i++) {
        const char *name = role->inline_policies.items[i].name,
                   *key = work_key_inline(work, PRINCIPAL_ROLE, role->name, name);
        if (!map_get(&work->keys, key) && !map_get(&work->unwanted, key))
            *VEC_ADD(work->arena, &work->plan->notices) = arena_printf(
                work->arena,
                "role %s in account %s has the inline policy %s, which no file declares: iamlease leaves it there",
                role->name, work->account->account_id, name);
    }
}

/* Whom it trusted is no more, and who has the name now may be somebody else. */
static bool hold_trust(struct account_work *work, const struct wanted_role *wanted)
{
    const struct fact *fact = wanted->fact;
    if (!work_is_trust_recreated(work, wanted->live, fact))
        return false;
    work_refuse(
        work, fact, "principal-recreated",
        arena_printf(work->arena,
                     "role %s in account %s (%s) trusts somebody who was deleted since this was granted: "
                     "its trust stays as it is",
                     wanted->live->name, fact->account_id, fact->environment),
        "if whoever has that name now is to be trusted, change the entry (its description will do) and "
        "merge that; otherwise take the name out of it");
    return true;
}

/* When each of it happens is the affair of trust_order.c. */
static void change(struct account_work *work, const struct wanted_role *wanted, const struct document *trust)
{
    const struct role_decl *role = wanted->fact->policy->role;
    const char *shall = boundary_of(work, wanted->fact), *is = wanted->live->boundary;
    if (!str_eq(is ? is : "", shall ? shall : ""))
        add_write(work, wanted,
                  (struct operation){.kind = shall ? OP_PUT_BOUNDARY : OP_DELETE_BOUNDARY, .boundary = shall});
    if (trust_differs(work, wanted, trust) && !hold_trust(work, wanted)) {
        const size_t index =
            add_write(work, wanted,
                      (struct operation){.kind = OP_UPDATE_TRUST,
                                         .document = document_to_json(work->arena, trust),
                                         .awaits_principal = kept_trusts_declared(work, role)});
        work_after_provider(work, index, role);
        kept_after_trusted(work, index, wanted);
    }
    change_details(work, wanted);
    check_path(work, wanted);
}

void work_make_kept(struct account_work *work)
{
    for (size_t i = 0; i < work->kept.count; i++) {
        struct wanted_role *wanted = work->kept.items[i]->role;
        struct document trust;
        trust_document(work->arena, work->input->settings->partition, wanted->fact->account_id,
                       wanted->fact->policy->role, &trust);
        if (wanted->live)
            change(work, wanted, &trust);
        else
            create(work, wanted, document_to_json(work->arena, &trust));
        note_others(work, wanted);
    }
}
