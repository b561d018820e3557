/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials.h"

#include "aws/form.h"
#include "aws/waiters.h"
#include "aws/web_identity.h"
#include "base/str.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char action[] = "sts:AssumeRole";

enum { RENEW_BEFORE_S = 300 };

struct credentials *credentials_new(const char *access_key_id)
{
    struct credentials *credentials = calloc(1, sizeof *credentials);
    if (!credentials)
        out_of_memory();
    credentials->references = 1;
    credentials->renew_at_ms = INT64_MAX;
    credentials->access_key_id = strdup(access_key_id);
    if (!credentials->access_key_id)
        out_of_memory();
    return credentials;
}

struct credentials *credentials_ref(struct credentials *credentials)
{
    credentials->references++;
    return credentials;
}

void credentials_unref(struct credentials *credentials)
{
    if (!credentials)
        return;
    assert(credentials->references > 0);
    if (--credentials->references > 0)
        return;
    secret_clear(&credentials->secret_access_key);
    secret_clear(&credentials->session_token);
    free(credentials->access_key_id);
    free(credentials);
}

void credentials_drop(struct account_session *account, const struct credentials *credentials)
{
    if (account->credentials != credentials)
        return;
    credentials_unref(account->credentials);
    account->credentials = NULL;
}

struct assume_role {
    struct aws *aws;
    struct account_session *account;
    struct credentials *base; /* that signed the request on its way */
    int64_t sent_at_ms;
};

static void take_field(void *context, enum element_event event, const char *path, const char *text)
{
    struct credentials *credentials = context;
    if (event != ELEMENT_END)
        return;
    if (str_eq(path, "Credentials/AccessKeyId")) {
        free(credentials->access_key_id);
        credentials->access_key_id = strdup(text);
        if (!credentials->access_key_id)
            out_of_memory();
    } else if (str_eq(path, "Credentials/SecretAccessKey")) {
        secret_set(&credentials->secret_access_key, text, strlen(text));
    } else if (str_eq(path, "Credentials/SessionToken")) {
        secret_set(&credentials->session_token, text, strlen(text));
    }
}

/* Nothing that could end a header line and begin another. */
static bool is_printable(const char *text)
{
    for (; *text; text++)
        if (*text <= ' ' || *text >= 0x7f)
            return false;
    return true;
}

static bool is_complete(const struct credentials *credentials)
{
    return credentials->access_key_id[0] && is_printable(credentials->access_key_id) &&
           secret_is_set(&credentials->secret_access_key) &&
           is_printable(secret_reveal(&credentials->secret_access_key)) &&
           secret_is_set(&credentials->session_token) &&
           is_printable(secret_reveal(&credentials->session_token));
}

static struct credentials *read_credentials(const struct outcome *outcome)
{
    struct credentials *credentials = credentials_new("");
    if (answer_read(outcome->body, outcome->body_size, take_field, credentials) && is_complete(credentials))
        return credentials;
    credentials_unref(credentials);
    return NULL;
}

void credentials_settle(const struct aws *aws, struct account_session *account, const char *called,
                        int64_t sent_at_ms, struct outcome *outcome)
{
    struct credentials *credentials = outcome->ok ? read_credentials(outcome) : NULL;
    if (outcome->ok && !credentials)
        outcome_unreadable(called, account, outcome);
    if (credentials) {
        aws_secret_came(aws, &credentials->secret_access_key);
        aws_secret_came(aws, &credentials->session_token);
        credentials->renew_at_ms = sent_at_ms + (CREDENTIALS_DURATION_S - RENEW_BEFORE_S) * INT64_C(1000);
        credentials_unref(account->credentials);
        account->credentials = credentials_ref(credentials);
    }

    waiters_call(account, credentials, outcome);
    credentials_unref(credentials);
}

static void on_answer(void *context, const struct net_response *response)
{
    struct assume_role *call = context;
    struct outcome outcome;
    outcome_read(response, call->base, action, call->account, &outcome);
    credentials_settle(call->aws, call->account, action, call->sent_at_ms, &outcome);
    credentials_unref(call->base);
    free(call);
}

static void write_form(const struct aws *aws, const struct account_session *account, struct buf *form)
{
    char duration[16];
    snprintf(duration, sizeof duration, "%d", CREDENTIALS_DURATION_S);
    form_begin(form, "AssumeRole", "2011-06-15");
    form_add(form, "RoleArn", account->role_arn);
    form_add(form, "RoleSessionName", aws->session_name);
    form_add(form, "DurationSeconds", duration);
    if (aws->external_id[0])
        form_add(form, "ExternalId", aws->external_id);
}

static void send_assume_role(struct assume_role *call, struct credentials *base)
{
    struct aws *aws = call->aws;
    struct buf form;
    buf_init(&form, FORM_MAX);
    write_form(aws, call->account, &form);
    call->base = base;
    call->sent_at_ms = net_clock_ms();
    net_send(aws->net, &(struct net_request){
                           .method = "POST",
                           .url = aws->sts.url,
                           .body = form.bytes,
                           .body_size = form.size,
                           .group = call->account->id,
                           .sigv4 = aws->sts.sigv4,
                           .access_key_id = base->access_key_id,
                           .secret_access_key = &base->secret_access_key,
                           .session_token = &base->session_token,
                           .retry_lost_answer = true,
                           .max_body_size = 64 * 1024,
                           .classify = outcome_verdict,
                           .done = on_answer,
                           .context = call,
                       });
    buf_free(&form);
}

static void on_base(void *context, struct credentials *base, const struct outcome *failure)
{
    struct assume_role *call = context;
    if (base) {
        send_assume_role(call, base);
        return;
    }
    struct outcome outcome = *failure;
    credentials_settle(call->aws, call->account, action, 0, &outcome);
    free(call);
}

static bool are_fresh(const struct credentials *credentials)
{
    return credentials && net_clock_ms() < credentials->renew_at_ms;
}

static void assume_role(struct aws *aws, struct account_session *account)
{
    struct assume_role *call = calloc(1, sizeof *call);
    if (!call)
        out_of_memory();
    *call = (struct assume_role){.aws = aws, .account = account};
    if (are_fresh(aws->base.credentials))
        send_assume_role(call, credentials_ref(aws->base.credentials));
    else if (waiters_add(&aws->base, on_base, call))
        web_identity_begin(aws);
}

void credentials_get(struct aws *aws, struct account_session *account, credentials_done *done, void *context)
{
    struct account_session *asked = account->uses_base ? &aws->base : account;
    if (are_fresh(asked->credentials))
        done(context, credentials_ref(asked->credentials), NULL);
    else if (!waiters_add(asked, done, context))
        return;
    else if (account->uses_base)
        web_identity_begin(aws);
    else
        assume_role(aws, account);
}
