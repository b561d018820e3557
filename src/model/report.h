/* SPDX-License-Identifier: Apache-2.0 */
/* What a run of apply or cleanup did, and what stands in AWS as `who` shows it. */
#ifndef IAMLEASE_MODEL_REPORT_H
#define IAMLEASE_MODEL_REPORT_H

#include "model/plan.h"

enum result_status {
    RESULT_PENDING, /* not reached: the run was stopped, or its deadline passed, before */
    RESULT_DONE,
    RESULT_FAILED,  /* AWS said no, or no answer came */
    RESULT_BLOCKED, /* something that it needs failed */
};

/* "pending", "done", "failed", "blocked" */
const char *result_status_name(enum result_status status);

/* One for each operation, in the same order. */
struct result {
    enum result_status status;
    unsigned attempts;
    const char *error_code; /* AWS's code such as "NoSuchEntity", or NULL */
    const char *message;    /* what happened and what to do; NULL when done, or stopped by a signal */
    const char *request_id; /* of AWS, or NULL */
};

struct report {
    const char *command; /* "apply" or "cleanup" */
    bool dry_run;
    bool is_check; /* what would run is what is not as it must be; with dry_run */
    bool stopped;  /* by a signal */
    struct plan *plan;
    struct result *results;                     /* plan->operations.count; NULL in a dry run */
    const char *applied_before, *applied_after; /* commit ids of the applied ref; NULL: none */
    size_t accounts;                            /* how many were looked at */
    struct strings account_ids; /* of an apply: which; of a revoke: those that only earlier commits name */
    struct {
        VEC_FIELDS(int64_t);
    } pulls; /* numbers of the merged pull requests that it is about, oldest first */
};

/* Whether the run did all that was asked: no problem, nothing failed, blocked or pending. */
bool report_is_clean(const struct report *report);

/* Whether operations are left that were not begun although no signal came: the deadline of the run passed. */
bool report_is_late(const struct report *report);

/* What a role tells about itself that was granted at once, without an entry in git. */
struct direct_grant {
    const char *lease_id, *arn;
    const char *run_id, *requester; /* of the run in Port; the address of who started it */
    const char *policy; /* what it allows; JSON; NULL: it is not finished, and nobody can do anything by it */
    struct strings actions;
    const char *resource; /* what it was asked for; or NULL */
};

/* One row of `who`. */
struct holding {
    const char *account_id, *environment; /* environment: how HEAD calls the account, or NULL */
    enum principal_kind principal_kind;
    const char *principal;
    const char *team, *grant; /* NULL when neither a fact nor its mark explains it */
    const char *what;         /* ARN of the managed policy or name of the inline policy */
    enum access_mode mode;
    int64_t ends_at_s; /* 0: no end */
    bool ended;
    bool declared;                     /* an entry of HEAD asks for it, or asked for it until it ended */
    const struct fact *fact;           /* of that entry, or of one of an earlier commit; or NULL */
    const char *document;              /* of a lease that is a policy: as AWS has it; otherwise NULL */
    const struct direct_grant *direct; /* of a role that was granted directly, which no entry asks for; or NULL */
};

struct holdings {
    VEC_FIELDS(struct holding);
    struct problems problems; /* accounts that could not be read */
    const struct settings *settings;
    int64_t now_s;
};

#endif
