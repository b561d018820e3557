/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One operation: one write, and what it takes to know how it ended. Reads settle what an answer leaves open;
 * the write itself is sent again only where a second time does no harm, or where a read has shown that the
 * first did nothing.
 */
#include "aws/call.h"

#include "aws/form.h"
#include "aws/iam_request.h"
#include "aws/request.h"

#include <stdio.h>
#include <stdlib.h>

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
        call_settle_lost_version(call);
    else if (call->lost < LOST_MAX)
        call_write(call, LOST_WAIT_MS);
    else
        call_end_explained(call, &unreadable);
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
        call_end_done(call, outcome);
    } else if (call_settle_existing(call, outcome) || call_settle_refused_delete(call, outcome)) {
        return;
    } else if (call_is_refused_principal(call, outcome) && call_wait_for_new(call)) {
        return;
    } else if (outcome->class == CLASS_BUSY && call_wait_for_others(call)) {
        return;
    } else if (kind == OP_CREATE_POLICY_VERSION && is_open) {
        call->lost++;
        call_settle_lost_version(call);
    } else if ((kind == OP_CREATE_POLICY_VERSION || kind == OP_TAG_POLICY) && is_absent) {
        call_end_policy_absent(call, outcome);
    } else if (kind == OP_ATTACH_POLICY && is_absent) {
        call_judge_absent_attachment(call, outcome);
    } else if ((kind == OP_PUT_INLINE_POLICY || kind == OP_UPDATE_TRUST || kind == OP_UPDATE_ROLE ||
                kind == OP_TAG_ROLE || kind == OP_UNTAG_ROLE || kind == OP_DELETE_BOUNDARY) &&
               is_absent) {
        call_judge_absent_principal(call, outcome);
    } else if ((kind == OP_DELETE_POLICY || kind == OP_DELETE_ROLE) && outcome->class == CLASS_CONFLICT) {
        call_end_conflict(call, outcome);
    } else {
        call_end_explained(call, outcome);
    }
}

void call_write(struct call *call, unsigned delay_ms)
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
    struct call *call = calloc(1, sizeof *call);
    if (!call)
        out_of_memory();
    *call = (struct call){
        .arena = arena,
        .aws = aws,
        .operation = operation,
        .policy_arn = find_policy_arn(arena, aws, operation),
        .policy = {.arn = operation->policy_arn},
        .done = done,
        .context = context,
    };
    if (!call_check_before(call))
        call_write(call, 0);
}
