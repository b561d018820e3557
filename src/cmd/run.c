/* SPDX-License-Identifier: Apache-2.0 */
/* What commands have in common: those that work with AWS, and those that compare. */
#include "cmd/output.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void say(void *context, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(void *context, const char *format, ...)
{
    const struct invocation *invocation = context;
    va_list args;
    va_start(args, format);
    output_message(invocation, "%s", arena_vprintf(invocation->arena, format, args));
    va_end(args);
}

/* A whole number from 1 to `max`; 0 when the option is not given. */
static int read_number(const char *name, const char *text, unsigned max, unsigned *ret, struct err *err)
{
    enum { DIGITS_MAX = 6 };
    *ret = 0;
    if (!text)
        return 0;
    size_t digits = strspn(text, "0123456789");
    unsigned long number = digits && digits <= DIGITS_MAX && !text[digits] ? strtoul(text, NULL, 10) : 0;
    if (number < 1 || number > max)
        return err_set(err, ERR_USAGE, "--%s '%.64s' is not a whole number from 1 to %u", name, text, max);
    *ret = (unsigned)number;
    return 0;
}

static int read_net_options(const struct invocation *invocation, struct net_options *ret, struct err *err)
{
    enum { MINUTES_MAX = 24 * 60, IN_FLIGHT_MAX = 1000, SECONDS = 60 };
    const struct options *options = &invocation->options;
    unsigned minutes;
    *ret = (struct net_options){
        .user_agent = "iamlease/" IAMLEASE_VERSION,
        .stop_signal = invocation->stop_signal,
        .ca_file = invocation->ca_file,
    };
    if (read_number("deadline", options->deadline, MINUTES_MAX, &minutes, err) < 0 ||
        read_number("max-in-flight", options->max_in_flight, IN_FLIGHT_MAX, &ret->max_in_flight, err) < 0 ||
        read_number("max-in-flight-per-account", options->max_in_flight_per_account, IN_FLIGHT_MAX,
                    &ret->max_in_flight_per_group, err) < 0)
        return -1;
    ret->deadline_s = minutes * SECONDS;
    return 0;
}

static struct run run_new(struct invocation *invocation)
{
    invocation->aws.on_secret = invocation->github.is_actions ? actions_mask : NULL;
    invocation->aws.on_secret_context = invocation;
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
    if (read_net_options(invocation, &net, err) < 0)
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
    return read_net_options(invocation, &net, err) < 0 ? -1 : net_open(&ret->net, &net, err);
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
        .now_s = invocation->now_s,
    };
}
