/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/outcome.h"

#include "aws/credentials.h"
#include "base/str.h"

#include <stdio.h>

static enum error_class response_class(const struct net_response *response)
{
    struct aws_error error = {0};
    if (response->status < 200 || response->status > 299)
        aws_error_read(response->body, response->body_size, NULL, 0, &error);
    return classify(response->status, &error)->class;
}

enum net_verdict outcome_verdict(void *context, const struct net_response *response, int64_t *wait_ms)
{
    (void)context, (void)wait_ms;
    switch (response_class(response)) {
    case CLASS_THROTTLED: return NET_THROTTLED;
    case CLASS_TRANSIENT: return NET_RETRY;
    default: return NET_FINAL;
    }
}

enum net_verdict outcome_verdict_once(void *context, const struct net_response *response, int64_t *wait_ms)
{
    (void)context, (void)wait_ms;
    /* A 5xx leaves open whether it was done. What was throttled was not. */
    return response_class(response) == CLASS_THROTTLED ? NET_THROTTLED : NET_FINAL;
}

/* "cannot assume role arn:…" or "iam:AttachUserPolicy failed in account 123456789012" */
static void begin_sentence(char *text, size_t size, const char *action, const struct account_session *account)
{
    if (str_prefix(action, "sts:AssumeRole"))
        snprintf(text, size, "cannot assume role %.256s", account->role_arn);
    else
        snprintf(text, size, "%s failed in account %s", action, account->id);
}

/* What the roles need only where policies of cloud-iam-self-serve are or were taken over. */
static bool is_of_adopting(const char *action)
{
    return str_eq(action, "iam:TagPolicy") || str_eq(action, "iam:ListPolicyTags");
}

static void denied_advice(char *text, size_t size, const char *action, const struct account_session *account)
{
    if (str_eq(action, "sts:AssumeRoleWithWebIdentity"))
        snprintf(
            text, size,
            "the role must exist, and its trust policy must allow %s to GitHub's OIDC provider under conditions "
            "that the token meets",
            action);
    else if (str_eq(action, "sts:AssumeRole"))
        snprintf(
            text, size,
            "account %s and the role in it must exist, its trust policy must name the caller (and the external_id, if "
            "it asks for one), and the caller needs %s on it",
            account->id, action);
    else
        snprintf(text, size, "allow %s to role %.256s ('iamlease policy %s%s' prints all that it needs)",
                 action, account->role_arn, account->role_kind, is_of_adopting(action) ? " --adopt" : "");
}

static void explain(const struct outcome *outcome, long status, const char *advice, const char *action,
                    const struct account_session *account, char *ret)
{
    char begin[320], denied[480], times[32] = "", status_text[32];
    begin_sentence(begin, sizeof begin, action, account);
    if (outcome->class == CLASS_DENIED) {
        denied_advice(denied, sizeof denied, action, account);
        advice = denied;
    }
    if (outcome->attempts > 1)
        snprintf(times, sizeof times, " (tried %u times)", outcome->attempts);
    snprintf(status_text, sizeof status_text, "HTTP status %ld", status);
    const struct aws_error *error = &outcome->error;
    snprintf(ret, EXPLANATION_SIZE, "%s: %s%s%s%s%s%s", begin, error->code[0] ? error->code : status_text,
             error->message[0] ? ": " : "", error->message, times, advice ? "; " : "", advice ? advice : "");
}

/* What to do where no answer can be used. */
static const char *advice_for(enum net_trouble trouble)
{
    switch (trouble) {
    case NET_TROUBLE_CONNECTION: return "; check the network, the proxy and AWS_ENDPOINT_URL";
    case NET_TROUBLE_HOST:
        return "; check AWS_REGION (there may be no such region), AWS_ENDPOINT_URL and the DNS";
    case NET_TROUBLE_PROXY: return "; check https_proxy";
    case NET_TROUBLE_CERTIFICATE:
        return "; check AWS_ENDPOINT_URL, and where a proxy opens TLS, name the file with its certificate in "
               "AWS_CA_BUNDLE";
    case NET_TROUBLE_ENDLESS: return "; check the proxy and the network, and run it again";
    case NET_TROUBLE_CUT: return "; check the network and the proxy, and run it again";
    case NET_TROUBLE_HTML:
    case NET_TROUBLE_HUGE:
    case NET_TROUBLE_UNREADABLE: return ", so it is not from AWS; check AWS_ENDPOINT_URL and the proxy";
    case NET_TROUBLE_DEADLINE: return "; run it again, or give it more time with --deadline";
    default: return "";
    }
}

static void explain_no_answer(const struct outcome *outcome, const struct net_response *response,
                              const char *action, const struct account_session *account, char *ret)
{
    char begin[320], times[32] = "";
    begin_sentence(begin, sizeof begin, action, account);
    if (outcome->attempts)
        snprintf(times, sizeof times, " (tried %u %s)", outcome->attempts,
                 outcome->attempts == 1 ? "time" : "times");
    snprintf(ret, EXPLANATION_SIZE, "%s: %.480s%s%s", begin, response->err.message, times,
             advice_for(response->trouble));
}

static void explain_web_page(long status, const char *action, const struct account_session *account, char *ret)
{
    char begin[320];
    begin_sentence(begin, sizeof begin, action, account);
    snprintf(
        ret, EXPLANATION_SIZE,
        "%s: the answer is a web page (HTTP status %ld), so it is not from AWS; check AWS_ENDPOINT_URL and the "
        "proxy",
        begin, status);
}

void outcome_read(const struct net_response *response, const struct credentials *credentials,
                  const char *action, const struct account_session *account, struct outcome *ret)
{
    *ret = (struct outcome){
        .answered = response->status != 0,
        .stopped = response->err.code == ERR_STOPPED,
        .late = response->trouble == NET_TROUBLE_DEADLINE,
        .maybe_sent = response->maybe_sent,
        .body = response->body,
        .body_size = response->body_size,
        .request_id = response->request_id,
        .attempts = response->attempts,
        .class = CLASS_FINAL,
    };
    if (!ret->answered) {
        explain_no_answer(ret, response, action, account, ret->explanation);
        return;
    }
    if (response->status >= 200 && response->status <= 299) {
        ret->ok = true;
        ret->class = CLASS_NONE;
        return;
    }
    const struct secret *secrets[] = {&credentials->secret_access_key, &credentials->session_token};
    aws_error_read(response->body, response->body_size, secrets, 2, &ret->error);
    const struct error_info *info = classify(response->status, &ret->error);
    ret->class = info->class;
    if (!ret->error.code[0] && net_is_html(response->body, response->body_size))
        explain_web_page(response->status, action, account, ret->explanation);
    else
        explain(ret, response->status, info->advice, action, account, ret->explanation);
}

void outcome_unreadable(const char *action, const struct account_session *account, struct outcome *ret)
{
    char begin[320];
    begin_sentence(begin, sizeof begin, action, account);
    ret->ok = false;
    ret->class = CLASS_FINAL;
    snprintf(ret->explanation, EXPLANATION_SIZE, "%s: the answer %s; check AWS_ENDPOINT_URL and the proxy",
             begin,
             ret->body && net_is_html(ret->body, ret->body_size) ? "is a web page, so it is not from AWS"
                                                                 : "cannot be read");
}
