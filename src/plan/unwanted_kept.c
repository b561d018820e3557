/* SPDX-License-Identifier: Apache-2.0 */
/* Roles of aws-roles that nobody declares any more. */
#include "plan/unwanted_kept.h"

#include "base/str.h"
#include "plan/account_work.h"
#include "plan/ours.h"
#include "policy/role_mark.h"

/* Whether a policy of a role is there when all is done: then it cannot be deleted. */
static bool stays(struct account_work *work, const char *key, bool *ret_is_wanted)
{
    *ret_is_wanted = map_get(&work->keys, key) != NULL;
    return !map_get(&work->unwanted, key);
}

/* Says why a role of ours that nobody declares is not deleted; false when it can be. */
static bool must_stay(struct account_work *work, const struct observed_principal *role)
{
    const struct principal_work *holder = work_principal(work, PRINCIPAL_ROLE, role->name);
    bool is_wanted = holder->attach.count || holder->put.count;
    const char *what = is_wanted ? "a grant" : NULL;
    for (size_t i = 0; !what && i < role->attached.count; i++)
        if (stays(work, work_key_attachment(work, PRINCIPAL_ROLE, role->name, role->attached.items[i]),
                  &is_wanted))
            what = role->attached.items[i];
    for (size_t i = 0; !what && i < role->inline_policies.count; i++)
        if (stays(work, work_key_inline(work, PRINCIPAL_ROLE, role->name, role->inline_policies.items[i].name),
                  &is_wanted))
            what = role->inline_policies.items[i].name;
    if (!what && role->instance_profiles.count) {
        what = arena_printf(work->arena, "the instance profile %s", role->instance_profiles.items[0]);
        is_wanted = false;
    }
    if (!what)
        return false;
    problem_add(
        work->arena, &work->plan->problems, "role-not-empty", work->account->account_id, NULL,
        "role %s in account %s is no longer declared, but %s %s: it is not deleted, and who may assume it "
        "still may",
        role->name, work->account->account_id,
        is_wanted ? "another entry still grants it" : "has what is not of iamlease,", what)
        ->hint = is_wanted ? "take the role out of that entry too, and run apply again"
                           : "take that away by hand if nobody needs it, and run apply again";
    return true;
}

static void drop(struct account_work *work, const struct observed_principal *role, const struct mark *mark)
{
    if (must_stay(work, role))
        return;
    struct principal_work *holder = work_principal(work, PRINCIPAL_ROLE, role->name);
    size_t index = work_add_operation(
        work, (struct operation){.kind = OP_DELETE_ROLE,
                                 .principal_kind = PRINCIPAL_ROLE,
                                 .principal = role->name,
                                 .mark = role->mark,
                                 .reason = arena_printf(work->arena, REASON_UNDECLARED ": %s/role:%s",
                                                        mark->team, mark->name)});
    for (size_t i = 0; i < holder->detached.count; i++)
        work_after(work, index, holder->detached.items[i]);
    for (size_t i = 0; i < holder->removed.count; i++)
        work_after(work, index, holder->removed.items[i]);
}

/* Roles of ours stand nowhere else: `aws.policy_path` was another one, or somebody made it and copied the tag. */
static bool is_elsewhere(struct account_work *work, const struct observed_principal *role)
{
    const char *path = work->input->settings->policy_path;
    if (observed_is_below(role, path))
        return false;
    problem_add(
        work->arena, &work->plan->problems, "role-path-fixed", work->account->account_id, NULL,
        "role %s in account %s is no longer declared and has our tag, but it is %s, which is not below %s: "
        "it is not deleted",
        role->name, work->account->account_id, role->arn, path)
        ->hint = "if nobody needs it, delete it by hand; otherwise take the tag 'iamlease' from it";
    return true;
}

void work_drop_kept(struct account_work *work)
{
    struct mark mark;
    for (size_t i = 0; i < work->account->principals.count; i++) {
        const struct observed_principal *role = &work->account->principals.items[i];
        if (work_is_kept_role(work, role, &mark) && work_in_scope(work, mark.team) &&
            !map_get(&work->keys, work_key_role(work, role->name)) && !is_elsewhere(work, role))
            drop(work, role, &mark);
    }
}
