/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_direct.h"

#include "base/str.h"
#include "base/time.h"
#include "flow/execution.h"
#include "flow/port_leases.h"
#include "plan/declared.h"
#include "plan/direct_operations.h"
#include "plan/direct_role.h"
#include "port/port_progress.h"

const char *port_direct_prevented(const struct port_wish *wish)
{
    const struct port_settings *settings = &wish->base->source.config->settings.rules.port;
    const struct account_rules *rules = port_wish_rules(wish);
    if (settings->request_mode != PORT_DIRECT)
        return "";
    if (!settings->direct)
        return "port.request_mode is direct, and port.direct does not allow it: it becomes a pull request";
    if (rules && rules->approvals)
        return arena_printf(wish->run->arena, "account %s needs approvals (%lld): it becomes a pull request",
                            rules->account_id, (long long)rules->approvals);
    return port_wish_stranger(wish);
}

int port_direct_end(const struct port_wish *wish, int64_t *ret, struct err *err)
{
    const int64_t days = rules_max_days(&wish->base->source.config->settings.rules, port_wish_rules(wish), "");
    return port_wish_end(wish, days * DAY_S, ret, err);
}

/* What the entry declares, by itself: others that ask for the same are no part of it. */
static int find_fact(const struct port_wish *wish, struct fact *ret, struct err *err)
{
    struct arena *arena = wish->run->arena;
    const struct settings *settings = &wish->base->source.config->settings;
    const struct account_rules *rules = port_wish_rules(wish);
    const char *name = direct_role_name(arena, wish->of_port.id);
    struct declared rows = {0};
    if (!name)
        return err_set(err, ERR_REFUSED, "the id of the run %s is too long for the name of a role",
                       wish->of_port.id);
    for (size_t i = 0; i < wish->config->count; i++)
        if (str_eq(wish->config->items[i].name, wish->place.team->name))
            declared_rows(arena, arena, settings, &wish->config->items[i], &rows);
    for (size_t i = 0; i < rows.count; i++) {
        *ret = rows.items[i].fact;
        if (!str_eq(ret->port_run, wish->of_port.id))
            continue;
        struct policy_decl *policy = ARENA_NEW(arena, struct policy_decl);
        *policy = *ret->policy;
        policy->description = arena_printf(arena, "%s%s%s", ret->ticket, *ret->ticket ? " " : "", ret->reason);
        ret->policy = policy;
        ret->mode = MODE_ROLE;
        ret->entries = 1;
        ret->require_mfa = rules && rules->require_mfa;
        ret->lease_id = direct_role_lease_id(arena, settings,
                                             direct_role_arn(arena, settings, wish->place.account_id, name));
        return 0;
    }
    return err_set(err, ERR_REFUSED, "the entry of the run %s is not what was written", wish->of_port.id);
}

static int observe(const struct port_wish *wish, const struct fact *fact, struct aws *aws,
                   struct observed *ret, struct err *err)
{
    struct needs needs = {0};
    const struct settings *settings = &wish->base->source.config->settings;
    const struct apply_request *request = wish->asking->request;
    if (!request->dry_run && request->now_is_given && !aws_is_loopback(aws))
        return err_set(
            err, ERR_USAGE,
            "--now is for tests: a command that writes takes it only when every AWS endpoint is a loopback address");
    direct_role_needs(wish->run->arena, fact, &needs);
    return aws_observe(wish->run->arena, aws, &needs, settings->owner, ret, err);
}

/* What stands in the way is a refusal; that AWS does not answer is not the request's fault. */
static int refuse(const struct problem *problem, struct err *err)
{
    bool is_away = str_eq(problem->id, "account-unreachable");
    return err_set(err, is_away ? ERR_NET : ERR_REFUSED, "%s", problem->message);
}

static int run_operations(const struct port_wish *wish, const struct fact *fact, struct aws *aws,
                          struct port_asked *ret, struct direct_grant *ret_grant, struct err *err)
{
    const struct run *run = wish->run;
    const struct source *source = &wish->base->source;
    const struct apply_request *request = wish->asking->request;
    struct plan *plan = ARENA_NEW(run->arena, struct plan);
    struct observed observed = {0};
    *plan = (struct plan){.base_name = wish->base->branch,
                          .base_id = source->commit_id,
                          .head_name = wish->base->branch,
                          .head_id = source->commit_id,
                          .now_s = request->now_s,
                          .settings = &source->config->settings};
    if (observe(wish, fact, aws, &observed, err) < 0)
        return -1;
    operations_direct(run->arena, plan->settings, &observed, fact, plan, ret_grant);
    if (plan->problems.count)
        return refuse(&plan->problems.items[0], err);
    ret->report = ARENA_NEW(run->arena, struct report);
    *ret->report = (struct report){.command = "request",
                                   .dry_run = request->dry_run,
                                   .plan = plan,
                                   .accounts = observed.count};
    return request->dry_run ? 0 : execution_run(run, request, aws, "request", ret->report, err);
}

static void describe(const struct port_wish *wish, const struct fact *fact, const struct direct_grant *grant,
                     struct port_lease *ret)
{
    const struct holding holding = {
        .account_id = wish->place.account_id,
        .environment = wish->place.environment,
        .principal_kind = PRINCIPAL_USER,
        .principal = fact->principal,
        .team = fact->team,
        .grant = fact->grant,
        .what = grant->arn,
        .mode = MODE_ROLE,
        .ends_at_s = fact->ends_at_s,
        .document = grant->policy,
        .direct = grant,
    };
    port_lease_describe(wish->run->arena, &wish->base->source.config->settings, &holding, ret);
}

/*
 * The run first: as long as there is no entity, port-sync still ends a run that was cut off here. So where
 * Port does not take the end, it makes the entity, too.
 */
static void tell_port(const struct port_wish *wish, const struct port_lease *lease, struct port_asked *asked)
{
    char end[TIME_TEXT_SIZE];
    struct err reason;
    struct arena *arena = wish->run->arena;
    struct port *port = wish->base->port;
    struct port_answer answer = {.error = ""};
    const char *run_id = wish->of_port.id;
    const char *summary = arena_printf(arena, "Granted until %s", time_format(lease->entry.ends_at_s, end));
    const char *message = arena_printf(arena, "%s: %s to %s. Switch to the role: %s", summary,
                                       asked->resource, lease->entry.requester, lease->entry.sign_in_url);
    if (port_run_log(arena, port, run_id, message, PORT_GOES_ON, &reason) < 0 ||
        port_run_end(arena, port, run_id, PORT_SUCCEEDED, NULL, summary, lease->entry.sign_in_url, &reason) <
            0 ||
        port_catalog_put(arena, port, wish->base->source.config->settings.owner, &lease->entry, &answer,
                         &reason) < 0)
        asked->notice = arena_printf(arena, "granted; Port learns it by the next run: %s", reason.message);
}

static void tell_port_to_wait(const struct port_wish *wish, struct port_asked *asked)
{
    struct err reason;
    if (port_run_log(wish->run->arena, wish->base->port, wish->of_port.id,
                     "Not granted yet: the job's summary says what failed. Run the job again.", PORT_GOES_ON,
                     &reason) < 0)
        asked->notice = arena_strdup(wish->run->arena, reason.message);
}

int port_direct_grant(const struct port_wish *wish, struct port_asked *ret, struct err *err)
{
    const struct run *run = wish->run;
    struct fact fact;
    struct aws *aws = NULL;
    struct direct_grant grant;
    struct port_lease lease;
    const char *session = arena_printf(run->arena, "iamlease-%s", wish->of_port.id);
    if (find_fact(wish, &fact, err) < 0 ||
        aws_open(&aws, run->environment, &wish->base->source.config->settings, ROLE_DEPLOYER, session,
                 run->net, err) < 0)
        return -1;
    int rc = run_operations(wish, &fact, aws, ret, &grant, err);
    aws_close(aws);
    if (rc < 0)
        return -1;
    describe(wish, &fact, &grant, &lease);
    ret->role_arn = grant.arn;
    ret->sign_in_url = lease.entry.sign_in_url;
    *VEC_ADD(run->arena, &ret->report->plan->notices) = arena_printf(
        run->arena, "%s gets %s in %s (%s) by switching to the role %s; in the console: %s", fact.declared_as,
        fact.grant, fact.environment, fact.account_id, grant.arn, ret->sign_in_url);
    if (ret->report->dry_run || ret->report->stopped)
        return 0;
    port_base_last_words(run);
    if (report_is_clean(ret->report))
        tell_port(wish, &lease, ret);
    else
        tell_port_to_wait(wish, ret);
    return 0;
}
