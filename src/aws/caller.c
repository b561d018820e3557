/* SPDX-License-Identifier: Apache-2.0 */
/* Whose credentials the environment has. */
#include "aws/credentials.h"
#include "aws/form.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

static const char action[] = "sts:GetCallerIdentity";

enum { ANSWER_MAX = 64 * 1024, ACCOUNT_ID_SIZE = 13 };

struct caller {
    struct aws *aws;
    struct credentials *credentials; /* that signed the request on its way */
    char account_id[ACCOUNT_ID_SIZE];
    struct err err; /* ERR_NONE: there is an id */
};

static void visit(void *context, enum element_event event, const char *path, const char *text)
{
    struct caller *caller = context;
    if (event == ELEMENT_END && str_eq(path, "Account") && strlen(text) == ACCOUNT_ID_SIZE - 1 &&
        strspn(text, "0123456789") == ACCOUNT_ID_SIZE - 1)
        snprintf(caller->account_id, sizeof caller->account_id, "%s", text);
}

static void take(struct caller *caller, struct outcome *outcome)
{
    if (outcome->ok && (!answer_read(outcome->body, outcome->body_size, visit, caller) || !*caller->account_id))
        outcome_unreadable(action, &caller->aws->base, outcome);
    if (!outcome->ok)
        err_set(&caller->err, outcome->stopped ? ERR_STOPPED : ERR_AWS, "%s", outcome->explanation);
}

static void on_answer(void *context, const struct net_response *response)
{
    struct caller *caller = context;
    struct outcome outcome;
    outcome_read(response, caller->credentials, action, &caller->aws->base, &outcome);
    take(caller, &outcome);
    credentials_unref(caller->credentials);
}

static void on_credentials(void *context, struct credentials *credentials, const struct outcome *failure)
{
    struct caller *caller = context;
    if (!credentials) {
        struct outcome outcome = *failure;
        take(caller, &outcome);
        return;
    }
    const struct aws *aws = caller->aws;
    struct buf form;
    buf_init(&form, FORM_MAX);
    form_begin(&form, "GetCallerIdentity", "2011-06-15");
    caller->credentials = credentials;
    net_send(aws->net, &(struct net_request){
                           .method = "POST",
                           .url = aws->sts.url,
                           .body = form.bytes,
                           .body_size = form.size,
                           .group = "caller",
                           .sigv4 = aws->sts.sigv4,
                           .access_key_id = credentials->access_key_id,
                           .secret_access_key = &credentials->secret_access_key,
                           .session_token = &credentials->session_token,
                           .retry_lost_answer = true,
                           .max_body_size = ANSWER_MAX,
                           .classify = outcome_verdict,
                           .done = on_answer,
                           .context = caller,
                       });
    buf_free(&form);
}

int aws_use_base(struct aws *aws, const char **ret_account_id, struct err *err)
{
    struct caller caller = {.aws = aws};
    struct account_session itself = {.uses_base = true};
    credentials_get(aws, &itself, on_credentials, &caller);
    if (net_run(aws->net, err) < 0)
        return -1;
    if (caller.err.code != ERR_NONE) {
        *err = caller.err;
        return -1;
    }
    struct account_session *account = aws_account(aws, caller.account_id);
    account->uses_base = true;
    *ret_account_id = account->id;
    return 0;
}
