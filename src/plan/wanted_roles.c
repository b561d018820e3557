/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/wanted_roles.h"

#include "base/str.h"
#include "plan/account_work.h"
#include "plan/keeping.h"
#include "plan/ours.h"
#include "plan/shortening.h"
#include "plan/wanted_leases.h"
#include "plan/wanted_policies.h"
#include "policy/boundary.h"
#include "policy/role_mark.h"

#include <string.h>

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

bool work_refuse_boundary(struct account_work *work, const struct fact *fact)
{
    const char *boundary = boundary_of_role(work->arena, work->input->settings, fact->account_id, NULL);
    if (boundary_is_possible(boundary, fact->account_id))
        return false;
    work_refuse(work, fact, "policy-other-account",
                arena_printf(work->arena,
                             "a role in account %s cannot have %s as its boundary, which is of another account: "
                             "nothing is granted",
                             fact->account_id, boundary),
                "let 'aws.permissions_boundary' leave out the account, as in 'policy/boundary'");
    return true;
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
    if (work_refuse_boundary(work, fact))
        return false;
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

static void keep_role(struct account_work *work, const struct fact *fact)
{
    work_keep_role(work, fact);
    work_keep_end_of_role(work, fact);
}

void work_keep_role_in_time(struct account_work *work, const struct fact *fact)
{
    const struct observed_principal *role = work_find_role(work, fact);
    if (role && work_role_ends_in_time(work, fact, role))
        keep_role(work, fact);
}

/*
 * What AWS holds of a lease that cannot be made as declared stays as long as it ends no later than that.
 * Copies and roles that do not are taken away as what nobody wants.
 */
static void keep_what_may_stay(struct account_work *work, struct principal_work *principal,
                               const struct fact *fact)
{
    const struct inline_policy *there =
        work_find_inline(principal->observed, mark_lease_name(work->arena, fact));
    work_keep_role_in_time(work, fact);
    if (there && work_ends_in_time(work, fact, there->document))
        work_keep(work, work_key_inline(work, fact->principal_kind, fact->principal, there->name));
    else
        work_revoke_inline(work, principal, fact, "what is declared now cannot be granted");
    work_keep_copies(work, fact, true);
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
