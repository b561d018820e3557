/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/making_roles.h"

#include "base/str.h"
#include "plan/ours.h"
#include "policy/document.h"

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

static bool trust_differs(struct account_work *work, const struct wanted_role *wanted)
{
    struct document live = {0};
    struct err ignored;
    const char *trust = wanted->live->trust;
    return document_parse_trust(work->arena, trust, strlen(trust), &live, &ignored) < 0 ||
           !document_equal(work->arena, &live, &wanted->role.trust);
}

static bool deny_differs(struct account_work *work, const struct wanted_role *wanted)
{
    const struct inline_policy *there =
        wanted->live ? work_find_inline(wanted->live, lease_role_deny_name) : NULL;
    struct document live = {0};
    struct err ignored;
    return !there ||
           document_parse(work->arena, there->document, strlen(there->document), &live, &ignored) < 0 ||
           !document_equal(work->arena, &live, &wanted->role.deny);
}

static void attach_after(struct account_work *work, struct wanted_role *wanted, size_t operation)
{
    *VEC_ADD(work->arena, &wanted->before_attach) = operation;
}

/* The boundary was changed by hand, or by the settings. */
static void mend_boundary(struct account_work *work, struct wanted_role *wanted)
{
    const char *shall = work->input->settings->permissions_boundary;
    const char *is = wanted->live->boundary ? wanted->live->boundary : "";
    if (!str_eq(is, shall))
        attach_after(work, wanted,
                     add_write(work, wanted,
                               (struct operation){.kind = *shall ? OP_PUT_BOUNDARY : OP_DELETE_BOUNDARY,
                                                  .boundary = *shall ? shall : NULL}));
}

static size_t create_role(struct account_work *work, struct wanted_role *wanted)
{
    const struct lease_role *role = &wanted->role;
    const struct settings *settings = work->input->settings;
    say_how_to_get_in(work, wanted->fact, role);
    return add_write(work, wanted,
                     (struct operation){
                         .kind = OP_CREATE_ROLE,
                         .path = settings->policy_path,
                         .description = role->description,
                         .document = role->trust_json,
                         .mark = role->mark,
                         .boundary = *settings->permissions_boundary ? settings->permissions_boundary : NULL});
}

/*
 * The role is of no use before something is attached; from then on the Deny must be there, and whom it trusts
 * must be right. Prolonged or made shorter: the Deny first, because it is what ends sessions. The trust waits
 * for nothing else: a boundary that cannot be put must not keep somebody in.
 */
static void make_role(struct account_work *work, struct wanted_role *wanted)
{
    const struct lease_role *role = &wanted->role;
    const size_t created = wanted->live ? 0 : create_role(work, wanted);
    const bool denies = deny_differs(work, wanted);
    size_t denied = created;
    if (denies) {
        denied = add_write(work, wanted,
                           (struct operation){.kind = OP_PUT_INLINE_POLICY,
                                              .policy_name = lease_role_deny_name,
                                              .document = role->deny_json});
        if (!wanted->live)
            work_after(work, denied, created);
    }
    if (denies || !wanted->live)
        attach_after(work, wanted, denied);
    if (!wanted->live)
        return;
    mend_boundary(work, wanted);
    if (!trust_differs(work, wanted))
        return;
    size_t trusted =
        add_write(work, wanted, (struct operation){.kind = OP_UPDATE_TRUST, .document = role->trust_json});
    if (denies)
        work_after(work, trusted, denied);
    attach_after(work, wanted, trusted);
}

void work_make_roles(struct account_work *work)
{
    for (size_t i = 0; i < work->roles.count; i++)
        make_role(work, work->roles.items[i]->role);
}
