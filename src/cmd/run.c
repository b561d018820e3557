/* SPDX-License-Identifier: Apache-2.0 */
/* What commands have in common: those that work with AWS, and those that compare. */
#include "cmd/net_options.h"
#include "cmd/output.h"

#include <stdarg.h>

static void say(void *context, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(void *context, const char *format, ...)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    va_list args;
    va_start(args, format);
    output_message(context, "%s", arena_vprintf(scratch, format, args));
    va_end(args);
}

static struct run run_new(struct invocation *invocation)
{
    invocation->aws.on_secret = invocation->github.is_actions ? actions_mask : NULL;
    invocation->aws.on_secret_context = invocation;
    invocation->port.on_secret = invocation->aws.on_secret;
    invocation->port.on_secret_context = invocation;
    return (struct run){.arena = invocation->arena,
                        .environment = &invocation->aws,
                        .say = say,
                        .say_context = invocation,
                        .verbose = invocation->options.verbose,
                        .is_actions = invocation->github.is_actions};
}

static void add_actions(struct run *run, const struct actions *actions)
{
    run->github = actions->github;
    run->event = actions->has_event ? &actions->event : NULL;
}

int open_run(struct invocation *invocation, struct actions *actions, struct run *ret, struct err *err)
{
    struct net_options net;
    *ret = run_new(invocation);
    if (net_options_read(invocation, &net, err) < 0)
        return -1;
    if (actions_open(invocation, actions, err) < 0)
        return -1;
    add_actions(ret, actions);
    if (repo_open(&ret->repo, invocation->options.repo, err) < 0)
        return -1;
    return net_open(&ret->net, &net, err);
}

int open_run_in(struct invocation *invocation, const struct actions *actions, struct repo *repo,
                struct run *ret, struct err *err)
{
    struct net_options net;
    *ret = run_new(invocation);
    add_actions(ret, actions);
    ret->repo = repo;
    return net_options_read(invocation, &net, err) < 0 ? -1 : net_open(&ret->net, &net, err);
}

void close_run(struct run *run)
{
    net_close(run->net);
    repo_close(run->repo);
}

struct apply_request request_from(const struct invocation *invocation)
{
    const struct options *options = &invocation->options;
    return (struct apply_request){
        .head = options->head,
        .root_option = options->config_root,
        .apply_branch = options->apply_branch,
        .accepted = &options->accept,
        .accepted_removals = options->accept_removals,
        .journal = options->journal,
        .approved_plan = options->plan,
        .teams = &options->teams,
        .shard = options->shard,
        .accounts = &options->accounts,
        .leftovers = options->leftovers,
        .dry_run = options->dry_run,
        .adopts = options->adopt,
        .first_apply = options->first_apply,
        .now_s = invocation->now_s,
        .now_is_given = options->now != NULL,
    };
}

struct comparison_request comparison_request_from(const struct invocation *invocation,
                                                  const struct actions *actions)
{
    const struct options *options = &invocation->options;
    return (struct comparison_request){
        .sides = {.base = options->base,
                  .head = options->head,
                  .is_actions = invocation->github.is_actions,
                  .event = actions->has_event ? &actions->event : NULL,
                  .github = actions->github},
        .root_option = options->config_root,
        .teams = &options->teams,
        .adopts = options->adopt,
        .now_s = invocation->now_s,
    };
}
