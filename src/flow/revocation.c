/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/revocation.h"

#include "base/str.h"
#include "flow/execution.h"
#include "flow/port_revoked.h"
#include "plan/direct_role.h"
#include "plan/operations.h"
#include "policy/mark.h"
#include "port/port_payload.h"

static bool is_role_of(struct arena *arena, const struct settings *settings, const struct fact *fact,
                       const char *identifier)
{
    const char *name = mark_role_name(arena, settings->policy_path, fact);
    return str_eq(identifier, name) ||
           str_eq(identifier, direct_role_arn(arena, settings, fact->account_id, name));
}

static int find_fact(struct arena *arena, const struct settings *settings, struct revocation *r,
                     struct err *err)
{
    const struct facts *desired = &r->findings.desired;
    for (size_t i = 0; i < desired->count && !r->fact; i++) {
        const struct fact *fact = &desired->items[i];
        if (fact->kind == ACCESS_LEASE &&
            (str_eq(fact->lease_id, r->identifier) || str_eq(fact->port_run, r->identifier) ||
             is_role_of(arena, settings, fact, r->identifier)))
            r->fact = fact;
    }
    if (r->fact && r->from_port &&
        (!r->fact->ad_hoc || !port_is_run_id(r->fact->port_run) || r->fact->entries != 1))
        return err_set(
            err, ERR_REFUSED,
            "the lease %s was not asked for in Port, or several entries ask for it: take the entries out "
            "of temporary-access/%s.yaml in a pull request",
            r->fact->lease_id, r->fact->team);
    return 0;
}

/* A role that was granted directly stands nowhere but in AWS. What has ended is taken away already, from Port. */
static void revoke_direct(struct arena *arena, struct plan *plan, struct revocation *r)
{
    for (size_t i = 0; i < r->findings.observed.count; i++) {
        const struct observed_account *account = &r->findings.observed.items[i];
        for (size_t j = 0; j < account->principals.count; j++) {
            const struct observed_principal *role = &account->principals.items[j];
            struct direct_grant grant;
            int64_t ends_at_s;
            if (!direct_role_read(arena, plan->settings, account->account_id, role, &grant) ||
                (!str_eq(r->identifier, grant.lease_id) && !str_eq(r->identifier, grant.arn) &&
                 !str_eq(r->identifier, grant.run_id) && !str_eq(r->identifier, role->name)))
                continue;
            struct direct_grant *kept = ARENA_NEW(arena, struct direct_grant);
            *kept = grant;
            r->direct = kept;
            bool has_ended = lease_role_ends_at(arena, role->trust, &ends_at_s) && ends_at_s <= plan->now_s;
            if (!r->from_port || !has_ended)
                operations_revoke_direct(arena, plan->settings, &r->findings.observed, account->account_id,
                                         role, plan->now_s, plan);
        }
    }
}

/* Where it may stand, and nobody could look. */
static void find_unread(struct arena *arena, const struct revocation *r, struct plan *plan)
{
    for (size_t i = 0; i < r->findings.observed.count; i++) {
        const struct observed_account *account = &r->findings.observed.items[i];
        bool may_be_there = r->fact ? str_eq(account->account_id, r->fact->account_id) : !r->direct;
        if (account->error && may_be_there)
            problem_add(arena, &plan->problems, "account-unreachable", account->account_id, NULL, "%s",
                        account->error);
    }
}

/*
 * Nobody may grant it again, whatever is cut off from here on. Only a run that asked in Port has a name by
 * which it can be told.
 */
static int mark_run(const struct run *run, const struct revocation *r, struct err *err)
{
    const char *run_id = r->fact ? r->fact->port_run : r->direct ? r->direct->run_id : "";
    const char *commit_id = r->commit_id ? r->commit_id : r->findings.head.commit_id;
    if (!run->github || !port_is_run_id(run_id))
        return 0;
    return port_revoked_add(run, run_id, commit_id, err);
}

static void compute(const struct run *run, const struct apply_request *request, struct revocation *r,
                    struct plan *plan)
{
    const struct observed *observed = &r->findings.observed;
    if (r->from_port)
        operations_cleanup(run->arena, plan->settings, observed, NULL, request->now_s, plan);
    if (r->fact)
        operations_revoke(run->arena, plan->settings, observed, r->fact, request->now_s, plan);
    if (r->identifier)
        revoke_direct(run->arena, plan, r);
    if (!r->from_port)
        find_unread(run->arena, r, plan);
    r->report = (struct report){
        .command = "revoke",
        .dry_run = request->dry_run,
        .plan = plan,
        .applied_before = r->findings.applied,
        .applied_after = r->findings.applied,
        .accounts = observed->count,
    };
}

int revocation_run(const struct run *run, const struct apply_request *request, struct revocation *r,
                   struct err *err)
{
    struct plan *plan = ARENA_NEW(run->arena, struct plan);
    struct diags diags = diags_new(run->arena);
    struct err reason = {0};
    if (findings_read_git_leniently(run, request, &diags, &r->findings, plan, &plan->problems, err) < 0 ||
        (r->identifier && find_fact(run->arena, plan->settings, r, err) < 0))
        return -1;
    int rc = r->fact && !request->dry_run ? mark_run(run, r, &reason) : 0;
    if (findings_read_aws(run, request, "iamlease-revoke", !request->dry_run, plan->settings, &r->findings,
                          err) < 0)
        return -1;
    compute(run, request, r, plan);
    if (request->dry_run)
        return 0;
    if (r->direct && !r->fact)
        rc = mark_run(run, r, &reason);
    if (execution_run(run, request, r->findings.aws, "revoke", &r->report, err) < 0)
        return -1;
    if (rc == 0)
        return 0;
    return err_set(err, reason.code, "it is gone now, but the next %s grants it again: %s; run this again",
                   r->fact ? "apply" : "start of the run in Port", reason.message);
}

void revocation_close(struct revocation *r)
{
    findings_close(&r->findings);
}

static const char *notice_of(struct arena *arena, const struct revocation *r, bool is_marked)
{
    if (r->fact && !is_marked)
        return arena_printf(
            arena,
            "%s:%u still asks for it: the next apply grants it again, unless that entry is taken "
            "out before",
            r->fact->span.file->path, r->fact->span.line);
    if (!r->fact && !r->direct)
        return arena_printf(arena,
                            "no lease that has not ended is '%.200s', in git or in AWS: nothing is taken back",
                            r->identifier);
    return NULL;
}

int flow_revoke(const struct run *run, const struct apply_request *request, const char *identifier,
                struct report *ret, struct err *err)
{
    struct revocation r CLEANUP(revocation_close) = {.identifier = identifier};
    if (!request->dry_run && !run->is_actions && repo_lock(run->repo, err) < 0)
        return -1;
    int rc = revocation_run(run, request, &r, err);
    if (rc < 0 && !r.report.plan)
        return -1;
    if (rc < 0)
        problem_add(run->arena, &r.report.plan->problems, "revoke-incomplete", NULL, r.fact, "%s",
                    err->message);
    bool is_marked = r.fact && run->github && port_is_run_id(r.fact->port_run) && rc == 0;
    const char *notice = notice_of(run->arena, &r, is_marked);
    if (notice)
        *VEC_ADD(run->arena, &r.report.plan->notices) = notice;
    *ret = r.report;
    return 0;
}
