/* SPDX-License-Identifier: Apache-2.0 */
/* What apply, cleanup and who find out before they do anything: head, the applied ref, the commits between,
 * the accounts. */
#ifndef IAMLEASE_FLOW_FINDINGS_H
#define IAMLEASE_FLOW_FINDINGS_H

#include "flow/applied_ref.h"
#include "flow/applying.h"
#include "flow/history.h"
#include "flow/tip.h"

/* An attachment that some commit before the applied one declared: see flow/leftovers.h. */
struct leftover {
    const struct fact *fact;
    const char *arn;
    bool adopted; /* the policy of the grant itself, where it was adopted: of those, others are not ours */
};

struct findings {
    struct source head;
    struct applied_ref ref;
    const char *branch;            /* that is applied, in a job; otherwise NULL */
    const char *accepted_removals; /* commit id, or NULL */
    const char *applied;           /* commit id of the applied ref, or NULL */
    bool was_applied_once;         /* so that `applied` names what was granted, not what was begun */
    struct history history;
    bool is_complete;       /* head has no errors, and the history since the ref was read */
    struct strings revoked; /* runs of Port whose access was taken back, of apply only; sorted */
    struct facts desired;   /* what head declares and has not ended; not what was taken back */
    struct {
        VEC_FIELDS(struct leftover);
    } leftovers;
    struct observed observed;
    struct aws *aws;
};

/*
 * Reads head, the applied ref and what lies between, and begins the plan. What is wrong in head's files goes
 * to `diags`, what is wrong with the history to `problems`.
 */
int findings_read_git(const struct run *run, const struct apply_request *request, struct diags *diags,
                      struct findings *ret, struct plan *plan, struct problems *problems, struct err *err);

/*
 * The same for whoever only looks or takes away what has ended: goes on with what can be read, and says in
 * `problems` what could not.
 */
int findings_read_git_leniently(const struct run *run, const struct apply_request *request,
                                struct diags *diags, struct findings *ret, struct plan *plan,
                                struct problems *problems, struct err *err);

/* Opens the session and reads every account that head or history names. `writes`: --now is for loopback
 * endpoints only. */
int findings_read_aws(const struct run *run, const struct apply_request *request, const char *session_name,
                      bool writes, const struct settings *settings, struct findings *findings,
                      struct err *err);

/* Closes the session. */
void findings_close(struct findings *findings);

#endif
