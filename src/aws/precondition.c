/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a call looks at before it changes or removes something: time went by since that was read, and somebody
 * may have written over it. IAM has no conditional writes, so this is as near as it gets.
 */
#include "aws/call.h"
#include "aws/policy_tags.h"
#include "aws/readback.h"
#include "base/str.h"
#include "model/bootstrap.h"

/* Goes on where AWS holds what was read, ends where it is gone or cannot be read, and otherwise says why not. */
static void settle(struct call *call, const struct readback *readback, const struct outcome *outcome,
                   bool is_same, const char *otherwise)
{
    if (readback->status == READBACK_ABSENT)
        call_end_done(call, outcome);
    else if (readback->status == READBACK_FAILED)
        call_end_explained(call, outcome);
    else if (is_same)
        call_write(call, 0);
    else
        call_end_failed(call, outcome, otherwise);
}

/* Somebody may have written over it since it was read: only what is still the same is deleted. */
static void on_before_delete(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    bool is_inline = operation->kind == OP_DELETE_INLINE_POLICY;
    const char *holder = arena_printf(call->arena, "%s '%s'", principal_kind_name(operation->principal_kind),
                                      operation->principal ? operation->principal : "");
    const bool is_same =
        readback->status == READBACK_FOUND && readback_same_document(readback->document, operation->document);
    settle(call, readback, outcome, is_same,
           arena_printf(call->arena,
                        "%s '%s'%s%s in account %s was changed after it was read, so it was not deleted; "
                        "look at it, and run again",
                        is_inline ? "inline policy" : "policy", operation->policy_name,
                        operation->principal ? " of " : "", operation->principal ? holder : "",
                        operation->account_id));
}

/*
 * A role that is to go, or a part of it: somebody may have prolonged the lease since it was read, or made
 * another role of that name.
 */
static void on_before_role(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    const char *mark = readback->mark ? readback->mark : "";
    const bool is_ours =
        !operation->mark || (str_eq(mark, operation->mark) && !tags_get(&readback->tags, BOOTSTRAP_TAG));
    const bool is_same = readback->status == READBACK_FOUND && is_ours &&
                         (!operation->trust || readback_same_trust(readback->trust, operation->trust));
    settle(
        call, readback, outcome, is_same,
        arena_printf(call->arena,
                     "role '%s' in account %s was changed after it was read, so %s; look at it, and run again",
                     operation->principal, operation->account_id,
                     operation->kind == OP_DELETE_ROLE ? "it was not deleted" : "nothing was taken from it"));
}

/* A provider that is to go: somebody may have taken it over since it was read. */
static void on_before_provider(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    const bool is_same =
        readback->status == READBACK_FOUND && readback->mark && str_eq(readback->mark, operation->mark);
    settle(call, readback, outcome, is_same,
           arena_printf(call->arena,
                        "OIDC provider %s in account %s was changed after it was read, so it was not "
                        "deleted; look at it, and run again",
                        operation->provider->url, operation->account_id));
}

/* Another owner may have adopted it since it was read. */
static void on_before_tag(void *context, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    const char *tag = call->policy.tag;
    if (outcome->class == CLASS_ABSENT)
        call_end_policy_absent(call, outcome);
    else if (call->policy.tag_error)
        call_end_explained(call, outcome);
    else if (!tag || str_eq(tag, operation->mark))
        call_write(call, 0);
    else
        call_end_failed(
            call, outcome,
            arena_printf(call->arena,
                         "policy %s in account %s got the tag iamlease '%s' after it was read, so it was not "
                         "adopted; look at it, and run again",
                         call->policy_arn, operation->account_id, tag));
}

bool call_check_before(struct call *call)
{
    struct arena *arena = call->arena;
    struct aws *aws = call->aws;
    const struct operation *operation = call->operation;
    if (operation->kind == OP_DELETE_PROVIDER && operation->mark)
        readback_provider(arena, aws, operation->account_id, operation->provider->arn, on_before_provider,
                          call);
    else if (operation->kind == OP_TAG_POLICY)
        policy_tags_read(arena, aws, operation->account_id, &call->policy, on_before_tag, call);
    else if (operation->trust || (operation->kind == OP_DELETE_ROLE && operation->mark))
        readback_role(arena, aws, operation->account_id, operation->principal, on_before_role, call);
    else if (operation->kind == OP_DELETE_INLINE_POLICY && operation->document)
        readback_inline_policy(arena, aws, operation->account_id, operation->principal_kind,
                               operation->principal, operation->policy_name, on_before_delete, call);
    else if (operation->document && operation_info(operation->kind)->removes)
        readback_policy(arena, aws, operation->account_id, operation->policy_arn, on_before_delete, call);
    else
        return false;
    return true;
}
