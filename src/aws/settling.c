/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an answer left open, settled by a look: "it exists already", a new version whose answer was lost, and
 * what may not be deleted because it is gone.
 */
#include "aws/call.h"
#include "aws/readback.h"
#include "base/str.h"

/* A name that is taken by what cannot be read: our own of a moment ago, or a policy at another path. So often in all. */
enum { TAKEN_MAX = 3 };

static void on_existing_policy(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    if (readback->status == READBACK_FAILED) {
        call_end_explained(call, outcome);
        return;
    }
    /* The answer of an earlier attempt was lost, or an earlier run did it: the policy is as it shall be. */
    if (readback->status == READBACK_FOUND &&
        str_eq(readback->description, operation->description ? operation->description : "") &&
        readback_same_document(readback->document, operation->document)) {
        call_end_done(call, outcome);
        return;
    }
    if (readback->status == READBACK_ABSENT && ++call->taken < TAKEN_MAX) {
        call_write(call, PROPAGATION_FIRST_MS * call->taken);
        return;
    }
    const char *holder =
        readback->status == READBACK_FOUND ? "with another document or description" : "at another path";
    call_end_failed(
        call, outcome,
        arena_printf(
            call->arena,
            "the name '%s' is taken in account %s: a policy stands there %s; rename or delete one of the two, and "
            "run again",
            operation->policy_name, operation->account_id, holder));
}

static bool has_tags(const struct operation *operation, const char *mark, const struct tags *tags)
{
    const char *wanted = operation->mark ? operation->mark : "";
    return str_eq(mark ? mark : "", wanted) && (!operation->tags || tags_within(operation->tags, tags));
}

static void on_existing_provider(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct oidc_provider *wanted = call->operation->provider, *is = &readback->provider;
    if (readback->status == READBACK_FAILED) {
        call_end_explained(call, outcome);
        return;
    }
    bool is_same = readback->status == READBACK_FOUND && has_tags(call->operation, readback->mark, &is->tags);
    for (size_t i = 0; i < wanted->client_ids.count; i++)
        is_same = is_same && strings_contain(&is->client_ids, wanted->client_ids.items[i]);
    if (is_same)
        call_end_done(call, outcome);
    else
        call_end_failed(
            call, outcome,
            arena_printf(call->arena,
                         "account %s has an OIDC provider %s already, with other client ids or tags; look "
                         "at it, and run again",
                         call->operation->account_id, wanted->url));
}

/* One that bounds it as it shall be; where none is wanted, another look takes it away. */
static bool is_bounded(const struct operation *operation, const char *boundary)
{
    return !operation->boundary || (boundary && str_eq(boundary, operation->boundary));
}

static void on_existing_role(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    if (readback->status == READBACK_FAILED)
        call_end_explained(call, outcome);
    else if (readback->status == READBACK_FOUND && has_tags(operation, readback->mark, &readback->tags) &&
             readback_same_trust(readback->trust, operation->document) &&
             is_bounded(operation, readback->boundary))
        call_end_done(call, outcome);
    else
        call_end_failed(
            call, outcome,
            arena_printf(call->arena,
                         "the name '%s' is taken in account %s: a role stands there %s; rename or delete "
                         "one of the two, and run again",
                         operation->principal, operation->account_id,
                         readback->status == READBACK_FOUND
                             ? "that trusts others or has another mark or permissions boundary"
                             : "that cannot be read"));
}

/* Looks at the policy, role or provider that a call makes or deletes. */
static void read_whole(struct call *call, readback_done *done)
{
    const struct operation *operation = call->operation;
    switch (operation->kind) {
    case OP_CREATE_ROLE:
    case OP_DELETE_ROLE:
        readback_role(call->arena, call->aws, operation->account_id, operation->principal, done, call);
        break;
    case OP_CREATE_PROVIDER:
    case OP_DELETE_PROVIDER:
        readback_provider(call->arena, call->aws, operation->account_id, operation->provider->arn, done, call);
        break;
    default: readback_policy(call->arena, call->aws, operation->account_id, call->policy_arn, done, call);
    }
}

static void on_refused_delete(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    if (readback->status == READBACK_ABSENT) {
        call_end_done(call, outcome);
        return;
    }
    struct outcome refusal = {.request_id = call->refusal.request_id};
    snprintf(refusal.error.code, sizeof refusal.error.code, "%s", call->refusal.code);
    call_end_failed(call, &refusal, call->refusal.explanation);
}

bool call_settle_refused_delete(struct call *call, const struct outcome *outcome)
{
    const enum operation_kind kind = call->operation->kind;
    if (outcome->class != CLASS_DENIED ||
        (kind != OP_DELETE_ROLE && kind != OP_DELETE_POLICY && kind != OP_DELETE_PROVIDER))
        return false;
    call->refusal.code = arena_strdup(call->arena, outcome->error.code);
    call->refusal.explanation = arena_strdup(call->arena, outcome->explanation);
    call->refusal.request_id = outcome->request_id ? arena_strdup(call->arena, outcome->request_id) : NULL;
    read_whole(call, on_refused_delete);
    return true;
}

bool call_settle_existing(struct call *call, const struct outcome *outcome)
{
    if (outcome->class != CLASS_EXISTS)
        return false;
    switch (call->operation->kind) {
    case OP_CREATE_POLICY: read_whole(call, on_existing_policy); return true;
    case OP_CREATE_ROLE: read_whole(call, on_existing_role); return true;
    case OP_CREATE_PROVIDER: read_whole(call, on_existing_provider); return true;
    default: return false;
    }
}

static void on_lost_version(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    if (readback->status == READBACK_FAILED)
        call_end_explained(call, outcome);
    else if (readback->status == READBACK_ABSENT)
        call_end_policy_absent(call, outcome);
    else if (readback_same_document(readback->document, call->operation->document))
        call_end_done(call, outcome);
    else if (call->lost < LOST_MAX)
        call_write(call, LOST_WAIT_MS);
    else
        call_end_failed(
            call, outcome,
            arena_printf(
                call->arena,
                "iam:CreatePolicyVersion failed in account %s: no answer came %u times, and policy %s is as it was; "
                "run it again later",
                call->operation->account_id, call->lost, call->policy_arn));
}

void call_settle_lost_version(struct call *call)
{
    readback_policy(call->arena, call->aws, call->operation->account_id, call->policy_arn, on_lost_version,
                    call);
}
