/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/account_keeper.h"

#include "aws/observed_copy.h"
#include "base/str.h"
#include "policy/role_mark.h"
#include "policy/self_serve.h"

#include <stdlib.h>
#include <string.h>

struct principals {
    VEC_FIELDS(struct observed_principal);
};

struct account_keeper {
    struct arena *arena;
    const char *owner, *sid_prefix;
    bool keeps_everything;
    struct observed_account *account;
    struct map principals[PRINCIPAL_KIND_COUNT], policies, roles; /* wanted names, in lower case */

    struct arena *own; /* the keeper itself, and what it keeps for the moment */
    /* Attached to a policy of the account of which it is not known yet whether it is ours; in `own`. */
    struct principals perhaps;
    const char *roles_path;
    bool providers; /* they are wanted, and with them who trusts them */
    /* what came before is certain */
    size_t principals_before, policies_before, perhaps_before, federations_before;
};

static struct map wanted_names(struct arena *arena, const struct strings *names)
{
    static char present;
    struct map map = map_new(arena);
    for (size_t i = 0; i < names->count; i++)
        map_put(&map, str_lower(arena, names->items[i]), &present);
    return map;
}

static bool is_wanted(struct arena *scratch, const struct map *names, const char *name)
{
    return map_get(names, str_lower(scratch, name)) != NULL;
}

static bool is_marked(const struct account_keeper *keeper, struct arena *scratch, const char *description)
{
    struct mark mark;
    return description && mark_parse(scratch, description, &mark) && str_eq(mark.owner, keeper->owner);
}

/* Where the text of our mark stands, the plan looks closer: a lease that somebody damaged must not go unseen. */
static bool has_marked_document(const struct account_keeper *keeper,
                                const struct observed_principal *principal)
{
    for (size_t i = 0; i < principal->inline_policies.count; i++) {
        const char *json = principal->inline_policies.items[i].document;
        if (json && strstr(json, keeper->sid_prefix))
            return true;
    }
    return false;
}

/* "arn:aws:iam::aws:policy/…" belongs to AWS and is never ours. */
static bool is_local_policy(const struct account_keeper *keeper, const char *arn)
{
    const char *account = strstr(arn, ":iam::");
    return account && str_prefix(account + strlen(":iam::"), keeper->account->account_id);
}

static bool has_local_attachment(const struct account_keeper *keeper,
                                 const struct observed_principal *principal)
{
    for (size_t i = 0; i < principal->attached.count; i++)
        if (is_local_policy(keeper, principal->attached.items[i]))
            return true;
    return false;
}

static void keep_federation(struct account_keeper *keeper, const struct observed_principal *role,
                            const char *issuer)
{
    *VEC_ADD(keeper->arena, &keeper->account->federations) =
        (struct federation){arena_strdup(keeper->arena, role->name), issuer};
}

/* Of what holds an escape nobody can tell without more ado what it names. */
static void keep_federations(struct account_keeper *keeper, const struct observed_principal *role)
{
    static const char kind[] = ":oidc-provider/";
    if (!role->trust)
        return;
    if (strchr(role->trust, '\\')) {
        keep_federation(keeper, role, "");
        return;
    }
    for (const char *at = strstr(role->trust, kind); at; at = strstr(at, kind)) {
        at += strlen(kind);
        keep_federation(keeper, role, arena_strndup(keeper->arena, at, strcspn(at, "\"")));
    }
}

void account_keep_principal(struct account_keeper *keeper, struct arena *scratch,
                            const struct observed_principal *principal)
{
    const struct map *wanted = &keeper->principals[principal->kind];
    if (!principal->name)
        return;
    if (keeper->providers && principal->kind == PRINCIPAL_ROLE)
        keep_federations(keeper, principal);
    if (keeper->keeps_everything) {
        *VEC_ADD(keeper->arena, &keeper->account->principals) = observed_copy_whole(keeper->arena, principal);
        return;
    }
    struct mark mark;
    const bool is_kept = role_mark_is_kept(scratch, principal->mark, keeper->owner, &mark);
    const bool detailed =
        principal->kind == PRINCIPAL_ROLE && keeper->roles.count && principal->details &&
        (!keeper->roles_path || (is_kept && observed_is_below(principal, keeper->roles_path))) &&
        is_wanted(scratch, &keeper->roles, principal->name);
    if (detailed || is_wanted(scratch, wanted, principal->name) || has_marked_document(keeper, principal) ||
        role_mark_is_lease(scratch, principal->mark, keeper->owner, &mark) || is_kept)
        *VEC_ADD(keeper->arena, &keeper->account->principals) =
            observed_copy_principal(keeper->arena, principal, detailed);
    else if (has_local_attachment(keeper, principal))
        *VEC_ADD(keeper->own, &keeper->perhaps) = observed_copy_principal(keeper->own, principal, false);
}

void account_keep_policy(struct account_keeper *keeper, struct arena *scratch,
                         const struct observed_policy *policy)
{
    const char *slash = policy->arn ? strrchr(policy->arn, '/') : NULL;
    if (!slash)
        return;
    const char *name = slash + 1; /* what AWS calls PolicyName; not every emulator sends that */
    if (!keeper->keeps_everything && !is_wanted(scratch, &keeper->policies, name) &&
        !is_marked(keeper, scratch, policy->description))
        return;
    *VEC_ADD(keeper->arena, &keeper->account->policies) = observed_copy_policy(keeper->arena, policy, name);
}

struct account_keeper *account_keeper_new(struct arena *arena, const struct account_needs *needs,
                                          const char *owner, struct observed_account *account)
{
    struct arena *own = arena_new();
    struct account_keeper *keeper = ARENA_NEW(own, struct account_keeper);
    keeper->arena = arena;
    keeper->own = own;
    keeper->owner = owner;
    keeper->sid_prefix = mark_sid_prefix(own, owner);
    keeper->account = account;
    keeper->keeps_everything = needs->everything;
    keeper->providers = needs->providers;
    keeper->roles_path = needs->roles_path;
    size_t wanted = 0;
    for (enum principal_kind kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++) {
        keeper->principals[kind] = wanted_names(own, &needs->principals[kind]);
        wanted += needs->principals[kind].count;
    }
    VEC_RESERVE(arena, &account->principals, wanted); /* most are there, and few others are kept */
    keeper->policies = wanted_names(own, &needs->policies);
    keeper->roles = wanted_names(own, &needs->roles);
    return keeper;
}

void account_keeper_free(struct account_keeper *keeper)
{
    arena_free(keeper->own);
}

void account_keeper_rollback(struct account_keeper *keeper)
{
    keeper->account->principals.count = keeper->principals_before;
    keeper->account->policies.count = keeper->policies_before;
    keeper->perhaps.count = keeper->perhaps_before;
    keeper->account->federations.count = keeper->federations_before;
}

void account_keeper_commit(struct account_keeper *keeper)
{
    keeper->principals_before = keeper->account->principals.count;
    keeper->policies_before = keeper->account->policies.count;
    keeper->perhaps_before = keeper->perhaps.count;
    keeper->federations_before = keeper->account->federations.count;
}

static int compare_principals(const void *left, const void *right)
{
    const struct observed_principal *a = left, *b = right;
    return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

static int compare_policies(const void *left, const void *right)
{
    const struct observed_policy *a = left, *b = right;
    return strcmp(a->arn, b->arn);
}

void account_keeper_finish(struct account_keeper *keeper)
{
    struct observed_account *account = keeper->account;
    struct map marked = map_new(keeper->own);
    for (size_t i = 0; i < account->policies.count; i++)
        if (is_marked(keeper, keeper->own, account->policies.items[i].description) ||
            self_serve_made_policy(&account->policies.items[i], NULL)) /* its tags say more, later */
            map_put(&marked, account->policies.items[i].arn, &account->policies.items[i]);
    for (size_t i = 0; i < keeper->perhaps.count; i++) {
        const struct observed_principal *principal = &keeper->perhaps.items[i];
        bool is_ours = false;
        for (size_t j = 0; j < principal->attached.count; j++)
            is_ours |= map_get(&marked, principal->attached.items[j]) != NULL;
        if (is_ours)
            *VEC_ADD(keeper->arena, &account->principals) =
                observed_copy_principal(keeper->arena, principal, false);
    }
    if (account->principals.count)
        qsort(account->principals.items, account->principals.count, sizeof *account->principals.items,
              compare_principals);
    if (account->policies.count)
        qsort(account->policies.items, account->policies.count, sizeof *account->policies.items,
              compare_policies);
    observed_index(keeper->arena, account);
}
