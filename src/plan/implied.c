/* SPDX-License-Identifier: Apache-2.0 */
/* The state of AWS that a set of facts implies: what a plan without AWS credentials compares with. */
#include "base/str.h"
#include "plan/operations.h"
#include "policy/document.h"
#include "policy/lease.h"
#include "policy/mark.h"

static struct observed_account *account_of(struct arena *arena, struct observed *observed,
                                           const char *account_id)
{
    for (size_t i = 0; i < observed->count; i++)
        if (str_eq(observed->items[i].account_id, account_id))
            return &observed->items[i];
    struct observed_account *account = VEC_ADD(arena, observed);
    account->account_id = account_id;
    account->quotas = quotas_defaults();
    return account;
}

static struct observed_principal *principal_of(struct arena *arena, struct observed_account *account,
                                               const struct fact *fact)
{
    for (size_t i = 0; i < account->principals.count; i++) {
        struct observed_principal *principal = &account->principals.items[i];
        if (principal->kind == fact->principal_kind && str_casecmp(principal->name, fact->principal) == 0)
            return principal;
    }
    struct observed_principal *principal = VEC_ADD(arena, &account->principals);
    principal->kind = fact->principal_kind;
    principal->name = fact->principal;
    return principal;
}

static const char *imply_policy(struct arena *arena, const struct settings *settings,
                                struct observed_account *account, const struct fact *fact)
{
    const char *name = mark_policy_name(arena, fact->team, fact->grant);
    const struct observed_policy *there = observed_find_policy(account, name);
    if (there)
        return there->arn;
    struct observed_policy *policy = VEC_ADD(arena, &account->policies);
    policy->name = name;
    policy->path = settings->policy_path;
    policy->arn = arena_printf(arena, "arn:%s:iam::%s:policy%s%s", settings->partition, fact->account_id,
                               settings->policy_path, name);
    policy->description = mark_description(arena, fact->policy->description,
                                           &(struct mark){settings->owner, fact->team, fact->grant});
    policy->document = document_to_json(arena, &fact->policy->custom);
    *VEC_ADD(arena, &policy->versions) = (struct policy_version){.id = "v1", .is_default = true};
    return policy->arn;
}

static void imply_fact(struct arena *arena, const struct settings *settings, struct observed *observed,
                       const struct fact *fact)
{
    struct observed_account *account = account_of(arena, observed, fact->account_id);
    struct observed_principal *principal = principal_of(arena, account, fact);
    if (fact->mode == MODE_ATTACH) {
        if (fact->policy->custom.count)
            strings_add_unique(arena, &principal->attached, imply_policy(arena, settings, account, fact));
        for (size_t i = 0; i < fact->policy->managed_policies.count; i++)
            strings_add_unique(arena, &principal->attached, fact->policy->managed_policies.items[i].text);
    } else if (fact->mode == MODE_INLINE) {
        struct document document = {0};
        if (lease_document(arena, &fact->policy->custom, fact->ends_at_s,
                           mark_sid_prefix(arena, settings->owner), &document))
            *VEC_ADD(arena, &principal->inline_policies) = (struct inline_policy){
                .name = mark_inline_name(arena, fact->team, fact->grant, fact->principal),
                .document = document_to_json(arena, &document),
            };
    }
}

void operations_implied_state(struct arena *arena, const struct settings *settings, const struct facts *facts,
                              const struct facts *named, struct observed *ret)
{
    for (size_t i = 0; i < facts->count; i++)
        imply_fact(arena, settings, ret, &facts->items[i]);
    for (size_t i = 0; i < named->count; i++)
        principal_of(arena, account_of(arena, ret, named->items[i].account_id), &named->items[i]);
}
