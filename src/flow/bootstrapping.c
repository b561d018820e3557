/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/bootstrapping.h"

#include "aws/role_policy.h"
#include "base/json.h"
#include "base/str.h"
#include "config/config.h"
#include "config/grammar.h"
#include "flow/execution.h"
#include "flow/shard.h"
#include "plan/bootstrap_operations.h"
#include "plan/bootstrap_wanted.h"

#include <assert.h>

enum { POLICY_TEXT_MAX = 64 * 1024 };

/* --- what is wanted ----------------------------------------------------------------------------------------- */

static int override(const char **setting, const char *option, const char *value,
                    const struct grammar *grammar, struct err *err)
{
    if (!value)
        return 0;
    if (!grammar->matches(value))
        return err_set(err, ERR_USAGE, "--%s '%.200s' is not %s; %s", option, value, grammar->what,
                       grammar->hint);
    *setting = value;
    return 0;
}

static int override_all(const struct bootstrap_request *request, struct bootstrap_settings *ret,
                        struct err *err)
{
    if (override(&ret->hub_account, "hub-account", request->hub_account, &grammar_account_id, err) < 0 ||
        override(&ret->repository, "repository", request->repository, &grammar_repository, err) < 0 ||
        override(&ret->repository_ids, "repository-ids", request->repository_ids, &grammar_repository_ids,
                 err) < 0)
        return -1;
    return override(&ret->through_role, "through-role", request->through_role, &grammar_role, err);
}

/* Those of the command line, else those of the settings, else all that any team names. */
static int find_accounts(struct arena *arena, const struct bootstrap_request *request,
                         const struct config *config, struct strings *ret, struct err *err)
{
    const struct located_list *named = &config->settings.bootstrap.accounts;
    *ret = account_lists_split(arena, request->accounts);
    for (size_t i = 0; i < ret->count; i++)
        if (!grammar_account_id.matches(ret->items[i]))
            return err_set(err, ERR_USAGE, "--accounts: '%.200s' is not the id of an account", ret->items[i]);
    for (size_t i = 0, given = ret->count; !given && i < named->count; i++)
        strings_add(arena, ret, named->items[i].text);
    for (size_t i = 0, given = ret->count; !given && i < config->count; i++)
        for (size_t j = 0; j < config->items[i].accounts.count; j++)
            strings_add(arena, ret, config->items[i].accounts.items[j].account_id.text);
    strings_sort_unique(ret);
    return 0;
}

static const char *policy_text(struct arena *arena, enum role_kind role, const struct settings *settings)
{
    struct buf text;
    struct json *json;
    struct err ignored;
    buf_init(&text, POLICY_TEXT_MAX);
    role_policy_write(&text, role, settings, settings->bootstrap.adopts);
    const char *pretty = arena_strdup(arena, text.bytes);
    buf_clear(&text);
    struct json_writer minified = json_writer_new(&text, false);
    int parsed = json_parse(arena, pretty, strlen(pretty), &json, &ignored);
    assert(parsed == 0); /* it is our own */
    (void)parsed;
    json_value(&minified, json);
    const char *policy = arena_strdup(arena, text.bytes);
    buf_free(&text);
    return policy;
}

int bootstrap_describe(struct arena *arena, struct repo *repo, bool is_actions,
                       const struct bootstrap_request *request, struct diags *diags,
                       struct bootstrap_plan *ret, struct err *err)
{
    const char *head = request->head ? request->head : is_actions ? "HEAD" : REPO_WORKTREE;
    struct source source;
    if (source_open(arena, repo, head, request->root_option, &source, err) < 0 ||
        source_check_root(arena, repo, &source, request->root_option, err) < 0 ||
        source_load(arena, repo, &source, diags, err) < 0)
        return -1;
    if (diags->errors)
        return 0;
    *ret = (struct bootstrap_plan){.settings = source.config->settings,
                                   .head_name = source.name,
                                   .head_id = source.commit_id};
    struct bootstrap_input input = {
        .settings = &ret->settings, /* the policies are those of the files, whatever this run is told */
        .deployer_policy = policy_text(arena, ROLE_DEPLOYER, &ret->settings),
        .plan_policy = policy_text(arena, ROLE_PLAN, &ret->settings),
    };
    if (override_all(request, &ret->settings.bootstrap, err) < 0 ||
        find_accounts(arena, request, source.config, &input.accounts, err) < 0)
        return -1;
    return bootstrap_wanted(arena, &input, &ret->wanted, err);
}

/* --- what is there ------------------------------------------------------------------------------------------ */

/* The accounts that there is no way into: there is no other than those that were named. */
static void add_unreachable(struct arena *arena, const struct needs *all, const struct needs *reachable,
                            const char *own_account, struct observed *ret)
{
    for (size_t i = 0, j = 0; i < all->count; i++) {
        const char *account_id = all->items[i].account_id;
        if (j < reachable->count && str_eq(reachable->items[j].account_id, account_id)) {
            j++;
            continue;
        }
        *VEC_ADD(arena, ret) = (struct observed_account){
            .account_id = account_id,
            .error = arena_printf(arena,
                                  "the credentials are of account %s; give --through-role, such as "
                                  "OrganizationAccountAccessRole, or run it with credentials of this account",
                                  own_account),
        };
    }
}

static int observe(const struct run *run, struct aws *aws, const struct bootstrap_plan *bootstrap,
                   struct observed *ret, struct err *err)
{
    struct needs all = {0}, reachable = {0};
    const char *own_account;
    if (aws_use_base(aws, &own_account, err) < 0)
        return -1;
    bootstrap_needs(run->arena, &bootstrap->wanted, &all);
    for (size_t i = 0; i < all.count; i++)
        if (*bootstrap->settings.bootstrap.through_role || str_eq(all.items[i].account_id, own_account))
            *VEC_ADD(run->arena, &reachable) = all.items[i];
    if (aws_observe(run->arena, aws, &reachable, bootstrap->settings.owner, ret, err) < 0)
        return -1;
    add_unreachable(run->arena, &all, &reachable, own_account, ret);
    return 0;
}

static int work(const struct run *run, const struct bootstrap_request *request, struct aws *aws,
                const struct bootstrap_plan *bootstrap, struct report *ret, struct err *err)
{
    struct plan *plan = ARENA_NEW(run->arena, struct plan);
    struct observed observed;
    if (observe(run, aws, bootstrap, &observed, err) < 0)
        return -1;
    *plan = (struct plan){.head_name = bootstrap->head_name,
                          .head_id = bootstrap->head_id,
                          .now_s = request->now_s,
                          .settings = &bootstrap->settings};
    bootstrap_operations(run->arena, &bootstrap->wanted, &observed, plan);
    *ret = (struct report){.command = "bootstrap",
                           .dry_run = request->dry_run || request->check,
                           .is_check = request->check,
                           .plan = plan,
                           .accounts = bootstrap->wanted.count};
    const struct apply_request execution = {.journal = request->journal, .now_s = request->now_s};
    return ret->dry_run ? 0 : execution_run(run, &execution, aws, "bootstrap", ret, err);
}

int flow_bootstrap(const struct run *run, const struct bootstrap_request *request,
                   const struct bootstrap_plan *bootstrap, struct report *ret, struct err *err)
{
    struct aws *aws;
    if (aws_open_through(&aws, run->environment, &bootstrap->settings,
                         bootstrap->settings.bootstrap.through_role, "iamlease-bootstrap", run->net, err) < 0)
        return -1;
    int rc = work(run, request, aws, bootstrap, ret, err);
    aws_close(aws);
    return rc;
}
