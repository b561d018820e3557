/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/making_roles.h"

#include "base/str.h"
#include "plan/ours.h"
#include "policy/boundary.h"
#include "policy/document.h"
#include "policy/lease.h"

#include <string.h>

static void say_how_to_get_in(struct account_work *work, const struct fact *fact,
                              const struct lease_role *role)
{
    *VEC_ADD(work->arena, &work->plan->notices) = arena_printf(
        work->arena, "%s gets %s/%s in %s (%s) by switching to the role %s; in the console: %s",
        fact->declared_as, fact->team, fact->grant, fact->environment, fact->account_id, role->arn,
        lease_role_url(work->arena, work->input->settings, fact->account_id, role->name));
}

static size_t add_write(struct account_work *work, const struct wanted_role *wanted,
                        struct operation operation)
{
    operation.principal_kind = PRINCIPAL_ROLE;
    operation.principal = wanted->live ? wanted->live->name : wanted->role.name;
    operation.ends_at_s = wanted->fact->ends_at_s;
    operation.lease_id = wanted->fact->lease_id;
    operation.reason = arena_printf(work->arena, "granted: %s/%s", wanted->fact->team, wanted->fact->grant);
    return work_add_operation(work, operation);
}

/* False when it cannot be read. */
static bool read_trust(struct account_work *work, const struct wanted_role *wanted, struct document *ret)
{
    const char *trust = wanted->live->trust;
    struct err ignored;
    *ret = (struct document){0};
    return trust && document_parse_trust(work->arena, trust, strlen(trust), ret, &ignored) == 0;
}

static void attach_after(struct account_work *work, struct wanted_role *wanted, size_t operation)
{
    *VEC_ADD(work->arena, &wanted->before_attach) = operation;
}

static size_t put_deny(struct account_work *work, struct wanted_role *wanted)
{
    const size_t denied = add_write(work, wanted,
                                    (struct operation){.kind = OP_PUT_INLINE_POLICY,
                                                       .policy_name = lease_role_deny_name,
                                                       .document = wanted->role.deny_json});
    attach_after(work, wanted, denied);
    return denied;
}

static size_t put_trust(struct account_work *work, struct wanted_role *wanted, const char *trust)
{
    const size_t trusted =
        add_write(work, wanted, (struct operation){.kind = OP_UPDATE_TRUST, .document = trust});
    attach_after(work, wanted, trusted);
    return trusted;
}

/* Whether the Deny that stands there begins earlier than it shall; any other that differs is replaced at once. */
static bool deny_is_earlier(struct account_work *work, const struct wanted_role *wanted,
                            const struct document *live)
{
    int64_t from_s;
    return lease_role_denies_from(work->arena, work->sid_prefix, live, &from_s) &&
           from_s < wanted->fact->ends_at_s;
}

/* The Deny comes before the trust, because it is what ends sessions. */
static void narrow_deny(struct account_work *work, struct wanted_role *wanted)
{
    struct document live;
    const bool is_read = work_read_inline(work->arena, wanted->live, lease_role_deny_name, &live);
    if (is_read && document_equal(work->arena, &live, &wanted->role.deny))
        return;
    wanted->widens.deny = is_read && deny_is_earlier(work, wanted, &live);
    if (!wanted->widens.deny)
        put_deny(work, wanted);
}

/* It was changed by hand, or by the settings. One in place of another is put at once: nobody can say what
 * both allow, and it limits whatever the policies are going to allow. */
static void narrow_boundary(struct account_work *work, struct wanted_role *wanted)
{
    const char *shall = boundary_of_role(work->arena, work->input->settings, wanted->fact->account_id, NULL);
    const char *is = wanted->live->boundary ? wanted->live->boundary : "";
    if (str_eq(is, shall))
        return;
    wanted->widens.boundary = !*shall;
    if (*shall)
        attach_after(work, wanted,
                     add_write(work, wanted, (struct operation){.kind = OP_PUT_BOUNDARY, .boundary = shall}));
}

static bool policy_changes(const struct principal_work *holder, const struct wanted_policy *policy)
{
    return policy->used && policy->observed && policy->changes &&
           observed_is_attached(holder->observed, policy->arn);
}

/* Whether what may be done in the role becomes another thing in this run, too. */
static bool policies_change(const struct account_work *work, const struct principal_work *holder)
{
    for (size_t i = 0; i < work->policies.count; i++)
        if (policy_changes(holder, work->policies.items[i]))
            return true;
    return holder->detach.count > 0;
}

/* Whether nobody else is let in, on whatever terms. */
static bool trusts_the_same(const struct document *live, const struct document *shall)
{
    const struct strings *wanted = &shall->items[0].principals;
    return live->count == 1 && live->items[0].principals.count == wanted->count &&
           str_eq(live->items[0].principals.items[0], wanted->items[0]);
}

/*
 * The trust waits for the Deny and for nothing else: a boundary that cannot be put must not keep somebody in.
 * One that takes and gives at once, such as a window that is moved, does so in two steps where the policies
 * change between them.
 */
static void narrow_trust(struct account_work *work, const struct principal_work *holder)
{
    struct wanted_role *wanted = holder->role;
    const struct lease_terms terms = lease_terms_of(wanted->fact);
    struct document live, narrowed;
    const bool is_read = read_trust(work, wanted, &live);
    if (is_read && document_equal(work->arena, &live, &wanted->role.trust))
        return;
    const bool can_narrow = is_read && trusts_the_same(&live, &wanted->role.trust) &&
                            lease_document(work->arena, &live, &terms, work->sid_prefix, &narrowed);
    wanted->widens.trust = can_narrow && !document_equal(work->arena, &narrowed, &wanted->role.trust);
    const size_t before = wanted->before_attach.count;
    size_t trusted;
    if (!wanted->widens.trust)
        trusted = put_trust(work, wanted, wanted->role.trust_json);
    else if (!document_equal(work->arena, &narrowed, &live) && policies_change(work, holder))
        trusted = put_trust(work, wanted, document_to_json(work->arena, &narrowed));
    else
        return;
    for (size_t i = 0; i < before; i++)
        if (work->plan->operations.items[wanted->before_attach.items[i]].kind == OP_PUT_INLINE_POLICY)
            work_after(work, trusted, wanted->before_attach.items[i]);
}

void work_narrow_roles(struct account_work *work)
{
    for (size_t i = 0; i < work->roles.count; i++) {
        struct principal_work *holder = work->roles.items[i];
        struct wanted_role *wanted = holder->role;
        if (!wanted->live)
            continue;
        narrow_deny(work, wanted);
        narrow_boundary(work, wanted);
        narrow_trust(work, holder);
        holder->detach_before_changes |=
            wanted->widens.deny || wanted->widens.boundary || wanted->widens.trust;
    }
}

/* After all that takes away: from the role, and from what its policies allow. */
static void give_after(struct account_work *work, const struct principal_work *holder, size_t narrowed,
                       size_t operation)
{
    for (size_t i = 0; i < narrowed; i++)
        work_after(work, operation, holder->role->before_attach.items[i]);
    for (size_t i = 0; i < holder->detached.count; i++)
        work_after(work, operation, holder->detached.items[i]);
    for (size_t i = 0; i < work->policies.count; i++)
        if (policy_changes(holder, work->policies.items[i]))
            work_after(work, operation, work->policies.items[i]->operation - 1);
}

static void widen(struct account_work *work, struct principal_work *holder)
{
    struct wanted_role *wanted = holder->role;
    const size_t narrowed = wanted->before_attach.count;
    size_t denied = 0;
    if (wanted->widens.deny)
        give_after(work, holder, narrowed, denied = put_deny(work, wanted));
    if (wanted->widens.boundary) {
        const size_t freed = add_write(work, wanted, (struct operation){.kind = OP_DELETE_BOUNDARY});
        give_after(work, holder, narrowed, freed);
        attach_after(work, wanted, freed);
    }
    if (wanted->widens.trust) {
        const size_t trusted = put_trust(work, wanted, wanted->role.trust_json);
        give_after(work, holder, narrowed, trusted);
        if (wanted->widens.deny)
            work_after(work, trusted, denied);
    }
}

static size_t create_role(struct account_work *work, struct wanted_role *wanted)
{
    const struct lease_role *role = &wanted->role;
    const struct settings *settings = work->input->settings;
    const char *boundary = boundary_of_role(work->arena, settings, wanted->fact->account_id, NULL);
    const struct principal_work *to =
        work_principal(work, wanted->fact->principal_kind, wanted->fact->principal);
    const size_t made = to->role ? to->role->made : 0; /* of aws-roles: IAM trusts none that is not there */
    say_how_to_get_in(work, wanted->fact, role);
    const size_t index = add_write(work, wanted,
                                   (struct operation){.kind = OP_CREATE_ROLE,
                                                      .path = settings->policy_path,
                                                      .description = role->description,
                                                      .document = role->trust_json,
                                                      .mark = role->mark,
                                                      .awaits_principal = made != 0,
                                                      .boundary = *boundary ? boundary : NULL});
    if (made)
        work_after(work, index, made - 1);
    return index;
}

/* The role is of no use before something is attached; from then on the Deny must be there. */
static void create_role_with_deny(struct account_work *work, struct wanted_role *wanted)
{
    const size_t created = create_role(work, wanted);
    work_after(work, put_deny(work, wanted), created);
}

void work_make_roles(struct account_work *work)
{
    for (size_t i = 0; i < work->roles.count; i++) {
        struct principal_work *holder = work->roles.items[i];
        if (holder->role->live)
            widen(work, holder);
        else
            create_role_with_deny(work, holder->role);
    }
}
