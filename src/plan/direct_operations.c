/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/direct_operations.h"

#include "base/str.h"
#include "plan/account_work.h"
#include "plan/deleting.h"
#include "plan/ours.h"
#include "plan/wanted_roles.h"
#include "policy/boundary.h"
#include "policy/lease.h"
#include "policy/role_mark.h"

#include <assert.h>
#include <string.h>

/* The role as it shall be. */
struct direct_role {
    struct lease_role role;
    const char *requester; /* value of the tag */
    const struct tags *tags;
    struct document policy;
    const char *policy_json;
};

static void compute(struct arena *arena, const struct settings *settings, const char *user_arn,
                    const struct fact *fact, struct direct_role *ret)
{
    const struct lease_terms terms = {.ends_at_s = fact->ends_at_s}; /* no session has MFA: its trust does */
    *ret = (struct direct_role){.requester = role_mark_text(arena, fact->declared_as)};
    lease_role_compute(arena, settings, user_arn, fact, &ret->role);
    ret->role.name = direct_role_name(arena, fact->port_run);
    ret->role.arn = direct_role_arn(arena, settings, fact->account_id, ret->role.name);
    bool made = lease_document(arena, &fact->policy->custom, &terms, mark_sid_prefix(arena, settings->owner),
                               &ret->policy);
    assert(made); /* an ad-hoc grant has no conditions of its own */
    ret->policy_json = document_to_json(arena, &ret->policy);
    struct tags *tags = ARENA_NEW(arena, struct tags);
    tags_add(arena, tags, role_direct_key, ret->requester);
    ret->tags = tags;
}

static bool is_same_policy(struct arena *arena, const struct inline_policy *live,
                           const struct document *policy)
{
    struct document document = {0};
    struct err ignored;
    return live && document_parse(arena, live->document, strlen(live->document), &document, &ignored) == 0 &&
           document_equal(arena, &document, policy);
}

static bool is_same_trust(struct arena *arena, const char *live, const struct document *trust)
{
    struct document document = {0};
    struct err ignored;
    return document_parse_trust(arena, live, strlen(live), &document, &ignored) == 0 &&
           document_equal(arena, &document, trust);
}

/* Whether the role that stands there is the one of this run, as an earlier attempt began it. */
static bool is_of_run(struct arena *arena, const struct observed_principal *live,
                      const struct direct_role *wanted)
{
    return live->mark && str_eq(live->mark, wanted->role.mark) && live->direct &&
           str_eq(live->direct, wanted->requester) && is_same_trust(arena, live->trust, &wanted->role.trust);
}

/* False, with a problem, when it cannot be made. */
static bool is_possible(struct account_work *work, const struct fact *fact,
                        const struct observed_principal *live, const struct direct_role *wanted)
{
    const int64_t quota = work->account->quotas.inline_size[PRINCIPAL_ROLE];
    const size_t size = document_measure(wanted->policy_json) + document_measure(wanted->role.deny_json);
    if (!wanted->requester) {
        work_refuse(work, fact, "direct-too-large", "the address of who asks is too long for a tag", NULL);
        return false;
    }
    if ((int64_t)size > quota) {
        work_refuse(
            work, fact, "direct-too-large",
            arena_printf(work->arena,
                         "the policies of a role in account %s hold %lld characters, and these have %zu",
                         fact->account_id, (long long)quota, size),
            NULL);
        return false;
    }
    if (work_refuse_boundary(work, fact))
        return false;
    if (live && !is_of_run(work->arena, live, wanted)) {
        work_refuse(
            work, fact, "role-name-taken",
            arena_printf(work->arena,
                         "the role %s in account %s is not what this run would get: it trusts others, ends "
                         "at another time or is foreign",
                         wanted->role.name, fact->account_id),
            NULL);
        return false;
    }
    return true;
}

struct making {
    struct account_work *work;
    const struct fact *fact;
    const char *role, *reason;
    size_t last; /* operation, + 1: each waits for the one before */
};

static void add(struct making *making, struct operation operation)
{
    operation.principal_kind = PRINCIPAL_ROLE;
    operation.principal = making->role;
    operation.ends_at_s = making->fact->ends_at_s;
    operation.lease_id = making->fact->lease_id;
    operation.reason = making->reason;
    size_t index = work_add_operation(making->work, operation);
    if (making->last)
        work_after(making->work, index, making->last - 1);
    making->last = index + 1;
}

/* What allows comes last: until then the role is of no use to anybody. */
static void make(struct making *making, const struct settings *settings,
                 const struct observed_principal *live, const struct direct_role *wanted)
{
    struct arena *arena = making->work->arena;
    const char *wanted_boundary = boundary_of_role(arena, settings, making->fact->account_id, NULL),
               *boundary = *wanted_boundary ? wanted_boundary : NULL;
    const bool is_bound = live && str_eq(live->boundary ? live->boundary : "", wanted_boundary);
    if (!live)
        add(making, (struct operation){.kind = OP_CREATE_ROLE,
                                       .path = settings->policy_path,
                                       .description = wanted->role.description,
                                       .document = wanted->role.trust_json,
                                       .mark = wanted->role.mark,
                                       .tags = wanted->tags,
                                       .boundary = boundary});
    else if (!is_bound)
        add(making,
            (struct operation){.kind = boundary ? OP_PUT_BOUNDARY : OP_DELETE_BOUNDARY, .boundary = boundary});
    if (!live || !is_same_policy(arena, work_find_inline(live, lease_role_deny_name), &wanted->role.deny))
        add(making, (struct operation){.kind = OP_PUT_INLINE_POLICY,
                                       .policy_name = lease_role_deny_name,
                                       .document = wanted->role.deny_json});
    if (!live || !is_same_policy(arena, work_find_inline(live, wanted->role.name), &wanted->policy))
        add(making, (struct operation){.kind = OP_PUT_INLINE_POLICY,
                                       .policy_name = wanted->role.name,
                                       .document = wanted->policy_json});
}

void operations_direct(struct arena *arena, const struct settings *settings, const struct observed *observed,
                       const struct fact *fact, struct plan *plan, struct direct_grant *ret)
{
    const struct operations_input input = {.settings = settings, .observed = observed, .now_s = plan->now_s};
    const struct observed_account *account = observed_find_account(observed, fact->account_id);
    struct direct_role wanted;
    if (!account || account->error) {
        problem_add(arena, &plan->problems, "account-unreachable", fact->account_id, fact, "%s",
                    account ? account->error : "the account was not read");
        return;
    }
    struct account_work work = work_new(arena, &input, plan, account);
    const struct observed_principal *user = observed_find_principal(account, PRINCIPAL_USER, fact->principal);
    if (!user) {
        work_refuse(
            &work, fact, "principal-not-found",
            arena_printf(arena, "there is no IAM user %s in account %s", fact->principal, fact->account_id),
            NULL);
        return;
    }
    compute(arena, settings, user->arn, fact, &wanted);
    const struct observed_principal *live = observed_find_principal(account, PRINCIPAL_ROLE, wanted.role.name);
    if (!is_possible(&work, fact, live, &wanted))
        return;
    struct making making = {.work = &work,
                            .fact = fact,
                            .role = wanted.role.name,
                            .reason = arena_printf(arena, "granted: %s/%s", fact->team, fact->grant)};
    make(&making, settings, live, &wanted);
    *ret = (struct direct_grant){.lease_id = fact->lease_id,
                                 .arn = live && live->arn ? live->arn : wanted.role.arn,
                                 .run_id = fact->port_run,
                                 .requester = fact->declared_as,
                                 .policy = wanted.policy_json,
                                 .actions = wanted.policy.items[0].actions,
                                 .resource = wanted.policy.items[0].resources.items[0]};
}

/* What is left of the role when nothing is allowed any more. */
static bool is_remainder(const struct operation *operation)
{
    return operation->kind == OP_DELETE_ROLE || (operation->kind == OP_DELETE_INLINE_POLICY &&
                                                 str_eq(operation->policy_name, lease_role_deny_name));
}

void operations_revoke_direct(struct arena *arena, const struct settings *settings,
                              const struct observed *observed, const char *account_id,
                              const struct observed_principal *role, bool stays, struct plan *plan)
{
    const struct operations_input input = {.settings = settings, .observed = observed, .now_s = plan->now_s};
    struct account_work work = work_new(arena, &input, plan, observed_find_account(observed, account_id));
    const size_t first = plan->operations.count;
    work_delete_role(&work, role, arena_printf(arena, "revoked: %s", role->name));
    while (stays && plan->operations.count > first &&
           is_remainder(&plan->operations.items[plan->operations.count - 1]))
        plan->operations.count--;
}
