/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/revocation.h"

#include "base/str.h"
#include "flow/execution.h"
#include "flow/port_revoked.h"
#include "flow/revocation_find.h"
#include "flow/revocation_gone.h"
#include "flow/revocation_places.h"
#include "plan/direct_operations.h"
#include "plan/direct_role.h"
#include "plan/operations.h"
#include "port/port_payload.h"
#include "port/port_run.h"

static bool is_named(const struct revocation *r, const struct direct_grant *grant, const char *role)
{
    return str_eq(r->identifier, grant->lease_id) || str_eq(r->identifier, grant->arn) ||
           str_eq(r->identifier, grant->run_id) || str_eq(r->identifier, role);
}

/* A role that was granted directly stands nowhere but in AWS. */
static int find_direct(struct arena *arena, const struct settings *settings, struct revocation *r,
                       struct err *err)
{
    struct strings arns = {0};
    for (size_t i = 0; i < r->findings.observed.count; i++) {
        const struct observed_account *account = &r->findings.observed.items[i];
        for (size_t j = 0; j < account->principals.count; j++) {
            const struct observed_principal *role = &account->principals.items[j];
            struct direct_grant grant;
            if (!direct_role_read(arena, settings, account->account_id, role, &grant) ||
                !is_named(r, &grant, role->name))
                continue;
            *VEC_ADD(arena, &r->directs) = (struct direct_found){grant, account->account_id, role};
            if (str_eq(r->identifier, role->name))
                strings_add(arena, &arns, grant.arn);
        }
    }
    return revocation_judge_name(arena, r->identifier, &arns, err);
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

/* The job started again would grant it again. */
static int mark_direct(const struct run *run, struct revocation *r, struct err *err)
{
    const size_t marked = r->runs.count;
    for (size_t i = 0; i < r->directs.count; i++)
        strings_add_unique(run->arena, &r->runs, r->directs.items[i].grant.run_id);
    return r->runs.count == marked ? 0 : mark_runs(run, r, err);
}

static void compute(const struct run *run, const struct apply_request *request, bool is_marked,
                    struct revocation *r, struct plan *plan)
{
    const struct observed *observed = &r->findings.observed;
    if (r->from_port)
        operations_cleanup(run->arena, plan->settings, observed, NULL, NULL, NULL, request->now_s, plan);
    for (size_t i = 0; i < r->facts.count; i++)
        operations_revoke(run->arena, plan->settings, observed, r->facts.items[i], request->now_s, plan);
    for (size_t i = 0; i < r->directs.count; i++)
        operations_revoke_direct(run->arena, plan->settings, observed, r->directs.items[i].account_id,
                                 r->directs.items[i].role, !is_marked, plan);
    operations_drop_repeated(run->arena, &plan->operations);
    revocation_check_gone(run, request, r, plan);
    r->report = (struct report){
        .command = "revoke",
        .dry_run = request->dry_run,
        .plan = plan,
        .applied_before = r->findings.applied,
        .applied_after = r->findings.applied,
        .accounts = observed->count,
        .account_ids = r->besides,
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
    struct apply_request wider = *request;
    if ((r->identifier || (r->expired && *r->expired)) && !r->facts.count)
        revocation_find_places(run, request, r);
    wider.besides = &r->besides;
    int rc = request->dry_run ? 0 : mark_runs(run, r, &reason);
    if (findings_read_aws(run, &wider, "iamlease-revoke", !request->dry_run, plan->settings, &r->findings,
                          err) < 0)
        return -1;
    if (r->identifier && find_direct(run->arena, plan->settings, r, err) < 0)
        return -1;
    r->is_foreign = r->is_foreign && !r->directs.count;
    if (!request->dry_run && mark_direct(run, r, &reason) < 0)
        rc = -1;
    compute(run, request, rc == 0, r, plan);
    if (request->dry_run)
        return 0;
    if (execution_run(run, request, r->findings.aws, "revoke", &r->report, err) < 0)
        return -1;
    if (rc == 0)
        return 0;
    return r->facts.count ? err_set(err, reason.code,
                                    "it is gone now, but the next apply grants it again: %s; run this again",
                                    reason.message)
                          : err_set(err, reason.code,
                                    "it allows nothing now, but the next start of the run in Port grants it "
                                    "again: %s; run this again",
                                    reason.message);
}

void revocation_close(struct revocation *r)
{
    findings_close(&r->findings);
}

static const char *notice_of(struct arena *arena, const struct revocation *r, bool has_token, bool is_marked)
{
    const struct access_entry *entry = r->left ? r->left : is_marked ? NULL : r->asking;
    if (entry)
        return arena_printf(
            arena,
            "%s:%u still asks for it: the next apply grants it again, unless that entry is taken "
            "out before",
            entry->span.file->path, entry->span.line);
    if (r->directs.count && !has_token)
        return arena_printf(arena,
                            "the run %s has no tag, for which this needs a token of GitHub: as long as it is in "
                            "progress in Port, its job started again grants it again",
                            r->directs.items[0].grant.run_id);
    if (!r->facts.count && !r->directs.count && !r->report.plan->problems.count)
        return arena_printf(arena,
                            "no lease that has not ended is '%.200s', in git or in the accounts that it names: "
                            "nothing is taken back",
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
    const char *notice = notice_of(run->arena, &r, run->github != NULL, run->github && rc == 0);
    if (notice)
        *VEC_ADD(run->arena, &r.report.plan->notices) = notice;
    *ret = r.report;
    return 0;
}
