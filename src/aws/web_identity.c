/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/web_identity.h"

#include "aws/claims.h"
#include "aws/credentials.h"
#include "aws/form.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char action[] = "sts:AssumeRoleWithWebIdentity";

struct identity {
    struct aws *aws;
    struct credentials *token; /* the token stands where a session token does, to be taken out of messages */
    int64_t sent_at_ms;
    bool renewed;
};

static void settle(struct identity *identity, struct outcome *outcome)
{
    credentials_settle(identity->aws, &identity->aws->base, action, identity->sent_at_ms, outcome);
    credentials_unref(identity->token);
    free(identity);
}

static void fail(struct identity *identity, const struct net_response *response, const char *reason)
{
    struct outcome outcome = {.class = CLASS_FINAL,
                              .answered = response->status != 0,
                              .stopped = response->err.code == ERR_STOPPED,
                              .late = response->trouble == NET_TROUBLE_DEADLINE};
    snprintf(outcome.explanation, EXPLANATION_SIZE,
             "cannot assume role %.256s: GitHub gave no OIDC token: %.700s", identity->aws->base.role_arn,
             reason);
    settle(identity, &outcome);
}

/*
 * The token in {"count":…,"value":"…"}. Not by the JSON reader, whose tree would keep copies of a secret in
 * memory that is never wiped: a token is letters and digits that no JSON writer escapes, and anything else is
 * refused.
 */
static bool find_token(const char *body, struct secret *ret)
{
    static const char key[] = "\"value\"";
    const char *at = strstr(body, key);
    if (!at)
        return false;
    at += strlen(key);
    at += strspn(at, " \t\r\n");
    if (*at++ != ':')
        return false;
    at += strspn(at, " \t\r\n");
    if (*at++ != '"')
        return false;
    size_t size = strcspn(at, "\"");
    if (at[size] != '"' || !claims_is_token(at, size))
        return false;
    secret_set(ret, at, size);
    return true;
}

/* A token that was refused: what stands in it is what the trust policy has to allow. */
static void add_claims(const struct identity *identity, struct outcome *outcome)
{
    char claims[CLAIMS_SIZE];
    claims_describe(&identity->token->session_token, claims);
    size_t used = strlen(outcome->explanation);
    if (claims[0])
        snprintf(outcome->explanation + used, EXPLANATION_SIZE - used, "; the token says %s", claims);
}

static void ask_for_token(struct identity *identity);

static void on_answer(void *context, const struct net_response *response)
{
    struct identity *identity = context;
    struct outcome outcome;
    outcome_read(response, identity->token, action, &identity->aws->base, &outcome);
    if (outcome.class == CLASS_EXPIRED && !identity->renewed) {
        identity->renewed = true;
        ask_for_token(identity);
        return;
    }
    bool is_refused = outcome.class == CLASS_DENIED || str_eq(outcome.error.code, "InvalidIdentityToken");
    if (!outcome.ok && is_refused)
        add_claims(identity, &outcome);
    settle(identity, &outcome);
}

static void write_form(const struct aws *aws, struct buf *form)
{
    char duration[16];
    snprintf(duration, sizeof duration, "%d", CREDENTIALS_DURATION_S);
    form_begin(form, "AssumeRoleWithWebIdentity", "2011-06-15");
    form_add(form, "RoleArn", aws->base.role_arn);
    form_add(form, "RoleSessionName", aws->session_name);
    form_add(form, "DurationSeconds", duration);
    form_add(form, "WebIdentityToken", "");
}

/* The token needs no encoding; it is put into memory of its own, which is wiped, not into a buffer that grows. */
static void assume_role(struct identity *identity)
{
    struct aws *aws = identity->aws;
    const struct secret *token = &identity->token->session_token;
    struct buf form;
    buf_init(&form, FORM_MAX);
    write_form(aws, &form);
    size_t size = form.size + token->size;
    char *body = malloc(size + 1);
    if (!body)
        out_of_memory();
    memcpy(body, form.bytes, form.size);
    memcpy(body + form.size, secret_reveal(token), token->size);
    body[size] = 0;
    buf_free(&form);
    identity->sent_at_ms = net_clock_ms();
    net_send(aws->net, &(struct net_request){
                           .method = "POST",
                           .url = aws->sts.url,
                           .body = body,
                           .body_size = size,
                           .group = "oidc",
                           .retry_lost_answer = true,
                           .max_body_size = 64 * 1024,
                           .classify = outcome_verdict,
                           .done = on_answer,
                           .context = identity,
                       });
    explicit_bzero(body, size);
    free(body);
}

static void on_token(void *context, const struct net_response *response)
{
    struct identity *identity = context;
    char reason[128];
    if (response->status == 0) {
        fail(identity, response, response->err.message);
    } else if (response->status < 200 || response->status > 299) {
        snprintf(reason, sizeof reason, "HTTP status %ld; the job needs 'permissions: id-token: write'",
                 response->status);
        fail(identity, response, reason);
    } else if (!find_token(response->body, &identity->token->session_token)) {
        fail(identity, response, "its answer holds none; look at ACTIONS_ID_TOKEN_REQUEST_URL");
    } else {
        aws_secret_came(identity->aws, &identity->token->session_token);
        assume_role(identity);
    }
}

static void ask_for_token(struct identity *identity)
{
    static const struct net_header headers[] = {{"Accept", "application/json"}};
    struct aws *aws = identity->aws;
    credentials_unref(identity->token);
    identity->token = credentials_new("");
    net_send(aws->net, &(struct net_request){
                           .method = "GET",
                           .url = aws->id_token.url,
                           .headers = headers,
                           .header_count = 1,
                           .group = "oidc",
                           .bearer = &aws->id_token.bearer,
                           .retry_lost_answer = true,
                           .max_body_size = 64 * 1024,
                           .done = on_token,
                           .context = identity,
                       });
}

void web_identity_begin(struct aws *aws)
{
    struct identity *identity = calloc(1, sizeof *identity);
    if (!identity)
        out_of_memory();
    identity->aws = aws;
    ask_for_token(identity);
}
