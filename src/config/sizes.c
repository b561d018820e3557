/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents that leases would have, measured. Without AWS only ours are known: what else a principal has
 * inline is added when its account is read.
 */
#include "base/str.h"
#include "config/ids.h"
#include "config/judging.h"
#include "model/access.h"
#include "policy/document.h"
#include "policy/lease.h"

/* AWS's quotas in characters without white space (facts/aws.md §1.2). Fixed. */
enum { POLICY_SIZE_MAX = 6144, INLINE_USER_MAX = 2048, INLINE_ROLE_MAX = 10240, INLINE_GROUP_MAX = 5120 };

static const size_t inline_max[] =
    {[PRINCIPAL_USER] = INLINE_USER_MAX, [PRINCIPAL_ROLE] = INLINE_ROLE_MAX, [PRINCIPAL_GROUP] = INLINE_GROUP_MAX};

struct inline_budget {
    size_t size;
    bool exceeded;
};

/* The principals of one account; teams that share it stand near each other, so few maps are looked at at a time. */
struct account_budgets {
    struct map of[PRINCIPAL_KIND_COUNT]; /* name → struct inline_budget */
};

static struct inline_budget *budget_of(struct judging *judging, const char *account_id,
                                       enum principal_kind kind, const char *name)
{
    struct arena *arena = judging->arena;
    struct account_budgets *account = map_get(&judging->inline_budgets, account_id);
    if (!account) {
        account = ARENA_NEW(arena, struct account_budgets);
        for (size_t i = 0; i < PRINCIPAL_KIND_COUNT; i++)
            account->of[i] = map_new(arena);
        map_put(&judging->inline_budgets, arena_strdup(arena, account_id), account);
    }
    struct inline_budget *budget = map_get(&account->of[kind], name);
    if (!budget) {
        budget = ARENA_NEW(arena, struct inline_budget);
        map_put(&account->of[kind], arena_strdup(arena, name), budget);
    }
    return budget;
}

/* The size of a lease's document; 0 when there is none. */
static size_t measure(const struct access_entry *entry, const struct policy_decl *policy)
{
    static const char any_sid_prefix[] = "iamlease0123456789"; /* as long as each (policy/mark.h) */
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct document lease = {0};
    const struct lease_terms terms = {.starts_at_s = entry->starts_at_s, .ends_at_s = entry->ends_at_s};
    if (!lease_document(scratch, &policy->custom, &terms, any_sid_prefix, &lease))
        return 0;
    return document_measure(document_to_json(scratch, &lease));
}

/* An inline policy is preferred, a policy of its own is next, and a role takes what is larger. */
static void judge_lease(struct judging *judging, const struct access_entry *entry,
                        const struct policy_decl *policy, size_t size)
{
    bool needs_policy = entry->mode == ENTRY_POLICY || (entry->mode == ENTRY_AUTO && entry->groups.count);
    if (size <= POLICY_SIZE_MAX || !needs_policy)
        return;
    struct diag *diag = diag_error(judging->diags, entry->span, ID_LEASE_TOO_LARGE,
                                   "the lease of '%s' would have %zu characters; AWS allows %d in a policy",
                                   policy->name.text, size, POLICY_SIZE_MAX);
    diag_hint(judging->diags, diag,
              "every statement of a lease carries its end; split the grant, or use wildcards");
}

static void judge_inline(struct judging *judging, const struct access_entry *entry,
                         const struct account_decl *account, enum principal_kind kind,
                         const struct located *principal, size_t size)
{
    const char *name = kind == PRINCIPAL_USER
                           ? principal_user_name(judging->scratch, judging->settings, principal->text)
                           : principal->text;
    struct inline_budget *budget = budget_of(judging, account->account_id.text, kind, name);
    budget->size += size;
    if (budget->size <= inline_max[kind] || budget->exceeded)
        return;
    budget->exceeded = true;
    struct diag *diag = diag_warning(
        judging->diags, principal->span, ID_INLINE_FULL,
        "with this lease the inline policies of %s '%s' in account %s have %zu characters; AWS allows %zu",
        principal_kind_name(kind), name, account->account_id.text, budget->size, inline_max[kind]);
    diag_hint(judging->diags, diag,
              entry->mode == ENTRY_INLINE ? "leave out 'mode: inline', and it becomes a policy of its own"
                                          : "it becomes a policy of its own, which is attached");
}

static void judge_principals(struct judging *judging, const struct access_entry *entry,
                             const struct account_decl *account, size_t size)
{
    const struct located_list *lists[] = {&entry->users, &entry->roles, &entry->groups};
    for (size_t kind = 0; kind < sizeof lists / sizeof lists[0]; kind++)
        for (size_t i = 0; i < lists[kind]->count; i++)
            judge_inline(judging, entry, account, (enum principal_kind)kind, &lists[kind]->items[i], size);
}

/* Every end is written in as many characters, so that one lease of a policy is as large as the next. */
static void judge_policy(struct judging *judging, const struct access_entry *entry,
                         struct judged_policy *judged)
{
    const struct policy_decl *policy = judged->decl;
    if (policy->managed_policies.count || !policy->custom.count || entry->incomplete)
        return; /* what is in a managed policy is not known here */
    if (!judged->is_measured)
        judged->lease_size = measure(entry, policy);
    judged->is_measured = true;
    size_t size = judged->lease_size;
    judge_lease(judging, entry, policy, size);
    if (entry->mode == ENTRY_POLICY || entry->mode == ENTRY_ROLE)
        return;
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct account_decl *account = map_get(&judging->accounts, entry->environments.items[i].text);
        if (account)
            judge_principals(judging, entry, account, size);
    }
}

void judge_sizes(struct judging *judging, const struct access_entry *entry)
{
    if (entry->ad_hoc)
        judge_policy(judging, entry, &(struct judged_policy){.decl = entry->ad_hoc});
    for (size_t i = 0; i < entry->grants.count; i++) {
        struct judged_policy *policy = map_get(&judging->policies, entry->grants.items[i].text);
        if (policy)
            judge_policy(judging, entry, policy);
    }
}
