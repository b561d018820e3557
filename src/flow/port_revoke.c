/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_revoke.h"

#include "base/str.h"
#include "config/removing.h"
#include "flow/execution.h"
#include "flow/findings.h"
#include "flow/port_base.h"
#include "flow/port_judging.h"
#include "flow/port_revoked.h"
#include "flow/port_sync.h"
#include "github/proposal.h"
#include "plan/operations.h"
#include "policy/mark.h"

static const char blueprint[] = "provisioned_permissions";

struct revoking {
    const struct run *run;
    const struct apply_request *request;
    const struct port_asking *asking;
    struct port_base *base;
    struct port_run of_port;
    bool is_known;
    struct findings findings;
    struct plan *plan;
    const struct fact *fact; /* that goes before its end; or NULL */
    struct port_revoked *ret;
};

/* A timer has no user, and its run need not be one that can be read: it is only told how it went, if it can be. */
static int judge(struct revoking *r, struct err *err)
{
    const struct port_payload *payload = &r->base->payload;
    const struct port_settings *settings = &r->base->source.config->settings.rules.port;
    struct err ignored;
    int rc = port_run_read(r->run->arena, r->base->port, payload->run_id, &r->of_port, &r->is_known,
                           payload->requester ? err : &ignored);
    if (!payload->requester) {
        r->is_known = rc == 0 && r->is_known && !r->of_port.requester &&
                      port_judge_action(settings, &r->of_port, &ignored) == 0;
        return 0;
    }
    if (rc < 0 || port_judge_run(settings, payload, &r->of_port, err) < 0)
        return -1;
    if (!str_eq(r->of_port.blueprint, blueprint))
        return err_set(err, ERR_REFUSED, "the run %s was not started on an entity of %s", r->of_port.id,
                       blueprint);
    return 0;
}

static bool is_role_of(struct arena *arena, const struct settings *settings, const struct fact *fact,
                       const char *identifier)
{
    const char *name = mark_role_name(arena, settings->policy_path, fact);
    return str_eq(identifier, name) ||
           str_eq(identifier, arena_printf(arena, "arn:%s:iam::%s:role%s%s", settings->partition,
                                           fact->account_id, settings->policy_path, name));
}

static int find_fact(struct revoking *r, const struct settings *settings, struct err *err)
{
    const struct facts *desired = &r->findings.desired;
    const char *identifier = r->of_port.entity;
    for (size_t i = 0; i < desired->count && !r->fact; i++) {
        const struct fact *fact = &desired->items[i];
        if (fact->kind == ACCESS_LEASE &&
            (str_eq(fact->lease_id, identifier) || str_eq(fact->port_run, identifier) ||
             is_role_of(r->run->arena, settings, fact, identifier)))
            r->fact = fact;
    }
    if (r->fact && (!r->fact->ad_hoc || !port_is_run_id(r->fact->port_run) || r->fact->entries != 1))
        return err_set(
            err, ERR_REFUSED,
            "the lease %s was not asked for in Port, or several entries ask for it: take the entries out "
            "of temporary-access/%s.yaml in a pull request",
            r->fact->lease_id, r->fact->team);
    return 0;
}

static int find(struct revoking *r, struct err *err)
{
    struct diags diags = diags_new(r->run->arena);
    r->plan = ARENA_NEW(r->run->arena, struct plan);
    if (findings_read_git_leniently(r->run, r->request, &diags, &r->findings, r->plan, &r->plan->problems,
                                    err) < 0)
        return -1;
    return r->base->payload.requester ? find_fact(r, r->plan->settings, err) : 0;
}

/* It, and what has ended. */
static int take_away(struct revoking *r, struct err *err)
{
    const struct run *run = r->run;
    struct plan *plan = r->plan;
    if (findings_read_aws(run, r->request, "iamlease-revoke", true, plan->settings, &r->findings, err) < 0)
        return -1;
    operations_cleanup(run->arena, plan->settings, &r->findings.observed, NULL, r->request->now_s, plan);
    if (r->fact)
        operations_revoke(run->arena, plan->settings, &r->findings.observed, r->fact, r->request->now_s, plan);
    r->ret->report = (struct report){
        .command = "revoke",
        .plan = plan,
        .applied_before = r->findings.applied,
        .applied_after = r->findings.applied,
        .accounts = r->findings.observed.count,
    };
    return execution_run(run, r->request, r->findings.aws, "revoke", &r->ret->report, err);
}

/* The entry that the run's id stands in, on the default branch as it is now. */
static const struct access_entry *find_entry(const struct revoking *r)
{
    const struct config *config = r->base->source.config;
    for (size_t i = 0; i < config->count; i++)
        for (size_t j = 0; j < config->items[i].entries.count; j++)
            if (str_eq(config->items[i].entries.items[j].port_run, r->fact->port_run))
                return &config->items[i].entries.items[j];
    return NULL;
}

/* Nothing grants it again; the files should say so, too. */
static int take_out_entry(struct revoking *r, struct err *err)
{
    struct arena *arena = r->run->arena;
    struct proposed proposed;
    const struct access_entry *entry = find_entry(r);
    const char *text, *branch = arena_printf(arena, "%s%s", PORT_REVOKE_BRANCH, r->fact->port_run);
    if (!entry)
        return 0;
    if (proposal_find(arena, r->run->github, branch, &proposed, err) < 0)
        return -1;
    if (!proposed.is_open) {
        if (config_remove_entry(arena, entry->span, &text, err) < 0)
            return -1;
        const char *title =
            arena_printf(arena, "Take back temporary access of %s, revoked in Port", r->fact->team);
        const struct proposal proposal = {
            .base = r->base->branch,
            .base_id = r->base->source.commit_id,
            .branch = branch,
            .path = entry->span.file->path,
            .text = text,
            .message = title,
            .title = title,
            .body =
                arena_printf(arena,
                             "The run `%s` in Port took the access of the run `%s` back; it is gone from AWS, "
                             "and no apply grants it again, also when this is closed. Merge this, so that "
                             "the files say so.\n",
                             r->of_port.id, r->fact->port_run),
        };
        if (proposal_make(arena, r->run->github, &proposal, &proposed, err) < 0)
            return -1;
    }
    r->ret->url = proposed.url;
    return 0;
}

static void note(struct revoking *r, const char *text)
{
    *VEC_ADD(r->run->arena, &r->ret->notices) = arena_strdup(r->run->arena, text);
}

static void show(struct revoking *r)
{
    struct port_synced synced;
    struct err reason;
    const struct apply_request request = *r->request;
    if (flow_port_sync(r->run, &request, r->asking->environment, NULL, &synced, &reason) < 0) {
        note(r, reason.message);
        return;
    }
    for (size_t i = 0; i < synced.problems.count; i++)
        note(r, synced.problems.items[i].message);
}

static void say(struct revoking *r, enum port_end end, const char *message)
{
    struct err reason;
    if (r->is_known && port_run_log(r->run->arena, r->base->port, r->of_port.id, message, end, &reason) < 0)
        note(r, reason.message);
}

/*
 * Access goes at once. That it stays away is written down before the first call, so that a run that is cut
 * off there leaves nothing that another apply would give again; where that fails, it goes all the same.
 */
static int take_back(struct revoking *r, struct err *err)
{
    struct err reason = {0};
    if (find(r, err) < 0)
        return -1;
    int rc = r->fact ? port_revoked_add(r->run, r->fact->port_run, r->base->source.commit_id, &reason) : 0;
    if (take_away(r, err) < 0)
        return -1;
    if (rc < 0)
        return err_set(err, reason.code,
                       "it is gone now, but the next apply grants it again: %s; run this again",
                       reason.message);
    return r->fact ? take_out_entry(r, err) : 0;
}

static int revoke(struct revoking *r, struct err *err)
{
    if (judge(r, err) < 0)
        return -1;
    int rc = take_back(r, err);
    if (rc < 0 && !r->ret->report.plan)
        return -1;
    r->ret->run_id = r->base->payload.run_id;
    r->ret->lease_id = r->fact ? r->fact->lease_id : NULL;
    show(r);
    if (rc < 0)
        return -1;
    if (!report_is_clean(&r->ret->report))
        say(r, PORT_GOES_ON, "Not all of it could be taken away; the job's summary says what. Run it again.");
    else if (r->ret->url)
        say(r, PORT_SUCCEEDED,
            arena_printf(r->run->arena, "Taken back. Its entry goes from the files when %s is merged.",
                         r->ret->url));
    else
        say(r, PORT_SUCCEEDED, "Taken back: nothing of it is left.");
    return 0;
}

int flow_port_revoke(const struct run *run, const struct apply_request *request,
                     const struct port_asking *asking, struct port_revoked *ret, struct err *err)
{
    struct port_base base CLEANUP(port_base_close) = {0};
    struct revoking r = {.run = run, .request = request, .asking = asking, .base = &base, .ret = ret};
    *ret = (struct port_revoked){0};
    if (port_base_open(run, asking, &base, err) < 0)
        return -1;
    int rc = revoke(&r, err);
    if (rc < 0 && err->code != ERR_STOPPED)
        say(&r, PORT_GOES_ON, arena_printf(run->arena, "Not done: %s", err->message));
    findings_close(&r.findings);
    return rc;
}
