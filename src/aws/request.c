/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/request.h"

#include "aws/credentials.h"
#include "aws/form.h"
#include "aws/iam_request.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* A document is at most 131,072 characters, three bytes each when percent-encoded; what goes to a sink has
 * the limit of net. */
enum { BODY_MAX = 1024 * 1024 };

struct pending {
    struct aws *aws;
    struct account_session *account;
    struct credentials *credentials; /* that signed the request on its way */
    struct iam_request request;
    struct buf form;
    char action[ACTION_NAME_SIZE + sizeof "iam:"]; /* "iam:AttachUserPolicy" */
    bool renewed;
    unsigned attempts_before;
};

static void end(struct pending *pending, const struct outcome *outcome)
{
    pending->request.done(pending->request.context, outcome);
    credentials_unref(pending->credentials);
    buf_free(&pending->form);
    free(pending);
}

static void on_credentials(void *context, struct credentials *credentials, const struct outcome *failure);

static void on_response(void *context, const struct net_response *response)
{
    struct pending *pending = context;
    struct outcome outcome;
    outcome_read(response, pending->credentials, pending->action, pending->account, &outcome);
    if (outcome.class == CLASS_EXPIRED && !pending->renewed) {
        pending->renewed = true;
        pending->attempts_before = outcome.attempts;
        credentials_drop(pending->account, pending->credentials);
        credentials_unref(pending->credentials);
        pending->credentials = NULL;
        credentials_get(pending->aws, pending->account, on_credentials, pending);
        return;
    }
    outcome.attempts += pending->attempts_before;
    end(pending, &outcome);
}

static void on_credentials(void *context, struct credentials *credentials, const struct outcome *failure)
{
    struct pending *pending = context;
    if (!credentials) {
        struct outcome outcome = *failure;
        outcome.maybe_sent = false; /* the role was asked for, not what the caller wanted */
        outcome.attempts = pending->attempts_before;
        end(pending, &outcome);
        return;
    }
    pending->credentials = credentials;
    const struct iam_request *request = &pending->request;
    net_send(pending->aws->net, &(struct net_request){
                                    .method = "POST",
                                    .url = pending->aws->iam.url,
                                    .body = pending->form.bytes,
                                    .body_size = pending->form.size,
                                    .group = pending->account->id,
                                    .sigv4 = pending->aws->iam.sigv4,
                                    .access_key_id = credentials->access_key_id,
                                    .secret_access_key = &credentials->secret_access_key,
                                    .session_token = &credentials->session_token,
                                    .retry_lost_answer = request->repeatable,
                                    .delay_ms = pending->renewed ? 0 : request->delay_ms,
                                    .max_body_size = request->sink ? 0 : BODY_MAX,
                                    .sink = request->sink,
                                    .classify = request->repeatable ? outcome_verdict : outcome_verdict_once,
                                    .done = on_response,
                                    .context = pending,
                                });
}

void iam_send(struct aws *aws, const struct iam_request *request)
{
    assert(iam_action_is_known(request->action));
    struct pending *pending = calloc(1, sizeof *pending);
    if (!pending)
        out_of_memory();
    pending->aws = aws;
    pending->account = aws_account(aws, request->account_id);
    pending->request = *request;
    pending->request.form = NULL;
    snprintf(pending->action, sizeof pending->action, "iam:%s", request->action);
    buf_init(&pending->form, FORM_MAX);
    buf_add(&pending->form, request->form->bytes, request->form->size);
    credentials_get(aws, pending->account, on_credentials, pending);
}
