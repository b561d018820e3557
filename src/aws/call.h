/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/aws only: an operation on its way from the first look to its result. */
#ifndef IAMLEASE_AWS_CALL_H
#define IAMLEASE_AWS_CALL_H

#include "aws/aws.h"
#include "aws/request.h"

/* A write whose answer was lost or cannot be read: so often in all, CreatePolicyVersion each time after a look. */
enum { LOST_MAX = 3, LOST_WAIT_MS = 1000 };

/* The first wait: what was made a moment ago may not be seen everywhere; others change the same object,
 * mostly soon done. */
enum { PROPAGATION_FIRST_MS = 1000, OTHERS_FIRST_MS = 100 };

struct call {
    struct arena *arena; /* of what its result holds; the call itself goes when it ends */
    struct aws *aws;
    const struct operation *operation;
    const char *policy_arn;        /* of the policy that the operation is about; NULL: an inline policy */
    struct observed_policy policy; /* that is being adopted: its ARN and tags */
    aws_done *done;
    void *context;
    unsigned attempts;
    unsigned lost, taken;
    struct {
        const char *code, *explanation, *request_id; /* of a deletion that was refused */
    } refusal;
    unsigned waited_ms, next_wait_ms;
};

/* call.c: sends the write, the first time or again, `delay_ms` from now. */
void call_write(struct call *call, unsigned delay_ms);

/*
 * precondition.c: looks at what is to be changed or removed, where the operation says how it was when it was
 * read; then it is written, or the call ends. False: there is nothing to look at, and nothing was done.
 */
bool call_check_before(struct call *call);

/* settling.c: what is made is there already; a look says whether as it shall be. False: that is not the answer. */
bool call_settle_existing(struct call *call, const struct outcome *outcome);

/*
 * settling.c: what is to be deleted may be gone, after an answer that was lost: AWS refuses that, too, where
 * a permission asks for a tag or a path. A look says so. False: that is not the answer.
 */
bool call_settle_refused_delete(struct call *call, const struct outcome *outcome);

/* settling.c: whether CreatePolicyVersion was done is open; a look says it. Counted in call->lost before. */
void call_settle_lost_version(struct call *call);

/* propagation.c: how long to wait before the next write, `first_ms` before the first; 0: two minutes are over. */
unsigned call_next_wait_ms(struct call *call, unsigned first_ms);

/* propagation.c: writes it again later; false when that was done for long enough. */
bool call_wait_for_new(struct call *call);
bool call_wait_for_others(struct call *call);

/* propagation.c: a trust policy that names a role which may not be known everywhere yet is refused. */
bool call_is_refused_principal(const struct call *call, const struct outcome *outcome);

/* propagation.c: the policy, or what it shall be attached to, is not there: waits where it is new, or ends. */
void call_judge_absent_attachment(struct call *call, const struct outcome *outcome);
void call_judge_absent_principal(struct call *call, const struct outcome *outcome);

/* call_end.c: the key in aws->created of the role that the operation is about. */
const char *call_role_key(const struct call *call);

/* call_end.c: each ends the call with a result and frees it. call_end_explained: with what the outcome says of itself. */
void call_end_done(struct call *call, const struct outcome *outcome);
void call_end_failed(struct call *call, const struct outcome *outcome, const char *message);
void call_end_explained(struct call *call, const struct outcome *outcome);
void call_end_principal_absent(struct call *call, const struct outcome *outcome);
void call_end_policy_absent(struct call *call, const struct outcome *outcome);
void call_end_conflict(struct call *call, const struct outcome *outcome);

#endif
