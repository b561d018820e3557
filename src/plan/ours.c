/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/ours.h"

#include "base/str.h"
#include "base/time.h"
#include "policy/lease.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"
#include "policy/self_serve.h"

const struct inline_policy *work_find_inline(const struct observed_principal *principal, const char *name)
{
    for (size_t i = 0; i < principal->inline_policies.count; i++)
        if (str_casecmp(principal->inline_policies.items[i].name, name) == 0)
            return &principal->inline_policies.items[i];
    return NULL;
}

bool work_read_inline(struct arena *arena, const struct observed_principal *principal, const char *name,
                      struct document *ret)
{
    struct err ignored;
    const struct inline_policy *policy = work_find_inline(principal, name);
    *ret = (struct document){0};
    return policy && document_parse(arena, policy->document, strlen(policy->document), ret, &ignored) == 0;
}

bool work_is_ours(const struct account_work *work, const struct inline_policy *policy, struct document *ret)
{
    return mark_read_inline(work->arena, policy->document, work->sid_prefix, ret);
}

bool work_can_adopt(const struct account_work *work, const struct observed_policy *policy, const char *team,
                    const char *grant)
{
    return work->input->adopts && policy_is_free(policy) && self_serve_made_policy(policy, team) &&
           str_eq(policy->name, mark_policy_name(work->arena, team, grant));
}

const struct wanted_policy *work_find_adopting(const struct account_work *work, const char *arn)
{
    for (size_t i = 0; work->input->adopts && i < work->policies.count; i++)
        if (work->policies.items[i]->mark && str_eq(work->policies.items[i]->arn, arn))
            return work->policies.items[i];
    return NULL;
}

bool work_adopts_inline(const struct account_work *work, const struct fact *fact,
                        const struct inline_policy *policy)
{
    int64_t ignored;
    const char *name = work->input->adopts ? self_serve_inline_name(work->arena, fact) : NULL;
    return name && str_eq(policy->name, name) &&
           self_serve_made_inline(work->arena, policy->document, &ignored);
}

const struct observed_policy *work_find_ours(const struct account_work *work, const char *team,
                                             const char *grant)
{
    const char *name = mark_policy_name(work->arena, team, grant);
    const struct observed_policy *policy = observed_find_policy(work->account, name);
    struct mark mark;
    bool ours = policy && policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) &&
                str_eq(mark.team, team) && str_eq(mark.name, grant);
    if (ours || !policy)
        return ours ? policy : NULL;
    const struct wanted_policy *adopting = work_find_adopting(work, policy->arn);
    return adopting && str_eq(adopting->team, team) && str_eq(adopting->grant, grant) ? policy : NULL;
}

const struct observed_policy *work_find_copy(struct account_work *work, const struct fact *fact,
                                             const char *name)
{
    const struct observed_policy *policy = observed_find_policy(work->account, name);
    struct mark mark;
    bool ours = policy && policy_is_ours(work->arena, policy, work->input->settings->owner, &mark) &&
                str_eq(mark.team, fact->team) && str_eq(mark.name, mark_copy_of(work->arena, fact));
    return ours ? policy : NULL;
}

bool work_has_copies(struct account_work *work, const struct fact *fact)
{
    return work->account->policies.count && work_find_copy(work, fact, mark_copy_name(work->arena, fact, 1));
}

bool work_ends_in_time(const struct account_work *work, const struct fact *fact, const char *json)
{
    struct document document = {0};
    int64_t ends_at_s = 0;
    return mark_read_inline(work->arena, json, work->sid_prefix, &document) &&
           lease_ends_at(&document, &ends_at_s) && ends_at_s <= fact->ends_at_s;
}

bool work_role_ends_in_time(const struct account_work *work, const struct fact *fact,
                            const struct observed_principal *role)
{
    int64_t ends_at_s = 0;
    return lease_role_ends_at(work->arena, role->trust, &ends_at_s) && ends_at_s <= fact->ends_at_s;
}

const struct observed_policy *work_next_copy(struct account_work *work, const struct fact *fact,
                                             size_t *number)
{
    const size_t most = fact->policy->managed_policies.count + fact->policy->custom.count + 1;
    while (work->account->policies.count) {
        const struct observed_policy *copy =
            work_find_copy(work, fact, mark_copy_name(work->arena, fact, ++*number));
        if (copy || *number >= most) /* more than it can be now only as long as they follow each other */
            return copy;
    }
    return NULL;
}

bool work_whole_lease_has_ended(struct account_work *work, const struct mark *mark)
{
    struct mark other;
    for (size_t i = 0; i < work->account->policies.count; i++) {
        const struct observed_policy *policy = &work->account->policies.items[i];
        if (policy_is_ours(work->arena, policy, mark->owner, &other) && str_eq(other.team, mark->team) &&
            str_eq(other.name, mark->name) && !work_ended(work, policy, NULL))
            return false;
    }
    return true;
}

const char *work_ended(struct account_work *work, const struct observed_policy *policy, const char *otherwise)
{
    struct mark mark;
    struct document document;
    char text[TIME_TEXT_SIZE];
    int64_t ends_at_s;
    bool is_lease = mark_parse(work->arena, policy->description, &mark) && mark_is_lease(&mark);
    bool has_ended = is_lease &&
                     mark_read_inline(work->arena, policy->document, work->sid_prefix, &document) &&
                     lease_ends_at(&document, &ends_at_s) && ends_at_s <= work->input->now_s;
    return has_ended ? arena_printf(work->arena, REASON_ENDED "%s", time_format(ends_at_s, text)) : otherwise;
}

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

bool work_is_kept_role(const struct account_work *work, const struct observed_principal *principal,
                       struct mark *ret)
{
    return principal->kind == PRINCIPAL_ROLE &&
           role_mark_is_kept(work->arena, principal->mark, work->input->settings->owner, ret) &&
           str_eq(principal->mark,
                  role_mark_kept(work->arena, &(struct mark){ret->owner, ret->team, principal->name}));
}

bool work_is_our_provider(const struct account_work *work, const struct oidc_provider *provider,
                          struct mark *ret)
{
    return role_mark_is_kept(work->arena, tags_get(&provider->tags, role_mark_key),
                             work->input->settings->owner, ret);
}

bool work_is_marked(struct account_work *work, const char *arn)
{
    return map_get(&work->marked, str_lower(work->arena, arn)) != NULL;
}

/* The policies that are ours here, and those that this run makes: an ARN is known before its policy is there. */
static void collect_marked(struct account_work *work)
{
    const struct facts *desired = work->input->desired;
    struct mark mark;
    for (size_t i = 0; i < work->account->policies.count; i++) {
        const struct observed_policy *policy = &work->account->policies.items[i];
        if (policy_is_ours(work->arena, policy, work->input->settings->owner, &mark))
            map_put(&work->marked, str_lower(work->arena, policy->arn), work);
    }
    size_t count, from = work_facts_of_account(work, desired, &count);
    for (size_t i = from; i < from + count; i++) {
        const struct fact *fact = &desired->items[i];
        if ((fact->kind != ACCESS_PERMANENT && fact->mode != MODE_ROLE) || !fact->policy->custom.count)
            continue;
        const char *name = mark_policy_name(work->arena, fact->team, fact->grant);
        const struct observed_policy *there = observed_find_policy(work->account, name);
        if (!there)
            map_put(&work->marked, str_lower(work->arena, work_policy_arn(work, name)), work);
        else if (work_can_adopt(work, there, fact->team, fact->grant))
            map_put(&work->marked, str_lower(work->arena, there->arn), work);
    }
}

/* By attachment: two grants may bring one policy, and a grant may come to bring another. */
static void collect_applied(struct account_work *work)
{
    const struct facts *applied = work->input->applied;
    size_t count = 0, from = applied ? work_facts_of_account(work, applied, &count) : 0;
    for (size_t i = from; i < from + count; i++) {
        const struct fact *fact = &applied->items[i];
        for (size_t j = 0; fact->kind == ACCESS_PERMANENT && j < fact->policy->managed_policies.count; j++)
            map_put(&work->applied,
                    work_key_attachment(work, fact->principal_kind, fact->principal,
                                        fact->policy->managed_policies.items[j].text),
                    work);
    }
}

void work_collect_known(struct account_work *work)
{
    collect_marked(work);
    collect_applied(work);
}
