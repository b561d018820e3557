/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/revocation.h"

#include "base/str.h"
#include "flow/execution.h"
#include "flow/holding.h"
#include "flow/port_revoked.h"
#include "flow/revocation_find.h"
#include "plan/direct_operations.h"
#include "plan/direct_role.h"
#include "plan/operations.h"
#include "port/port_payload.h"
#include "port/port_run.h"

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

static bool is_account_of(const struct revocation *r, const char *account_id)
{
    for (size_t i = 0; i < r->facts.count; i++)
        if (str_eq(r->facts.items[i]->account_id, account_id))
            return true;
    return false;
}

/* Where it may stand, and nobody could look. */
static void find_unread(struct arena *arena, const struct revocation *r, struct plan *plan)
{
    for (size_t i = 0; i < r->findings.observed.count; i++) {
        const struct observed_account *account = &r->findings.observed.items[i];
        bool may_be_there = r->facts.count ? is_account_of(r, account->account_id) : !r->direct;
        if (account->error && may_be_there)
            problem_add(arena, &plan->problems, "account-unreachable", account->account_id, NULL, "%s",
                        account->error);
    }
}

/* Nobody may grant it again, whatever is cut off from here on. */
static int mark_runs(const struct run *run, const struct revocation *r, struct err *err)
{
    const char *commit_id = r->commit_id ? r->commit_id : r->findings.head.commit_id;
    int rc = 0;
    for (size_t i = 0; run->github && i < r->runs.count; i++)
        if (port_revoked_add(run, r->runs.items[i], commit_id, err) < 0)
            rc = -1;
    return rc;
}

/* It need not have been granted, in the files or in AWS: then it must not be. */
static int find_run(const struct run *run, struct revocation *r, struct err *err)
{
    struct port_run of_port;
    bool is_known = false;
    if (!r->port || r->facts.count || !port_is_run_id(r->identifier))
        return 0;
    if (port_run_read(run->arena, r->port, r->identifier, &of_port, &is_known, err) < 0 && !is_known &&
        err->code != ERR_REFUSED)
        return -1;
    if (is_known)
        strings_add_unique(run->arena, &r->runs, r->identifier);
    return 0;
}

/* What was found and looked at is no less gone because of an error elsewhere in the files. */
static void forgive_errors(struct arena *arena, const struct revocation *r, struct plan *plan)
{
    size_t kept = 0;
    bool is_read = r->facts.count || r->direct;
    for (size_t i = 0; i < r->facts.count; i++) {
        const struct observed_account *account =
            observed_find_account(&r->findings.observed, r->facts.items[i]->account_id);
        is_read &= account && !account->error;
    }
    for (size_t i = 0; i < plan->problems.count; i++) {
        if (is_read && str_eq(plan->problems.items[i].id, "configuration-errors"))
            *VEC_ADD(arena, &plan->notices) = plan->problems.items[i].message;
        else
            plan->problems.items[kept++] = plan->problems.items[i];
    }
    plan->problems.count = kept;
}

/* What nobody can find in git is not taken away, and not called gone as long as it stands. */
static void check_gone(const struct run *run, const struct apply_request *request, struct revocation *r,
                       struct plan *plan)
{
    struct holdings holdings = {0};
    if (!r->identifier || r->facts.count || r->direct)
        return;
    holdings_of(run->arena, request, &r->findings, plan->settings, &holdings);
    const char *title = revocation_stands(run->arena, &holdings, r->identifier);
    if (*title)
        problem_add(run->arena, &plan->problems, "revoke-incomplete", NULL, NULL,
                    "'%.200s' stands in AWS (%s), and no entry that could be read asks for it: the next apply "
                    "takes away what nobody declares",
                    r->identifier, title);
}

static void compute(const struct run *run, const struct apply_request *request, struct revocation *r,
                    struct plan *plan)
{
    const struct observed *observed = &r->findings.observed;
    if (r->from_port)
        operations_cleanup(run->arena, plan->settings, observed, NULL, request->now_s, plan);
    for (size_t i = 0; i < r->facts.count; i++)
        operations_revoke(run->arena, plan->settings, observed, r->facts.items[i], request->now_s, plan);
    if (r->identifier)
        revoke_direct(run->arena, plan, r);
    if (!r->from_port)
        find_unread(run->arena, r, plan);
    check_gone(run, request, r, plan);
    forgive_errors(run->arena, r, plan);
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
        (r->identifier && (revocation_find(run->arena, plan->settings, request->now_s, r, err) < 0 ||
                           find_run(run, r, err) < 0)))
        return -1;
    int rc = request->dry_run ? 0 : mark_runs(run, r, &reason);
    if (findings_read_aws(run, request, "iamlease-revoke", !request->dry_run, plan->settings, &r->findings,
                          err) < 0)
        return -1;
    compute(run, request, r, plan);
    if (request->dry_run)
        return 0;
    if (r->direct && !strings_contain(&r->runs, r->direct->run_id)) {
        *VEC_ADD(run->arena, &r->runs) = r->direct->run_id;
        rc = mark_runs(run, r, &reason);
    }
    if (execution_run(run, request, r->findings.aws, "revoke", &r->report, err) < 0)
        return -1;
    if (rc == 0)
        return 0;
    return err_set(err, reason.code, "it is gone now, but the next %s grants it again: %s; run this again",
                   r->facts.count ? "apply" : "start of the run in Port", reason.message);
}

void revocation_close(struct revocation *r)
{
    findings_close(&r->findings);
}

static const char *notice_of(struct arena *arena, const struct revocation *r, bool is_marked)
{
    const struct access_entry *entry = r->left ? r->left : is_marked ? NULL : r->asking;
    if (entry)
        return arena_printf(
            arena,
            "%s:%u still asks for it: the next apply grants it again, unless that entry is taken "
            "out before",
            entry->span.file->path, entry->span.line);
    if (!r->facts.count && !r->direct && !r->report.plan->problems.count)
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
        problem_add(run->arena, &r.report.plan->problems, "revoke-incomplete", NULL,
                    r.facts.count ? r.facts.items[0] : NULL, "%s", err->message);
    const char *notice = notice_of(run->arena, &r, run->github && rc == 0);
    if (notice)
        *VEC_ADD(run->arena, &r.report.plan->notices) = notice;
    *ret = r.report;
    return 0;
}
