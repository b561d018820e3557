/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/making_policies.h"

#include "plan/attaching.h"
#include "plan/deleting.h"

/* "v12" → 12; versions without a number count as the oldest. */
static unsigned long version_number(const char *id)
{
    unsigned long number = 0;
    for (id += *id == 'v'; *id >= '0' && *id <= '9'; id++)
        number = number * 10 + (unsigned long)(*id - '0');
    return number;
}

static const struct policy_version *oldest_spare_version(const struct observed_policy *policy)
{
    const struct policy_version *oldest = NULL;
    for (size_t i = 0; i < policy->versions.count; i++) {
        const struct policy_version *version = &policy->versions.items[i];
        if (!version->is_default && (!oldest || version_number(version->id) < version_number(oldest->id)))
            oldest = version;
    }
    return oldest;
}

/* The first thing that is done to such a policy: whoever is stopped behind it finds a policy of ours. */
static void adopt_policy(struct account_work *work, struct wanted_policy *policy)
{
    policy->tagging =
        1 + work_add_operation(
                work, (struct operation){
                          .kind = OP_TAG_POLICY,
                          .policy_name = policy->name,
                          .policy_arn = policy->arn,
                          .mark = policy->mark,
                          .reason = arena_printf(work->arena,
                                                 "cloud-iam-self-serve made it, and it is declared: %s/%s",
                                                 policy->team, policy->grant),
                      });
    policy->operation = policy->tagging;
}

/* What gives more waits for the terms of leases that have it: their ends, and whom they trust. */
static void change_after_terms(struct account_work *work, size_t operation, const struct wanted_policy *policy)
{
    for (size_t i = 0; i < work->roles.count; i++) {
        const struct principal_work *holder = work->roles.items[i];
        if (!policy->widens || !observed_is_attached(holder->observed, policy->arn))
            continue;
        for (size_t j = 0; j < holder->role->before_attach.count; j++)
            work_after(work, operation, holder->role->before_attach.items[j]);
    }
}

/* A policy of which every attachment was refused is not made, and not kept. */
static void make_policy(struct account_work *work, struct wanted_policy *policy)
{
    if (!policy->used)
        return;
    const struct fact *lease = policy->lease;
    work_keep(work, work_key_policy(work, policy->name));
    struct operation operation = {
        .kind = policy->observed ? OP_CREATE_POLICY_VERSION : OP_CREATE_POLICY,
        .policy_name = policy->name,
        .policy_arn = policy->arn,
        .path = work->input->settings->policy_path,
        .description = policy->description,
        .document = policy->document,
        .ends_at_s = lease ? lease->ends_at_s : 0,
        .lease_id = lease ? lease->lease_id : NULL,
        .reason =
            arena_printf(work->arena, "declared: %s/%s", policy->team, lease ? lease->grant : policy->grant),
    };
    if (policy->observed && !policy->changes)
        return;
    const struct policy_version *spare = NULL;
    size_t room = 0;
    if (policy->observed &&
        (int64_t)policy->observed->versions.count >= work->account->quotas.versions_per_policy &&
        (spare = oldest_spare_version(policy->observed)))
        room = work_delete_version(work, policy->observed, spare->id, "makes room for the new version");
    if (spare && policy->tagging)
        work_after(work, room, policy->tagging - 1);
    size_t index = work_add_operation(work, operation);
    if (policy->tagging)
        work_after(work, index, policy->tagging - 1);
    if (spare)
        work_after(work, index, room);
    if (policy->previous && policy->previous->operation)
        work_after(work, index, policy->previous->operation - 1);
    work_after_detachments(work, index, policy);
    change_after_terms(work, index, policy);
    policy->operation = index + 1;
}

void work_adopt_policies(struct account_work *work)
{
    for (size_t i = 0; i < work->policies.count; i++)
        if (work->policies.items[i]->mark)
            adopt_policy(work, work->policies.items[i]);
}

void work_make_policies(struct account_work *work)
{
    for (size_t i = 0; i < work->policies.count; i++)
        make_policy(work, work->policies.items[i]);
}
