/* SPDX-License-Identifier: Apache-2.0 */
/* Leases that are roles to switch to. */
#include "base/str.h"
#include "plan/account_work.h"
#include "policy/role_mark.h"

#include <string.h>

bool work_is_lease_role(const struct account_work *work, const struct observed_principal *principal,
                        struct mark *ret)
{
    return principal->kind == PRINCIPAL_ROLE &&
           role_mark_is_lease(work->arena, principal->mark, work->input->settings->owner, ret);
}

const struct observed_principal *work_find_role(const struct account_work *work, const struct fact *fact)
{
    const char *name = mark_role_name(work->arena, work->input->settings->policy_path, fact);
    const struct observed_principal *role = observed_find_principal(work->account, PRINCIPAL_ROLE, name);
    bool ours = role && role->mark && !role->direct &&
                str_eq(role->mark, role_mark_of(work->arena, work->input->settings->owner, fact));
    return ours ? role : NULL;
}

/* With all that is attached to it. */
void work_keep_role(struct account_work *work, const struct fact *fact)
{
    const struct observed_principal *role = work_find_role(work, fact);
    if (!role)
        return;
    work_keep(work, work_key_role(work, role->name));
    for (size_t i = 0; i < role->attached.count; i++)
        work_keep(work, work_key_attachment(work, PRINCIPAL_ROLE, role->name, role->attached.items[i]));
    for (size_t i = 0; i < work->account->policies.count; i++)
        if (observed_is_attached(role, work->account->policies.items[i].arn))
            work_keep(work, work_key_policy(work, work->account->policies.items[i].name));
}

static bool is_of_some_fact(const struct account_work *work, const struct facts *facts, const char *mark)
{
    size_t count = 0, from = facts ? work_facts_of_account(work, facts, &count) : 0;
    for (size_t i = from; i < from + count; i++)
        if (facts->items[i].kind == ACCESS_LEASE &&
            str_eq(role_mark_of(work->arena, work->input->settings->owner, &facts->items[i]), mark))
            return true;
    return false;
}

/* Whether a role of ours is that of a lease that nobody declares any more. */
static bool goes(const struct account_work *work, const struct observed_principal *role,
                 const struct mark *mark)
{
    return work_in_scope(work, mark->team) && !is_of_some_fact(work, work->input->desired, role->mark) &&
           !is_of_some_fact(work, work->input->held, role->mark);
}

/* False, with a problem, when the name of the role belongs to somebody else. */
static bool take_name(struct account_work *work, const struct fact *fact, const char *name)
{
    const struct observed_principal *there = observed_find_principal(work->account, PRINCIPAL_ROLE, name);
    const char *taken = arena_printf(work->arena, "wanted\n%s", work_key_role(work, name));
    struct mark mark;
    bool is_taken = map_get(&work->keys, taken) != NULL;
    work_keep(work, taken);
    if (!is_taken && (!there || work_find_role(work, fact)))
        return true;
    bool ours = is_taken || work_is_lease_role(work, there, &mark);
    work_refuse(
        work, fact, ours ? "role-name-taken" : "foreign-role",
        arena_printf(work->arena, "a role named %s exists in account %s, and is not that of this lease", name,
                     fact->account_id),
        !is_taken && ours && goes(work, there, &mark) ? "run apply again"
        : ours                                        ? "give one of the two grants another name"
               : "rename the grant, or delete that role if nobody needs it; iamlease never touches what "
                 "is not its own");
    return false;
}

/* False, with a problem, when the grant cannot be had by switching to a role. */
static bool is_possible(struct account_work *work, const struct fact *fact)
{
    const int64_t quota = work->account->quotas.attached[PRINCIPAL_ROLE];
    const size_t count = fact->policy->managed_policies.count + (fact->policy->custom.count != 0);
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++) {
        const char *arn = fact->policy->managed_policies.items[i].text;
        if (!strstr(arn, ":policy/aws-service-role/"))
            continue;
        work_refuse(work, fact, "policy-not-attachable",
                    arena_printf(work->arena,
                                 "%s is for roles of AWS's services and cannot be attached to another", arn),
                    "name another policy, or write what is needed of it as custom_statements");
        return false;
    }
    if ((int64_t)count <= quota || work_find_role(work, fact))
        return true; /* of a role that is there, each policy that does not fit is a problem of its own */
    work_refuse(work, fact, "attachment-quota",
                arena_printf(work->arena,
                             "a role in account %s can have %lld managed policies attached, and '%s' needs %zu: "
                             "nothing is granted",
                             fact->account_id, (long long)quota, fact->grant, count),
                "put several policies into one");
    return false;
}

/*
 * What AWS holds of a lease that cannot be made as declared stays as long as it ends no later than that.
 * Copies and roles that do not are taken away as what nobody wants.
 */
static void keep_what_may_stay(struct account_work *work, struct principal_work *principal,
                               const struct fact *fact)
{
    const struct observed_principal *role = work_find_role(work, fact);
    const struct inline_policy *there =
        work_find_inline(principal->observed, mark_lease_name(work->arena, fact));
    int64_t ends_at_s = 0;
    if (role && lease_role_ends_at(work->arena, role->trust, &ends_at_s) && ends_at_s <= fact->ends_at_s)
        work_keep_role(work, fact);
    if (there && work_ends_in_time(work, fact, there->document))
        work_keep(work, work_key_inline(work, fact->principal_kind, fact->principal, there->name));
    else
        work_revoke_inline(work, principal, fact, "what is declared now cannot be granted");
    work_keep_copies(work, fact, true);
}

static void say_how_to_get_in(struct account_work *work, const struct fact *fact,
                              const struct lease_role *role)
{
    *VEC_ADD(work->arena, &work->plan->notices) = arena_printf(
        work->arena, "%s gets %s/%s in %s (%s) by switching to the role %s; in the console: %s",
        fact->declared_as, fact->team, fact->grant, fact->environment, fact->account_id, role->arn,
        lease_role_url(work->arena, work->input->settings, fact->account_id, role->name));
}

static struct principal_work *add_role(struct account_work *work, const struct fact *fact,
                                       const struct lease_role *role)
{
    struct principal_work *holder = work_principal(work, PRINCIPAL_ROLE, role->name);
    holder->role = ARENA_NEW(work->arena, struct wanted_role);
    *holder->role = (struct wanted_role){.fact = fact, .role = *role, .live = work_find_role(work, fact)};
    if (!holder->observed) {
        struct observed_principal *empty = ARENA_NEW(work->arena, struct observed_principal);
        *empty = (struct observed_principal){.kind = PRINCIPAL_ROLE, .name = role->name};
        holder->observed = empty;
    }
    *VEC_ADD(work->arena, &work->roles) = holder;
    return holder;
}

void work_want_role(struct account_work *work, struct principal_work *principal, const struct fact *fact)
{
    struct lease_role role;
    lease_role_compute(work->arena, work->input->settings, principal->observed->arn, fact, &role);
    if (!is_possible(work, fact) || !take_name(work, fact, role.name)) {
        keep_what_may_stay(work, principal, fact);
        return;
    }
    work_revoke_inline(work, principal, fact, "from now on a role to switch to");
    struct principal_work *holder = add_role(work, fact, &role);
    work_keep(work, work_key_role(work, role.name));
    work_keep(work, work_key_inline(work, PRINCIPAL_ROLE, role.name, lease_role_deny_name));
    work_want_policies(work, holder, fact);
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
    const struct principal_work *to =
        work_principal(work, wanted->fact->principal_kind, wanted->fact->principal);
    const size_t made =
        to->role ? to->role->made : 0; /* a role of aws-roles: IAM trusts none that is not there */
    say_how_to_get_in(work, wanted->fact, role);
    const size_t index =
        add_write(work, wanted,
                  (struct operation){
                      .kind = OP_CREATE_ROLE,
                      .path = settings->policy_path,
                      .description = role->description,
                      .document = role->trust_json,
                      .mark = role->mark,
                      .awaits_principal = made,
                      .boundary = *settings->permissions_boundary ? settings->permissions_boundary : NULL});
    if (made)
        work_after(work, index, made - 1);
    return index;
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
