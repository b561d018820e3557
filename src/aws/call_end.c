/* SPDX-License-Identifier: Apache-2.0 */
/* How a call ends, and what is said of it. */
#include "aws/call.h"
#include "aws/iam_request.h"
#include "base/str.h"

#include <stdlib.h>

static const char *keep(struct call *call, const char *text)
{
    return text && text[0] ? arena_strdup(call->arena, text) : NULL;
}

static void end(struct call *call, const struct result *result)
{
    call->done(call->context, result);
    free(call);
}

/* Of a role that this run made. */
const char *call_role_key(const struct call *call)
{
    return arena_printf(call->arena, "%s role %s", call->operation->account_id, call->operation->principal);
}

void call_end_done(struct call *call, const struct outcome *outcome)
{
    static char present;
    if (call->operation->kind == OP_CREATE_POLICY)
        map_put(&call->aws->created, arena_strdup(call->aws->arena, call->policy_arn), &present);
    else if (call->operation->kind == OP_CREATE_ROLE)
        map_put(&call->aws->created, arena_strdup(call->aws->arena, call_role_key(call)), &present);
    end(call, &(struct result){
                  .status = RESULT_DONE,
                  .attempts = call->attempts,
                  .request_id = keep(call, outcome->request_id),
              });
}

void call_end_failed(struct call *call, const struct outcome *outcome, const char *message)
{
    end(call, &(struct result){
                  .status = RESULT_FAILED,
                  .attempts = call->attempts,
                  .error_code = keep(call, outcome->error.code),
                  .message = message,
                  .request_id = keep(call, outcome->request_id),
              });
}

/* A signal came before anything was written, or the deadline of the run before anything was tried. */
static void end_pending(struct call *call)
{
    end(call, &(struct result){.status = RESULT_PENDING, .attempts = call->attempts});
}

void call_end_explained(struct call *call, const struct outcome *outcome)
{
    bool was_written = outcome->maybe_sent || call->lost;
    if (!was_written && (outcome->stopped || (outcome->late && !call->attempts)))
        end_pending(call);
    else
        call_end_failed(call, outcome, keep(call, outcome->explanation));
}

void call_end_principal_absent(struct call *call, const struct outcome *outcome)
{
    const struct operation *operation = call->operation;
    call_end_failed(call, outcome,
                    arena_printf(call->arena,
                                 "%s '%s' does not exist in account %s; create it first, or mend the name",
                                 principal_kind_name(operation->principal_kind), operation->principal,
                                 operation->account_id));
}

void call_end_policy_absent(struct call *call, const struct outcome *outcome)
{
    call_end_failed(
        call, outcome,
        arena_printf(call->arena,
                     "policy %s does not exist in account %s, or cannot be attached; mend its name, or "
                     "run again when it is there",
                     call->policy_arn, call->operation->account_id));
}

void call_end_conflict(struct call *call, const struct outcome *outcome)
{
    const bool is_role = call->operation->kind == OP_DELETE_ROLE;
    call_end_failed(
        call, outcome,
        arena_printf(
            call->arena,
            "%s %s cannot be deleted in account %s, because something still hangs on it: %s; %s, and run again",
            is_role ? "role" : "policy", is_role ? call->operation->principal : call->policy_arn,
            call->operation->account_id, outcome->error.message,
            is_role ? "take it out of instance profiles and take its policies away"
                    : "detach it from whatever holds it, delete its versions but the default one"));
}
