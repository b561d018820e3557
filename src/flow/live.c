/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/live.h"

#include "base/str.h"
#include "flow/applied_ref.h"
#include "flow/port_revoked.h"
#include "plan/desired.h"
#include "plan/drift_compute.h"
#include "plan/needs.h"

const struct settings *live_settings(const struct comparison *comparison)
{
    const struct source *side = source_is_empty(&comparison->base) ? &comparison->head : &comparison->base;
    return &side->config->settings;
}

static int check_role(const struct settings *settings, struct err *err)
{
    if (!*settings->plan_role)
        return err_set(
            err, ERR_USAGE,
            "--live reads AWS with the role that aws.plan_role in iamlease.yaml names, and there is none: "
            "name one that 'iamlease policy plan' fits; a plan never assumes the deployer role");
    if (str_casecmp(settings->plan_role, settings->deployer_role) == 0)
        return err_set(
            err, ERR_REFUSED,
            "aws.plan_role is the deployer role '%s': a plan reads AWS with a role that may only read",
            settings->plan_role);
    return 0;
}

/* What apply compares with, where an apply is due or failed: what lies between is its affair, too. */
static int read_applied(const struct run *run, const struct comparison *comparison,
                        const struct comparison_request *request, struct live *live, struct err *err)
{
    const struct applied_ref ref = {.repo = run->repo, .github = run->github};
    const char *applied = NULL, *base = comparison->base.commit_id;
    struct diags ignored = diags_new(run->arena);
    struct source source;
    bool once = false;
    if (applied_ref_read(run->arena, &ref, &applied, err) < 0 ||
        (applied && applied_once_read(run->arena, &ref, &once, err) < 0))
        return -1;
    if (once && repo_commit_time(run->repo, applied, &live->applied_at_s, &(struct err){0}) < 0)
        live->applied_at_s = 0; /* a shallow checkout lacks it: then nobody is known to be new */
    if (!applied || (base && str_eq(applied, base)))
        return 0;
    if (source_open_commit(run->arena, run->repo, run->github, applied, APPLIED_REF, request->root_option,
                           &source, err) < 0 ||
        source_load(run->arena, run->repo, &source, &ignored, err) < 0)
        return -1;
    desired_facts(run->arena, source.config, NULL, 0, &live->applied);
    live->applied_is_another = true;
    if (ignored.errors)
        strings_add(
            run->arena, &live->notices,
            arena_printf(run->arena,
                         "files of the applied commit %.12s have errors: what only they declare does not "
                         "stand among the drift and the operations",
                         applied));
    strings_add(run->arena, &live->notices,
                arena_printf(run->arena,
                             "what was applied is commit %.12s, not the base: what lies between is still to be "
                             "applied, and stands among the drift and the operations",
                             applied));
    return 0;
}

static void add_needs(const struct run *run, const struct comparison *comparison,
                      const struct comparison_request *request, const struct live *live, struct needs *needs)
{
    struct facts after = {0};
    desired_facts(run->arena, comparison->head.config, &comparison->accounts, request->now_s, &after);
    needs_add_facts(run->arena, &comparison->settings, &live->declared, needs);
    needs_add_facts(run->arena, &comparison->settings, &after, needs);
    needs_add_facts(run->arena, &comparison->settings, &live->applied, needs);
    needs_add_accounts(run->arena, comparison->base.config, needs);
    needs_add_accounts(run->arena, comparison->head.config, needs);
    needs_finish(needs);
}

int live_read(const struct run *run, const struct comparison *comparison,
              const struct comparison_request *request, struct live *ret, struct err *err)
{
    const struct settings *settings = live_settings(comparison);
    const struct event *event = request->sides.event;
    const char *session = event && event->number
                              ? arena_printf(run->arena, "iamlease-plan-pr%lld", (long long)event->number)
                              : "iamlease-plan";
    struct needs needs = {0};
    struct aws *aws = NULL;
    struct err reason;
    *ret = (struct live){0};
    if (check_role(settings, err) < 0)
        return -1;
    if (read_applied(run, comparison, request, ret, &reason) < 0)
        strings_add(run->arena, &ret->notices,
                    arena_printf(run->arena, "what was applied is not known, so the base counts as that: %s",
                                 reason.message));
    desired_facts(run->arena, comparison->base.config, NULL, 0, &ret->declared);
    add_needs(run, comparison, request, ret, &needs);
    if (aws_open(&aws, run->environment, settings, ROLE_PLAN, session, run->net, err) < 0)
        return -1;
    run->say(run->say_context, "reading %zu account%s", needs.count, needs.count == 1 ? "" : "s");
    int rc = aws_observe(run->arena, aws, &needs, comparison->settings.owner, &ret->observed, err);
    aws_close(aws);
    if (rc == 0 && port_revoked_of_direct(run, settings, &ret->observed, &ret->revoked, &reason) < 0)
        strings_add(run->arena, &ret->notices, arena_strdup(run->arena, reason.message));
    return rc;
}

static void append(struct arena *arena, const struct facts *facts, struct facts *ret)
{
    for (size_t i = 0; i < facts->count; i++)
        *VEC_ADD(arena, ret) = facts->items[i];
}

/* Each policy once in an account; facts of one account stand together. */
static void add_source(struct arena *arena, const struct observed_account *account, const char *arn,
                       struct plan_sources *ret)
{
    const struct observed_source *source = observed_find_source(account, arn);
    bool is_known = !source || source->error;
    for (size_t i = ret->count;
         i > 0 && !is_known && str_eq(ret->items[i - 1].account_id, account->account_id); i--)
        is_known = str_eq(ret->items[i - 1].arn, arn);
    if (!is_known)
        *VEC_ADD(arena, ret) = (struct plan_source){account->account_id, source->arn, source->version_id};
}

static void add_sources(struct arena *arena, const struct observed *observed, const struct facts *facts,
                        struct plan_sources *ret)
{
    const struct observed_account *account = NULL;
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        if (!account || !str_eq(account->account_id, fact->account_id))
            account = observed_find_account(observed, fact->account_id);
        const bool copies = fact->kind == ACCESS_LEASE && fact->mode != MODE_ROLE;
        for (size_t j = 0; account && copies && j < fact->policy->managed_policies.count; j++)
            add_source(arena, account, fact->policy->managed_policies.items[j].text, ret);
    }
}

void live_operations(struct arena *arena, const struct live *live, const struct comparison_request *request,
                     const struct config *head, const struct facts *before, const struct facts *after,
                     const struct facts *held, struct plan *plan)
{
    struct facts *candidates = ARENA_NEW(arena, struct facts);
    struct problems problems_before = {0}, all = {0};
    struct drift drift = {0};
    append(arena, &live->declared, candidates);
    append(arena, &live->applied, candidates);
    struct operations_input input = {
        .settings = plan->settings,
        .desired = before,
        .held = held,
        .candidates = candidates,
        .applied = live->applied_is_another ? &live->applied : &live->declared,
        .applied_at_s = live->applied_at_s,
        .observed = &live->observed,
        .teams = request->teams,
        .revoked = &live->revoked,
        .adopts = request->adopts,
        .now_s = request->now_s,
    };
    drift_compute(arena, &input, &drift, &problems_before);
    all = plan->problems;
    plan->problems = (struct problems){0};
    input.desired = after;
    input.config = head;
    operations_compute(arena, &input, plan);
    drift_judge_problems(&problems_before, &plan->problems);
    for (size_t i = 0; i < plan->problems.count; i++)
        *VEC_ADD(arena, &all) = plan->problems.items[i];
    plan->problems = all;
    plan->drift = drift;
    add_sources(arena, &live->observed, after, &plan->sources);
    plan->operations_implied = false;
    for (size_t i = 0; i < live->notices.count; i++)
        *VEC_ADD(arena, &plan->notices) = live->notices.items[i];
}
