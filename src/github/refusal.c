/* SPDX-License-Identifier: Apache-2.0 */
#include "github/refusal.h"

#include "base/str.h"

#include <string.h>

enum { MESSAGE_MAX = 200, WAIT_UNKNOWN_S = 60 };

/* GitHub's own words, {"message": …}, without what could break a line; "" when there are none. */
static const char *message_of(struct arena *arena, const struct net_response *response)
{
    struct err ignored;
    struct json *json = NULL;
    if (json_parse(arena, response->body, response->body_size, &json, &ignored) < 0)
        return "";
    const char *message = json_get_string(json, "message");
    if (!message)
        return "";
    char *copy = arena_strndup(arena, message, MESSAGE_MAX);
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
            *c = '?';
    return copy;
}

bool refusal_is_limit(const struct net_response *response)
{
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    if (response->status == 429)
        return true;
    if (response->status != 403)
        return false;
    return response->limits.retry_after_s >= 0 || response->limits.remaining == 0 ||
           strcasestr(message_of(scratch, response), "rate limit");
}

int64_t refusal_wait_s(const struct net_limits *limits, int64_t now_s)
{
    int64_t wait_s = WAIT_UNKNOWN_S;
    if (limits->retry_after_s >= 0)
        wait_s = limits->retry_after_s;
    else if (limits->remaining == 0 && limits->reset_s >= 0)
        wait_s = limits->reset_s - now_s;
    return wait_s > 1 ? wait_s : 1;
}

static int describe_forbidden(const struct github_request *request, const char *message, struct err *err)
{
    /* "… by integration", "… by personal access token" */
    if (str_prefix(message, "Resource not accessible"))
        return err_set(err, ERR_REFUSED,
                       "cannot %s: the token may not do that; give the job 'permissions: %s' (a token of a pull "
                       "request from a fork or from Dependabot never gets more than read)",
                       request->what, request->permission);
    if (str_prefix(message, "GitHub Actions is not permitted to create or approve pull requests"))
        return err_set(
            err, ERR_REFUSED,
            "cannot %s: the repository does not let its jobs open pull requests; allow it in Settings "
            "→ Actions → General (\"Allow GitHub Actions to create and approve pull requests\"), or "
            "give the token of a GitHub App as github-token",
            request->what);
    return err_set(err, ERR_REFUSED, "cannot %s: GitHub forbids it (403: %s); it needs 'permissions: %s'",
                   request->what, *message ? message : "no reason given", request->permission);
}

int refusal_describe(const struct github_request *request, const struct net_response *response, int64_t now_s,
                     struct err *err)
{
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    const char *what = request->what, *message = message_of(scratch, response);
    if (refusal_is_limit(response))
        return err_set(err, ERR_NET,
                       "cannot %s: GitHub's limit of requests is used up for another %lld seconds; run the job "
                       "again then",
                       what, (long long)refusal_wait_s(&response->limits, now_s));
    switch (response->status) {
    case 401:
        return err_set(
            err, ERR_REFUSED,
            "cannot %s: GitHub does not take the token (401); leave the input github-token out, or give "
            "a token that has not expired",
            what);
    case 403: return describe_forbidden(request, message, err);
    case 404:
        return err_set(err, ERR_REFUSED,
                       "cannot %s: GitHub does not find it (404), or the token may not see it; the job needs "
                       "'permissions: %s'",
                       what, request->permission);
    case 410:
        return err_set(err, ERR_REFUSED, "cannot %s: GitHub says that it is gone or turned off (410%s%s)",
                       what, *message ? ": " : "", message);
    case 422:
        return err_set(err, ERR_REFUSED, "cannot %s: GitHub does not take it (422%s%s)", what,
                       *message ? ": " : "", message);
    default: break;
    }
    if (response->status >= 500)
        return err_set(err, ERR_NET, "cannot %s: GitHub is in trouble (%ld); run the job again later", what,
                       response->status);
    return err_set(err, ERR_NET, "cannot %s: GitHub answered with %ld%s%s", what, response->status,
                   *message ? ": " : "", message);
}
