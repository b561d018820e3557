/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/role_policy.h"
#include "base/str.h"
#include "cmd/output.h"
#include "config/config.h"

enum { TEXT_MAX = 64 * 1024 };

/* The settings alone: what is wrong in a team's file does not matter here. */
static int load_settings(struct invocation *invocation, struct repo *repo, const struct settings **ret,
                         struct diags *diags, struct err *err)
{
    const struct options *options = &invocation->options;
    const char *head = options->head ? options->head : invocation->github.is_actions ? "HEAD" : REPO_WORKTREE;
    struct map no_teams = map_new(invocation->arena);
    struct source source;
    if (source_open(invocation->arena, repo, head, options->config_root, &source, err) < 0 ||
        source_check_root(invocation->arena, repo, &source, options->config_root, err) < 0)
        return -1;
    source.only = &no_teams;
    if (source_load(invocation->arena, repo, &source, diags, err) < 0)
        return -1;
    *ret = &source.config->settings;
    return 0;
}

int cmd_policy(struct invocation *invocation)
{
    struct err err;
    struct repo *repo CLEANUP(repo_closep) = NULL;
    const struct settings *settings;
    struct diags diags = diags_new(invocation->arena);
    const struct strings *arguments = &invocation->options.arguments;
    enum role_kind role;
    if (arguments->count != 2 || !role_kind_find(arguments->items[1], &role)) {
        err_set(&err, ERR_USAGE, "'iamlease policy' takes the name of one role: 'deployer' or 'plan'");
        return output_error(invocation, &err);
    }
    if (repo_open(&repo, invocation->options.repo, &err) < 0 ||
        load_settings(invocation, repo, &settings, &diags, &err) < 0)
        return output_error(invocation, &err);
    output_diags(invocation, &diags);
    if (diags.errors)
        return EXIT_TROUBLE;
    struct buf text;
    buf_init(&text, TEXT_MAX);
    role_policy_write(&text, role, settings, invocation->options.adopt);
    int code = output_result(invocation, &text, EXIT_DONE);
    buf_free(&text);
    return code;
}
