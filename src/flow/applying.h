/* SPDX-License-Identifier: Apache-2.0 */
/* apply, cleanup and who: what reads and writes AWS. */
#ifndef IAMLEASE_FLOW_APPLYING_H
#define IAMLEASE_FLOW_APPLYING_H

#include "aws/aws.h"
#include "flow/source.h"
#include "github/event.h"
#include "model/report.h"

/* What a run needs besides its arguments. */
struct run {
    struct arena *arena;
    struct repo *repo;
    struct net *net;
    const struct aws_environment *environment;
    void (*say)(void *context, const char *format, ...) __attribute__((format(printf, 2, 3))); /* progress */
    void *say_context;
    bool verbose; /* say also what begins, not only what has ended */
    bool is_actions;
    struct github *github;     /* in GitHub Actions with a token; otherwise NULL */
    const struct event *event; /* what started the job, or NULL */
};

struct apply_request {
    const char *
        head; /* revision, a commit; NULL: HEAD. Apply in a job: what the tip must be, NULL: whatever it is */
    const char *root_option;
    const char *apply_branch;       /* the branch whose commits may be applied, or NULL: the default branch */
    const struct strings *accepted; /* digests of changes that are let through */
    const char *accepted_removals;  /* revision, or NULL */
    const char *journal;            /* path, or NULL */
    const char *approved_plan;      /* path of the plan.json that was approved, or NULL */
    const struct strings *teams;
    const char *shard;              /* "2/3", or NULL: only the accounts below */
    const struct strings *accounts; /* of that shard */
    const struct strings *besides; /* accounts that are looked at although no commit need name them, or NULL */
    const char *leftovers;         /* "report", "remove", "ignore", or NULL: the command's own way */
    bool dry_run;
    bool adopts;      /* take over what cloud-iam-self-serve made and the files declare */
    bool first_apply; /* go on although the applied ref is missing and marked objects are there */
    int64_t now_s;
    bool now_is_given; /* by --now: allowed on loopback endpoints only */
};

/*
 * Applies a commit. Returns 0 when there is a report, clean or not; -1 when the run was refused or could not
 * begin: nothing was written. Errors in `diags` are held (flow/held.h); it refuses when it cannot tell what
 * they are about.
 */
int flow_apply(const struct run *run, const struct apply_request *request, struct diags *diags,
               struct report *ret, struct err *err);

/* Removes our leases that have ended. */
int flow_cleanup(const struct run *run, const struct apply_request *request, struct diags *diags,
                 struct report *ret, struct err *err);

/* The commit that the applied ref names, or NULL. */
int flow_applied_show(const struct run *run, const char **ret, struct err *err);

/*
 * Moves the applied ref to request->head, a commit of the branch, and only forward; *ret is that commit.
 * ERR_REFUSED otherwise, and when there is no ref, without --first-apply.
 */
int flow_applied_set(const struct run *run, const struct apply_request *request, const char **ret,
                     struct err *err);

/* Reads who has what. `request`: head, root_option, now_s. */
int flow_who(const struct run *run, const struct apply_request *request, struct diags *diags,
             struct holdings *ret, struct err *err);

#endif
