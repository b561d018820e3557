/* SPDX-License-Identifier: Apache-2.0 */
/* Roles of aws-roles: made, changed and taken away. What is attached to them is the affair of wanted.c and
 * unwanted.c. */
#include "base/str.h"
#include "plan/account_work.h"
#include "plan/attaching.h"
#include "plan/inlining.h"
#include "plan/kept_order.h"
#include "plan/kept_tags.h"
#include "plan/kept_trust.h"
#include "policy/document.h"
#include "policy/role_mark.h"
#include "policy/trust.h"

#include <string.h>

bool work_is_kept_role(const struct account_work *work, const struct observed_principal *principal,
                       struct mark *ret)
{
    return principal->kind == PRINCIPAL_ROLE &&
           role_mark_is_kept(work->arena, principal->mark, work->input->settings->owner, ret) &&
           str_eq(principal->mark,
                  role_mark_kept(work->arena, &(struct mark){ret->owner, ret->team, principal->name}));
}

static const char *refused_key(struct account_work *work, const char *name)
{
    return arena_printf(work->arena, "refused\n%s", work_key_role(work, name));
}

bool work_is_refused_role(struct account_work *work, const struct fact *fact)
{
    return fact->of_role && map_get(&work->keys, refused_key(work, fact->principal));
}

/* Somebody else has the name; nothing is granted to his role. */
static void refuse(struct account_work *work, const struct fact *fact, const struct observed_principal *there)
{
    struct mark mark;
    const bool ours = work_is_kept_role(work, there, &mark) || work_is_lease_role(work, there, &mark);
    work_keep(work, refused_key(work, fact->principal));
    if (ours && str_eq(mark.team, fact->team) && str_casecmp(there->name, fact->principal) == 0)
        work_refuse(
            work, fact, "role-name-taken",
            arena_printf(work->arena, "the role %s in account %s is called %s: IAM has one of both names",
                         fact->principal, fact->account_id, there->name),
            "take the entry out in one change and declare it by its new name in a later one, or keep the "
            "old one");
    else if (ours)
        work_refuse(work, fact, "role-name-taken",
                    arena_printf(work->arena, "the role %s in account %s is still that of team %s",
                                 there->name, fact->account_id, mark.team),
                    "when that team no longer declares it, run apply again");
    else
        work_refuse(
            work, fact, "foreign-role",
            arena_printf(work->arena,
                         "a role named %s exists in account %s and was not made by iamlease for this entry",
                         there->name, fact->account_id),
            "rename the entry, or delete that role if nobody needs it; iamlease never touches what is not "
            "its own");
}

static bool trusts_refused_provider(struct account_work *work, const struct role_decl *role)
{
    bool found = false;
    for (size_t i = 0; i < role->trust.count; i++)
        found |= role->trust.items[i].oidc_issuer &&
                 work_is_refused_provider(work, role->trust.items[i].oidc_issuer);
    return found;
}

static const char *path_of(const struct account_work *work, const struct role_decl *role)
{
    return role->path ? role->path : work->input->settings->policy_path;
}

static const char *arn_to_be(const struct account_work *work, const struct fact *fact)
{
    return arena_printf(work->arena, "arn:%s:iam::%s:role%s%s", work->input->settings->partition,
                        fact->account_id, path_of(work, fact->policy->role), fact->principal);
}

static void want_role(struct account_work *work, const struct fact *fact)
{
    struct principal_work *holder = work_principal(work, PRINCIPAL_ROLE, fact->principal);
    const struct observed_principal *there = holder->observed;
    if (there && !role_mark_admits(work->arena, there->mark, work->input->settings->owner, fact)) {
        refuse(work, fact, there);
        return;
    }
    if (trusts_refused_provider(work, fact->policy->role)) {
        work_keep(work, refused_key(work, fact->principal)); /* the problem of the provider says so */
        return;
    }
    holder->role = ARENA_NEW(work->arena, struct wanted_role);
    *holder->role = (struct wanted_role){.fact = fact, .live = there};
    if (!there) {
        struct observed_principal *empty = ARENA_NEW(work->arena, struct observed_principal);
        *empty = (struct observed_principal){.kind = PRINCIPAL_ROLE,
                                             .name = fact->principal,
                                             .arn = arn_to_be(work, fact)};
        holder->observed = empty;
    }
    work_keep(work, work_key_role(work, fact->principal));
    *VEC_ADD(work->arena, &work->kept) = holder;
}

/* IAM takes no trust policy that names a role which is not there: of new ones that trust each other none can be first. */
static void refuse_ring(struct account_work *work, struct principal_work *holder, const char *lacks)
{
    const struct fact *fact = holder->role->fact;
    work_keep(work, refused_key(work, fact->principal));
    work_refuse(work, fact, "role-ring",
                arena_printf(work->arena,
                             "role %s in account %s trusts %s, which cannot be made before it: new roles that "
                             "trust each other, or themselves, cannot be made in one change",
                             fact->principal, fact->account_id, lacks),
                "leave one of them out of the trust of the other, and add it in a later change");
    if (!holder->role->live)
        holder->observed = NULL;
    holder->role = NULL;
}

static void settle(struct account_work *work)
{
    size_t count = 0;
    kept_order(work);
    for (size_t i = 0; i < work->kept.count; i++) {
        struct principal_work *holder = work->kept.items[i];
        const char *lacks = kept_lacks(work, holder->role->fact->policy->role);
        if (lacks) {
            refuse_ring(work, holder, lacks);
            continue;
        }
        holder->role->settled = true;
        work->kept.items[count++] = holder;
    }
    work->kept.count = count;
}

void work_collect_kept(struct account_work *work)
{
    const struct facts *desired = work->input->desired, *held = work->input->held;
    size_t count, from = work_facts_of_account(work, desired, &count);
    for (size_t i = from; i < from + count; i++) {
        const struct fact *fact = &desired->items[i];
        if (fact_is_role(fact) && work_in_scope(work, fact->team) &&
            !(held && facts_find(held, fact->identity)))
            want_role(work, fact);
    }
    settle(work);
}

void work_keep_kept(struct account_work *work, const struct fact *fact)
{
    if (fact_is_role(fact))
        work_keep(work, work_key_role(work, fact->principal));
    if (fact_is_provider(fact))
        work_keep(work, work_key_provider(work, fact->principal));
}

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

static const char *boundary_of(const struct account_work *work, const struct role_decl *role)
{
    const char *general = work->input->settings->permissions_boundary;
    return role->permissions_boundary ? role->permissions_boundary : *general ? general : NULL;
}

static void create(struct account_work *work, struct wanted_role *wanted, const char *trust)
{
    const struct role_decl *role = wanted->fact->policy->role;
    const struct settings *settings = work->input->settings;
    const size_t index =
        add_write(work, wanted,
                  (struct operation){.kind = OP_CREATE_ROLE,
                                     .path = path_of(work, role),
                                     .description = mark_plain_description(work->arena, role->description),
                                     .document = trust,
                                     .session_s = session_of(role),
                                     .awaits_principal = kept_trusts_declared(work, role),
                                     .mark = role_mark_of_entry(work->arena, settings->owner, wanted->fact),
                                     .tags = kept_tags_of(work->arena, &role->tags),
                                     .boundary = boundary_of(work, role)});
    work_after_provider(work, index, role);
    kept_after_trusted(work, index, wanted);
    wanted->made = index + 1;
    *VEC_ADD(work->arena, &wanted->before_attach) = index;
}

/* How long sessions last, the description and the tags. */
static void change_details(struct account_work *work, struct wanted_role *wanted)
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
    const char *path = path_of(work, role);
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

static size_t change_trust(struct account_work *work, const struct principal_work *holder,
                           const struct document *trust)
{
    const struct wanted_role *wanted = holder->role;
    const struct role_decl *role = wanted->fact->policy->role;
    const size_t index = add_write(work, wanted,
                                   (struct operation){.kind = OP_UPDATE_TRUST,
                                                      .document = document_to_json(work->arena, trust),
                                                      .awaits_principal = kept_trusts_declared(work, role)});
    work_after_provider(work, index, role);
    kept_after_trusted(work, index, wanted);
    return index;
}

/* Lets it wait for all that the role loses. */
static void after_losses(struct account_work *work, size_t index, const struct principal_work *holder)
{
    for (size_t i = 0; i < holder->detached.count; i++)
        work_after(work, index, holder->detached.items[i]);
    for (size_t i = 0; i < holder->removed.count; i++)
        work_after(work, index, holder->removed.items[i]);
}

static size_t change_boundary(struct account_work *work, const struct principal_work *holder, bool loosens)
{
    const char *shall = boundary_of(work, holder->role->fact->policy->role);
    const size_t index =
        add_write(work, holder->role,
                  (struct operation){.kind = shall ? OP_PUT_BOUNDARY : OP_DELETE_BOUNDARY, .boundary = shall});
    if (loosens)
        after_losses(work, index, holder);
    return index;
}

/*
 * At no moment may somebody do what neither the files before nor these give him. Who comes to be trusted, and
 * who is bound less, gets nothing that goes in the same run, or is lent for less; whoever is trusted no
 * longer does not wait for that, and is gone before a boundary is. What bounds a role, and whom it trusts, is
 * right before more is attached to it.
 */
static void change(struct account_work *work, struct principal_work *holder, const struct document *trust)
{
    struct wanted_role *wanted = holder->role;
    const char *shall = boundary_of(work, wanted->fact->policy->role), *is = wanted->live->boundary;
    const bool bounds = !str_eq(is ? is : "", shall ? shall : "");
    const enum trust_step step = kept_trust_step(work, wanted, trust);
    const bool bounds_first = bounds && shall && (!is || step != TRUST_LESS);
    size_t bounded = 0, trusted = 0;
    if (step == TRUST_MORE || (bounds && is)) {
        work_detach(work, holder);
        work_narrow_inline(work, holder);
    }
    if (bounds_first)
        bounded = change_boundary(work, holder, is);
    if (step != TRUST_STAYS) {
        trusted = change_trust(work, holder, trust);
        *VEC_ADD(work->arena, &wanted->before_attach) = trusted;
    }
    if (step == TRUST_MORE)
        after_losses(work, trusted, holder);
    if (step == TRUST_MORE && bounds_first)
        work_after(work, trusted, bounded);
    if (bounds && !bounds_first)
        bounded = change_boundary(work, holder, is);
    if (bounds && !bounds_first && step != TRUST_STAYS)
        work_after(work, bounded, trusted);
    if (bounds && shall)
        *VEC_ADD(work->arena, &wanted->before_attach) = bounded;
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
            change(work, work->kept.items[i], &trust);
        else
            create(work, wanted, document_to_json(work->arena, &trust));
        note_others(work, wanted);
    }
}
