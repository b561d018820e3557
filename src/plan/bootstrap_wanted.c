/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/bootstrap_wanted.h"

#include "base/str.h"
#include "plan/bootstrap_documents.h"

#include <string.h>

/* Of a trust policy, where nobody asked AWS for more (IAM User Guide, "IAM and AWS STS quotas"). */
enum { TRUST_MAX = 2048 };

/* --- whom GitHub's tokens name ------------------------------------------------------------------------------ */

/* ':' in names stands as %3A in a subject (facts/github.md §4.1); none of ours may have one. */
static void add_subject(const struct wanting *wanting, const char *rest, struct strings *ret)
{
    const struct bootstrap_settings *bootstrap = wanting->bootstrap;
    const char *name = strchr(bootstrap->repository, '/'), *id = strchr(bootstrap->repository_ids, '/');
    if (bootstrap->subjects != SUBJECTS_NAMES)
        strings_add(wanting->arena, ret,
                    arena_printf(wanting->arena, "repo:%.*s@%.*s/%s@%s:%s", (int)(name - bootstrap->repository),
                                 bootstrap->repository, (int)(id - bootstrap->repository_ids),
                                 bootstrap->repository_ids, name + 1, id + 1, rest));
    if (bootstrap->subjects != SUBJECTS_IDS)
        strings_add(wanting->arena, ret,
                    arena_printf(wanting->arena, "repo:%s:%s", bootstrap->repository, rest));
}

static const char branch_subject[] = "ref:refs/heads/%s";

static struct strings apply_subjects(const struct wanting *wanting)
{
    static const char environment[] = "environment:%s";
    const struct bootstrap_settings *bootstrap = wanting->bootstrap;
    struct strings subjects = {0};
    for (size_t i = 0; i < bootstrap->environments.count; i++)
        add_subject(wanting, arena_printf(wanting->arena, environment, bootstrap->environments.items[i].text),
                    &subjects);
    if (*bootstrap->branch)
        add_subject(wanting, arena_printf(wanting->arena, branch_subject, bootstrap->branch), &subjects);
    if (!subjects.count)
        add_subject(wanting, arena_printf(wanting->arena, environment, "iamlease"), &subjects);
    return subjects;
}

/* Those of pull requests, of a merge queue, which has a branch for each group, and of one branch. None can write. */
static struct strings plan_subjects(const struct wanting *wanting)
{
    const struct bootstrap_settings *bootstrap = wanting->bootstrap;
    struct strings subjects = {0};
    add_subject(wanting, "pull_request", &subjects);
    add_subject(wanting, "ref:refs/heads/gh-readonly-queue/*", &subjects);
    if (*bootstrap->plan_branch)
        add_subject(wanting, arena_printf(wanting->arena, branch_subject, bootstrap->plan_branch), &subjects);
    return subjects;
}

/* --- objects ------------------------------------------------------------------------------------------------ */

static void add_provider(const struct wanting *wanting, struct bootstrap *ret)
{
    struct oidc_provider *provider = ARENA_NEW(wanting->arena, struct oidc_provider);
    provider->url = bootstrap_provider_url(wanting);
    provider->arn = bootstrap_arn(wanting, wanting->bootstrap->hub_account, "oidc-provider", provider->url);
    strings_add(wanting->arena, &provider->client_ids, bootstrap_audience(wanting));
    ret->items[0].provider = provider;
}

/* The role that jobs begin with, which may assume `role`. */
static int add_hub_role(const struct wanting *wanting, const char *name, const char *description,
                        const char *trust, const char *role, struct bootstrap *ret, struct err *err)
{
    const char *policy;
    if (bootstrap_assume_policy(wanting, role, &policy, err) < 0)
        return -1;
    *VEC_ADD(wanting->arena, &ret->items[0].roles) = (struct bootstrap_role){
        .name = name,
        .description = description,
        .trust = trust,
        .policy = policy,
    };
    return 0;
}

static int add_hub_roles(const struct wanting *wanting, struct bootstrap *ret, struct err *err)
{
    const struct settings *settings = wanting->settings;
    const struct strings applying = apply_subjects(wanting), planning = plan_subjects(wanting);
    if (add_hub_role(wanting, wanting->bootstrap->hub_role,
                     "Jobs of iamlease that apply and clean up begin with it",
                     bootstrap_token_trust(wanting, BOOTSTRAP_EXACTLY, &applying), settings->deployer_role,
                     ret, err) < 0)
        return -1;
    if (!*settings->plan_role)
        return 0;
    return add_hub_role(wanting, wanting->bootstrap->plan_hub_role, "Jobs of iamlease that plan begin with it",
                        bootstrap_token_trust(wanting, BOOTSTRAP_LIKE, &planning), settings->plan_role, ret,
                        err);
}

static struct bootstrap_account *find_or_add_account(const struct wanting *wanting, const char *account_id,
                                                     struct bootstrap *ret)
{
    for (size_t i = 0; i < ret->count; i++)
        if (str_eq(ret->items[i].account_id, account_id))
            return &ret->items[i];
    struct bootstrap_account *account = VEC_ADD(wanting->arena, ret);
    account->account_id = account_id;
    return account;
}

static void add_member(const struct wanting *wanting, const char *account_id, struct bootstrap *ret)
{
    const struct settings *settings = wanting->settings;
    struct bootstrap_account *account = find_or_add_account(wanting, account_id, ret);
    *VEC_ADD(wanting->arena, &account->roles) = (struct bootstrap_role){
        .name = settings->deployer_role,
        .description = "iamlease grants and takes access here with it",
        .trust = bootstrap_role_trust(wanting, wanting->bootstrap->hub_role),
        .policy = wanting->input->deployer_policy,
        .trusts = wanting->bootstrap->hub_role,
    };
    if (*settings->plan_role)
        *VEC_ADD(wanting->arena, &account->roles) = (struct bootstrap_role){
            .name = settings->plan_role,
            .description = "iamlease reads access here with it, for plans",
            .trust = bootstrap_role_trust(wanting, wanting->bootstrap->plan_hub_role),
            .policy = wanting->input->plan_policy,
            .trusts = wanting->bootstrap->plan_hub_role,
        };
}

static int check_names(const struct settings *settings, struct err *err)
{
    const char *names[] = {settings->deployer_role, settings->bootstrap.hub_role,
                           *settings->plan_role ? settings->plan_role : NULL,
                           *settings->plan_role ? settings->bootstrap.plan_hub_role : NULL};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t j = 0; j < i; j++)
            if (names[i] && names[j] && str_casecmp(names[i], names[j]) == 0)
                return err_set(
                    err, ERR_USAGE,
                    "two roles have the name '%s': aws.deployer_role, aws.plan_role, bootstrap.hub_role "
                    "and bootstrap.plan_hub_role must differ",
                    names[i]);
    return 0;
}

static int check(const struct wanting *wanting, struct err *err)
{
    const struct bootstrap_settings *bootstrap = wanting->bootstrap;
    if (!*bootstrap->hub_account)
        return err_set(err, ERR_USAGE,
                       "in which account do jobs begin? Set bootstrap.hub_account in iamlease.yaml, or give "
                       "--hub-account");
    if (!*bootstrap->repository)
        return err_set(
            err, ERR_USAGE,
            "which repository is trusted? Set bootstrap.repository in iamlease.yaml to OWNER/REPOSITORY, "
            "or give --repository");
    if (bootstrap->subjects != SUBJECTS_NAMES && !*bootstrap->repository_ids)
        return err_set(
            err, ERR_USAGE,
            "the tokens of newer repositories carry their ids: set bootstrap.repository_ids in iamlease.yaml, or "
            "give --repository-ids, to what 'gh api repos/%s --jq \"\\(.owner.id)/\\(.id)\"' prints; where "
            "tokens have names only, set bootstrap.subjects to 'names'",
            bootstrap->repository);
    if (!wanting->input->accounts.count)
        return err_set(
            err, ERR_USAGE,
            "there are no accounts: name them in aws-accounts/, in bootstrap.accounts of iamlease.yaml, "
            "or give --accounts");
    return check_names(wanting->settings, err);
}

/* AWS's quotas are in characters without white space, of which there is none. */
static int check_sizes(const struct bootstrap *wanted, struct err *err)
{
    for (size_t i = 0; i < wanted->count; i++)
        for (size_t j = 0; j < wanted->items[i].roles.count; j++) {
            const struct bootstrap_role *role = &wanted->items[i].roles.items[j];
            if (strlen(role->policy) > BOOTSTRAP_POLICY_MAX)
                return err_set(err, ERR_USAGE,
                               "the policy of role '%s' would have %zu characters, and AWS takes %d: shorten "
                               "aws.policy_path, owner and the names of the roles in iamlease.yaml",
                               role->name, strlen(role->policy), BOOTSTRAP_POLICY_MAX);
            if (strlen(role->trust) > TRUST_MAX)
                return err_set(
                    err, ERR_USAGE,
                    "the trust policy of role '%s' would have %zu characters, and AWS takes %d: name fewer "
                    "bootstrap.environments in iamlease.yaml, or set bootstrap.subjects to the one form of "
                    "'sub' that the tokens have, 'ids' or 'names'",
                    role->name, strlen(role->trust), TRUST_MAX);
        }
    return 0;
}

int bootstrap_wanted(struct arena *arena, const struct bootstrap_input *input, struct bootstrap *ret,
                     struct err *err)
{
    const struct wanting wanting = {.arena = arena,
                                    .input = input,
                                    .settings = input->settings,
                                    .bootstrap = &input->settings->bootstrap};
    *ret = (struct bootstrap){.partition = input->settings->partition};
    if (check(&wanting, err) < 0)
        return -1;
    tags_add(arena, &ret->tags, BOOTSTRAP_TAG, input->settings->owner);
    (void)find_or_add_account(&wanting, wanting.bootstrap->hub_account, ret);
    add_provider(&wanting, ret);
    if (add_hub_roles(&wanting, ret, err) < 0)
        return -1;
    for (size_t i = 0; i < input->accounts.count; i++)
        add_member(&wanting, input->accounts.items[i], ret);
    return check_sizes(ret, err);
}
