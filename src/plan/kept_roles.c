/* SPDX-License-Identifier: Apache-2.0 */
/* Roles of aws-roles that are wanted, and what stands in their way. What is attached to them is the affair of
 * wanted.c and unwanted.c. */
#include "base/str.h"
#include "plan/account_work.h"
#include "plan/kept_order.h"
#include "plan/ours.h"
#include "policy/role_mark.h"

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

/* Where the deployer may not make or change roles: `aws.policy_path` was another one, or somebody copied the tag. */
static void refuse_elsewhere(struct account_work *work, const struct fact *fact,
                             const struct observed_principal *there)
{
    work_keep(work, refused_key(work, fact->principal));
    work_keep(work, work_key_role(work, fact->principal));
    work_refuse(
        work, fact, "role-path-fixed",
        arena_printf(work->arena,
                     "role %s in account %s has our tag, but it is %s, which is not below %s: nothing is "
                     "granted to it, and it stays as it is",
                     there->name, fact->account_id, there->arn, work->input->settings->policy_path),
        "if nobody needs it, delete it by hand and run apply again; otherwise give the entry another name");
}

static bool trusts_refused_provider(struct account_work *work, const struct role_decl *role)
{
    bool found = false;
    for (size_t i = 0; i < role->trust.count; i++)
        found |= role->trust.items[i].oidc_issuer &&
                 work_is_refused_provider(work, role->trust.items[i].oidc_issuer);
    return found;
}

static void want_role(struct account_work *work, const struct fact *fact)
{
    struct principal_work *holder = work_principal(work, PRINCIPAL_ROLE, fact->principal);
    const struct observed_principal *there = holder->observed;
    if (there && !role_mark_admits(work->arena, there->mark, work->input->settings->owner, fact)) {
        refuse(work, fact, there);
        return;
    }
    if (there && !observed_is_below(there, work->input->settings->policy_path)) {
        refuse_elsewhere(work, fact, there);
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
        *empty = (struct observed_principal){.kind = PRINCIPAL_ROLE, .name = fact->principal};
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
