/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One operation: one write, and what it takes to know how it ended. Reads settle what an answer leaves open;
 * the write itself is sent again only where a second time does no harm, or where a read has shown that the
 * first did nothing.
 */
#include "aws/form.h"
#include "aws/iam_request.h"
#include "aws/policy_tags.h"
#include "aws/readback.h"
#include "aws/request.h"
#include "base/str.h"
#include "model/bootstrap.h"

#include <stdio.h>
#include <string.h>

/* A write whose answer was lost or cannot be read: so often in all, CreatePolicyVersion each time after a look. */
enum { LOST_MAX = 3, LOST_WAIT_MS = 1000 };

/* A policy that was made a moment ago may not be seen everywhere: so long, in all, attaching it is tried. */
enum { PROPAGATION_MAX_MS = 2 * 60 * 1000, PROPAGATION_FIRST_MS = 1000, PROPAGATION_STEP_MAX_MS = 16 * 1000 };

/* A name that is taken by what cannot be read: our own of a moment ago, or a policy at another path. So often in all. */
enum { TAKEN_MAX = 3 };

struct call {
    struct arena *arena;
    struct aws *aws;
    const struct operation *operation;
    const char *policy_arn;        /* of the policy that the operation is about; NULL: an inline policy */
    struct observed_policy policy; /* that is being adopted: its ARN and tags */
    aws_done *done;
    void *context;
    unsigned attempts;
    unsigned lost, taken;
    unsigned waited_ms, next_wait_ms;
};

static const char *keep(struct call *call, const char *text)
{
    return text && text[0] ? arena_strdup(call->arena, text) : NULL;
}

/* Of a role that this run made. */
static const char *role_key(const struct call *call)
{
    return arena_printf(call->arena, "%s role %s", call->operation->account_id, call->operation->principal);
}

static void end_done(struct call *call, const struct outcome *outcome)
{
    static char present;
    if (call->operation->kind == OP_CREATE_POLICY)
        map_put(&call->aws->created, arena_strdup(call->aws->arena, call->policy_arn), &present);
    else if (call->operation->kind == OP_CREATE_ROLE)
        map_put(&call->aws->created, arena_strdup(call->aws->arena, role_key(call)), &present);
    call->done(call->context, &(struct result){
                                  .status = RESULT_DONE,
                                  .attempts = call->attempts,
                                  .request_id = keep(call, outcome->request_id),
                              });
}

static void end_failed(struct call *call, const struct outcome *outcome, const char *message)
{
    call->done(call->context, &(struct result){
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
    call->done(call->context, &(struct result){.status = RESULT_PENDING, .attempts = call->attempts});
}

static void end_explained(struct call *call, const struct outcome *outcome)
{
    bool was_written = outcome->maybe_sent || call->lost;
    if (!was_written && (outcome->stopped || (outcome->late && !call->attempts)))
        end_pending(call);
    else
        end_failed(call, outcome, keep(call, outcome->explanation));
}

static void end_principal_absent(struct call *call, const struct outcome *outcome)
{
    const struct operation *operation = call->operation;
    end_failed(call, outcome,
               arena_printf(call->arena,
                            "%s '%s' does not exist in account %s; create it first, or mend the name",
                            principal_kind_name(operation->principal_kind), operation->principal,
                            operation->account_id));
}

static void end_policy_absent(struct call *call, const struct outcome *outcome)
{
    end_failed(call, outcome,
               arena_printf(call->arena,
                            "policy %s does not exist in account %s, or cannot be attached; mend its name, or "
                            "run again when it is there",
                            call->policy_arn, call->operation->account_id));
}

static void write_operation(struct call *call, unsigned delay_ms);

/* --- what an answer left open
 * ------------------------------------------------------------------------------------ */

static void on_existing_policy(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    if (readback->status == READBACK_FAILED) {
        end_explained(call, outcome);
        return;
    }
    /* The answer of an earlier attempt was lost, or an earlier run did it: the policy is as it shall be. */
    if (readback->status == READBACK_FOUND &&
        str_eq(readback->description, operation->description ? operation->description : "") &&
        readback_same_document(call->arena, readback->document, operation->document)) {
        end_done(call, outcome);
        return;
    }
    if (readback->status == READBACK_ABSENT && ++call->taken < TAKEN_MAX) {
        write_operation(call, PROPAGATION_FIRST_MS * call->taken);
        return;
    }
    const char *holder =
        readback->status == READBACK_FOUND ? "with another document or description" : "at another path";
    end_failed(
        call, outcome,
        arena_printf(
            call->arena,
            "the name '%s' is taken in account %s: a policy stands there %s; rename or delete one of the two, and "
            "run again",
            operation->policy_name, operation->account_id, holder));
}

static void on_lost_version(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    if (readback->status == READBACK_FAILED)
        end_explained(call, outcome);
    else if (readback->status == READBACK_ABSENT)
        end_policy_absent(call, outcome);
    else if (readback_same_document(call->arena, readback->document, call->operation->document))
        end_done(call, outcome);
    else if (call->lost < LOST_MAX)
        write_operation(call, LOST_WAIT_MS);
    else
        end_failed(
            call, outcome,
            arena_printf(
                call->arena,
                "iam:CreatePolicyVersion failed in account %s: no answer came %u times, and policy %s is as it was; "
                "run it again later",
                call->operation->account_id, call->lost, call->policy_arn));
}

/* Writes it again later; false when that was done for long enough. */
static bool wait_for_new(struct call *call)
{
    if (call->waited_ms >= PROPAGATION_MAX_MS)
        return false;
    unsigned wait_ms = call->next_wait_ms ? call->next_wait_ms : PROPAGATION_FIRST_MS;
    call->waited_ms += wait_ms;
    call->next_wait_ms = wait_ms * 2 < PROPAGATION_STEP_MAX_MS ? wait_ms * 2 : PROPAGATION_STEP_MAX_MS;
    write_operation(call, wait_ms);
    return true;
}

/* A role that this run made. */
static bool is_of_new_role(const struct call *call)
{
    return call->operation->principal && call->operation->principal_kind == PRINCIPAL_ROLE &&
           map_get(&call->aws->created, role_key(call));
}

static void on_attach_absent(struct call *call, const struct outcome *outcome)
{
    const char *message = outcome->error.message;
    bool names_policy = strstr(message, call->policy_arn), names_principal = strstr(message, " with name ");
    bool is_new = map_get(&call->aws->created, call->policy_arn);
    if (((is_new && !names_principal) || (is_of_new_role(call) && !names_policy)) && wait_for_new(call))
        return;
    if (names_policy || is_new) {
        end_policy_absent(call, outcome);
    } else {
        end_principal_absent(call, outcome);
    }
}

static void on_principal_absent(struct call *call, const struct outcome *outcome)
{
    if (!is_of_new_role(call) || !wait_for_new(call))
        end_principal_absent(call, outcome);
}

/* A trust policy that names a role which is not known everywhere yet is refused as one that names nobody. */
static bool is_refused_principal(const struct call *call, const struct outcome *outcome)
{
    return call->operation->awaits_principal && str_eq(outcome->error.code, "MalformedPolicyDocument") &&
           strstr(outcome->error.message, "Invalid principal");
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
        end_explained(call, outcome);
        return;
    }
    bool is_same = readback->status == READBACK_FOUND && has_tags(call->operation, readback->mark, &is->tags);
    for (size_t i = 0; i < wanted->client_ids.count; i++)
        is_same = is_same && strings_contain(&is->client_ids, wanted->client_ids.items[i]);
    if (is_same)
        end_done(call, outcome);
    else
        end_failed(
            call, outcome,
            arena_printf(call->arena,
                         "account %s has an OIDC provider %s already, with other client ids or tags; look "
                         "at it, and run again",
                         call->operation->account_id, wanted->url));
}

static void on_existing_role(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    if (readback->status == READBACK_FAILED)
        end_explained(call, outcome);
    else if (readback->status == READBACK_FOUND && has_tags(operation, readback->mark, &readback->tags) &&
             readback_same_trust(call->arena, readback->trust, operation->document))
        end_done(call, outcome);
    else
        end_failed(call, outcome,
                   arena_printf(call->arena,
                                "the name '%s' is taken in account %s: a role stands there %s; rename or delete "
                                "one of the two, and run again",
                                operation->principal, operation->account_id,
                                readback->status == READBACK_FOUND ? "that trusts others or has another mark"
                                                                   : "that cannot be read"));
}

static void end_conflict(struct call *call, const struct outcome *outcome)
{
    const bool is_role = call->operation->kind == OP_DELETE_ROLE;
    end_failed(
        call, outcome,
        arena_printf(
            call->arena,
            "%s %s cannot be deleted in account %s, because something still hangs on it: %s; %s, and run again",
            is_role ? "role" : "policy", is_role ? call->operation->principal : call->policy_arn,
            call->operation->account_id, outcome->error.message,
            is_role ? "take it out of instance profiles and take its policies away"
                    : "detach it from whatever holds it, delete its versions but the default one"));
}

/* --- the write
 * --------------------------------------------------------------------------------------------------- */

/* 200 alone says nothing: a proxy or a portal in between answers so too. */
static bool is_from_aws(const struct outcome *outcome)
{
    return !net_is_html(outcome->body, outcome->body_size) &&
           answer_confirms(outcome->body, outcome->body_size);
}

/* Whether it was done is open. */
static void on_unreadable(struct call *call, const struct outcome *outcome)
{
    struct outcome unreadable = *outcome;
    char action[64];
    snprintf(action, sizeof action, "iam:%s", operation_action(call->operation));
    outcome_unreadable(action, aws_account(call->aws, call->operation->account_id), &unreadable);
    call->lost++;
    if (call->operation->kind == OP_CREATE_POLICY_VERSION)
        readback_policy(call->arena, call->aws, call->operation->account_id, call->policy_arn,
                        on_lost_version, call);
    else if (call->lost < LOST_MAX)
        write_operation(call, LOST_WAIT_MS);
    else
        end_explained(call, &unreadable);
}

static void on_write(void *context, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    enum operation_kind kind = operation->kind;
    call->attempts += outcome->attempts;
    if (outcome->ok && !is_from_aws(outcome)) {
        on_unreadable(call, outcome);
        return;
    }
    bool is_absent = outcome->class == CLASS_ABSENT;
    bool is_open = outcome->maybe_sent || (outcome->answered && outcome->class == CLASS_TRANSIENT);

    if (outcome->ok || (is_absent && operation_info(kind)->removes)) {
        end_done(call, outcome);
    } else if (kind == OP_CREATE_POLICY && outcome->class == CLASS_EXISTS) {
        readback_policy(call->arena, call->aws, operation->account_id, call->policy_arn, on_existing_policy,
                        call);
    } else if (kind == OP_CREATE_ROLE && outcome->class == CLASS_EXISTS) {
        readback_role(call->arena, call->aws, operation->account_id, operation->principal, on_existing_role,
                      call);
    } else if (kind == OP_CREATE_PROVIDER && outcome->class == CLASS_EXISTS) {
        readback_provider(call->arena, call->aws, operation->account_id, operation->provider->arn,
                          on_existing_provider, call);
    } else if (is_refused_principal(call, outcome) && wait_for_new(call)) {
        return;
    } else if (kind == OP_CREATE_POLICY_VERSION && is_open) {
        call->lost++;
        readback_policy(call->arena, call->aws, operation->account_id, call->policy_arn, on_lost_version,
                        call);
    } else if ((kind == OP_CREATE_POLICY_VERSION || kind == OP_TAG_POLICY) && is_absent) {
        end_policy_absent(call, outcome);
    } else if (kind == OP_ATTACH_POLICY && is_absent) {
        on_attach_absent(call, outcome);
    } else if ((kind == OP_PUT_INLINE_POLICY || kind == OP_UPDATE_TRUST || kind == OP_UPDATE_ROLE ||
                kind == OP_TAG_ROLE || kind == OP_UNTAG_ROLE || kind == OP_DELETE_BOUNDARY) &&
               is_absent) {
        on_principal_absent(call, outcome);
    } else if ((kind == OP_DELETE_POLICY || kind == OP_DELETE_ROLE) && outcome->class == CLASS_CONFLICT) {
        end_conflict(call, outcome);
    } else {
        end_explained(call, outcome);
    }
}

static void write_operation(struct call *call, unsigned delay_ms)
{
    struct buf form;
    buf_init(&form, FORM_MAX);
    operation_write_form(call->operation, &form);
    iam_send(call->aws, &(struct iam_request){
                            .account_id = call->operation->account_id,
                            .action = operation_action(call->operation),
                            .form = &form,
                            .repeatable = operation_is_repeatable(call->operation),
                            .delay_ms = delay_ms,
                            .done = on_write,
                            .context = call,
                        });
    buf_free(&form);
}

/* Somebody may have written over it since it was read: only what is still the same is deleted. */
static void on_before_delete(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    bool is_inline = operation->kind == OP_DELETE_INLINE_POLICY;
    const char *holder = arena_printf(call->arena, "%s '%s'", principal_kind_name(operation->principal_kind),
                                      operation->principal ? operation->principal : "");
    if (readback->status == READBACK_ABSENT)
        end_done(call, outcome);
    else if (readback->status == READBACK_FAILED)
        end_explained(call, outcome);
    else if (readback_same_document(call->arena, readback->document, operation->document))
        write_operation(call, 0);
    else
        end_failed(
            call, outcome,
            arena_printf(call->arena,
                         "%s '%s'%s%s in account %s was changed after it was read, so it was not deleted; "
                         "look at it, and run again",
                         is_inline ? "inline policy" : "policy", operation->policy_name,
                         operation->principal ? " of " : "", operation->principal ? holder : "",
                         operation->account_id));
}

/* A role of which a part is to go: somebody may have prolonged the lease since it was read. */
static void on_before_role_part(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    if (readback->status == READBACK_ABSENT)
        end_done(call, outcome);
    else if (readback->status == READBACK_FAILED)
        end_explained(call, outcome);
    else if (readback_same_trust(call->arena, readback->trust, operation->trust))
        write_operation(call, 0);
    else
        end_failed(
            call, outcome,
            arena_printf(call->arena,
                         "role '%s' in account %s was changed after it was read, so nothing was taken from "
                         "it; look at it, and run again",
                         operation->principal, operation->account_id));
}

/* A provider that is to go: somebody may have taken it over since it was read. */
static void on_before_provider(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    if (readback->status == READBACK_ABSENT)
        end_done(call, outcome);
    else if (readback->status == READBACK_FAILED)
        end_explained(call, outcome);
    else if (readback->mark && str_eq(readback->mark, operation->mark))
        write_operation(call, 0);
    else
        end_failed(call, outcome,
                   arena_printf(call->arena,
                                "OIDC provider %s in account %s was changed after it was read, so it was not "
                                "deleted; look at it, and run again",
                                operation->provider->url, operation->account_id));
}

/* A role of aws-roles that is to go: somebody may have made another one of that name since it was read. */
static void on_before_kept_role(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    if (readback->status == READBACK_ABSENT)
        end_done(call, outcome);
    else if (readback->status == READBACK_FAILED)
        end_explained(call, outcome);
    else if (readback->mark && str_eq(readback->mark, operation->mark) &&
             !tags_get(&readback->tags, BOOTSTRAP_TAG))
        write_operation(call, 0);
    else
        end_failed(call, outcome,
                   arena_printf(call->arena,
                                "role '%s' in account %s was changed after it was read, so it was not deleted; "
                                "look at it, and run again",
                                operation->principal, operation->account_id));
}

/* Another owner may have adopted it since it was read. */
static void on_before_tag(void *context, const struct outcome *outcome)
{
    struct call *call = context;
    const struct operation *operation = call->operation;
    const char *tag = call->policy.tag;
    if (outcome->class == CLASS_ABSENT)
        end_policy_absent(call, outcome);
    else if (call->policy.tag_error)
        end_explained(call, outcome);
    else if (!tag || str_eq(tag, operation->mark))
        write_operation(call, 0);
    else
        end_failed(
            call, outcome,
            arena_printf(call->arena,
                         "policy %s in account %s got the tag iamlease '%s' after it was read, so it was not "
                         "adopted; look at it, and run again",
                         call->policy_arn, operation->account_id, tag));
}

static const char *find_policy_arn(struct arena *arena, const struct aws *aws,
                                   const struct operation *operation)
{
    if (operation->kind != OP_CREATE_POLICY || operation->policy_arn)
        return operation->policy_arn;
    const char *path = operation->path && operation->path[0] ? operation->path : "/";
    return arena_printf(arena, "arn:%s:iam::%s:policy%s%s", aws->partition, operation->account_id, path,
                        operation->policy_name);
}

void aws_call(struct arena *arena, struct aws *aws, const struct operation *operation, aws_done *done,
              void *context)
{
    struct call *call = ARENA_NEW(arena, struct call);
    *call = (struct call){
        .arena = arena,
        .aws = aws,
        .operation = operation,
        .policy_arn = find_policy_arn(arena, aws, operation),
        .policy = {.arn = operation->policy_arn},
        .done = done,
        .context = context,
    };
    if (operation->kind == OP_DELETE_PROVIDER && operation->mark)
        readback_provider(arena, aws, operation->account_id, operation->provider->arn, on_before_provider,
                          call);
    else if (operation->kind == OP_DELETE_ROLE && operation->mark)
        readback_role(arena, aws, operation->account_id, operation->principal, on_before_kept_role, call);
    else if (operation->kind == OP_TAG_POLICY)
        policy_tags_read(arena, aws, operation->account_id, &call->policy, on_before_tag, call);
    else if (operation->trust && operation_info(operation->kind)->removes)
        readback_role(arena, aws, operation->account_id, operation->principal, on_before_role_part, call);
    else if (operation->kind == OP_DELETE_INLINE_POLICY && operation->document)
        readback_inline_policy(arena, aws, operation->account_id, operation->principal_kind,
                               operation->principal, operation->policy_name, on_before_delete, call);
    else if (operation->document && operation_info(operation->kind)->removes)
        readback_policy(arena, aws, operation->account_id, operation->policy_arn, on_before_delete, call);
    else
        write_operation(call, 0);
}
