/* SPDX-License-Identifier: Apache-2.0 */
#include "github/client.h"

#include "base/str.h"
#include "github/link.h"
#include "github/refusal.h"
#include "github/shape.h"

#include <string.h>

enum { PAGES_MAX = 200, ANSWER_MAX = 64 * 1024 * 1024 };

static const char default_api_url[] = "https://api.github.com";

struct github {
    struct net *net;
    const char *api_url; /* without slash at the end */
    const char *repository;
    const struct secret *token;
};

/* It becomes a header and a workflow command: letters, digits and what else tokens are made of. */
static bool is_token(const struct secret *token)
{
    return token->size > 0 && str_only(secret_reveal(token), "-_.~+/=");
}

int github_open(struct arena *arena, const struct github_options *options, struct github **ret,
                struct err *err)
{
    const char *api_url = options->api_url ? options->api_url : default_api_url;
    size_t size = strlen(api_url);
    while (size && api_url[size - 1] == '/')
        size--;
    if (!net_url_is_allowed(api_url, NULL) || strchr(api_url, '?'))
        return err_set(err, ERR_USAGE, "GITHUB_API_URL '%s' is neither https nor http to a loopback address",
                       api_url);
    if (!options->repository || !shape_is_repository(options->repository))
        return err_set(err, ERR_USAGE, "GITHUB_REPOSITORY '%s' is not owner/name",
                       options->repository ? options->repository : "");
    if (!is_token(options->token))
        return err_set(err, ERR_USAGE, "the token in github-token has characters that no token has");
    struct github *github = ARENA_NEW(arena, struct github);
    *github = (struct github){.net = options->net,
                              .api_url = arena_strndup(arena, api_url, size),
                              .repository = arena_strdup(arena, options->repository),
                              .token = options->token};
    *ret = github;
    return 0;
}

const char *github_repository(const struct github *github)
{
    return github->repository;
}

const char *github_path(struct arena *arena, const struct github *github, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *rest = arena_vprintf(arena, format, args);
    va_end(args);
    return arena_printf(arena, "/repos/%s%s", github->repository, rest);
}

const char *github_escape(struct arena *arena, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *escaped = arena_alloc(arena, 3 * strlen(text) + 1), *to = escaped;
    for (const char *from = text; *from; from++) {
        char letter[2] = {*from, 0};
        if (str_only(letter, "-._~")) {
            *to++ = *from;
            continue;
        }
        *to++ = '%';
        *to++ = digits[(unsigned char)*from >> 4];
        *to++ = digits[(unsigned char)*from & 15];
    }
    return escaped;
}

/* One request on its way. */
struct sending {
    struct arena *arena;
    const struct github *github;
    const struct github_request *request;
    struct github_answer *answer;
    struct err err; /* code ERR_NONE while there is none */
};

static enum net_verdict judge(void *context, const struct net_response *response, int64_t *wait_ms)
{
    const struct sending *sending = context;
    if (response->attempts >= REFUSAL_ATTEMPTS_MAX)
        return NET_FINAL;
    if (refusal_is_limit(response)) {
        if (response->attempts > REFUSAL_WAITS_MAX)
            return NET_FINAL;
        int64_t wait_s = refusal_wait_s(&response->limits, net_wall_time_s());
        *wait_ms = wait_s * 1000;
        return wait_s <= REFUSAL_WAIT_MAX_S ? NET_THROTTLED : NET_FINAL;
    }
    /* A 5xx leaves open whether a POST was carried out. */
    bool repeatable = !str_eq(sending->request->method, "POST");
    return response->status >= 500 && repeatable ? NET_RETRY : NET_FINAL;
}

static int read_answer(struct sending *sending, const struct net_response *response, struct err *err)
{
    struct github_answer *answer = sending->answer;
    const struct github_request *request = sending->request;
    struct json *json = NULL;
    answer->status = response->status;
    if (response->status == 0) {
        *err = response->err;
        return err->code == ERR_STOPPED ? -1 : err_wrap(err, "cannot %s", request->what);
    }
    if (response->status < 200 || response->status > 299)
        return refusal_describe(request, response, net_wall_time_s(), err);
    if (response->link)
        answer->next = link_next(sending->arena, response->link);
    if (request->raw) {
        char *bytes = arena_alloc(sending->arena, response->body_size + 1);
        memcpy(bytes, response->body, response->body_size);
        answer->text = bytes;
        answer->size = response->body_size;
    }
    if (request->raw || response->body_size == 0)
        return 0;
    if (json_parse(sending->arena, response->body, response->body_size, &json, err) < 0)
        return err_wrap(err, "cannot %s: the answer of GitHub", request->what);
    answer->json = json;
    return 0;
}

static void take_answer(void *context, const struct net_response *response)
{
    struct sending *sending = context;
    (void)read_answer(sending, response, &sending->err);
}

/* `url` has the API's own origin. */
static void start(struct sending *sending, const char *url)
{
    const struct github_request *request = sending->request;
    const struct net_header headers[] = {
        {"Accept", request->raw ? "application/vnd.github.raw+json" : "application/vnd.github+json"},
        {"X-GitHub-Api-Version", "2022-11-28"},
        {"Content-Type", "application/json"},
    };
    const struct net_request message = {
        .method = request->method,
        .url = url,
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers - (request->body ? 0 : 1),
        .body = request->body,
        .body_size = request->body ? strlen(request->body) : 0,
        .group = sending->github->api_url,
        .bearer = sending->github->token,
        .retry_lost_answer = !str_eq(request->method, "POST"),
        .max_body_size = ANSWER_MAX,
        .classify = judge,
        .done = take_answer,
        .context = sending,
    };
    *sending->answer = (struct github_answer){0};
    net_send(sending->github->net, &message);
}

int github_send_all(struct arena *arena, struct github *github, const struct github_request *requests,
                    size_t count, struct github_answer *ret, struct err *err)
{
    struct sending *sendings = arena_array(arena, count, sizeof *sendings);
    for (size_t i = 0; i < count; i++) {
        sendings[i] = (struct sending){arena, github, &requests[i], &ret[i], {0}};
        start(&sendings[i], arena_printf(arena, "%s%s", github->api_url, requests[i].path));
    }
    int rc = net_run(github->net, err);
    for (size_t i = 0; i < count && rc == 0; i++)
        if (sendings[i].err.code != ERR_NONE) {
            *err = sendings[i].err;
            rc = -1;
        }
    return rc;
}

int github_send(struct arena *arena, struct github *github, const struct github_request *request,
                struct github_answer *ret, struct err *err)
{
    return github_send_all(arena, github, request, 1, ret, err);
}

static int send_page(struct arena *arena, struct github *github, const struct github_request *request,
                     const char *url, struct github_answer *ret, struct err *err)
{
    struct sending sending = {arena, github, request, ret, {0}};
    start(&sending, url);
    if (net_run(github->net, err) < 0)
        return -1;
    if (sending.err.code == ERR_NONE)
        return 0;
    *err = sending.err;
    return -1;
}

int github_pages(struct github *github, const struct github_request *request, github_page *take,
                 void *context, struct err *err)
{
    struct arena *urls CLEANUP(arena_freep) = arena_new();
    const char *url = arena_printf(urls, "%s%s", github->api_url, request->path);
    for (unsigned pages = 0; url; pages++) {
        struct arena *scratch CLEANUP(arena_freep) = arena_new();
        struct github_answer answer;
        if (pages == PAGES_MAX)
            return err_set(err, ERR_INPUT, "cannot %s: GitHub's list has more than %d pages", request->what,
                           PAGES_MAX);
        if (!link_has_origin_of(url, github->api_url) || !net_url_is_allowed(url, NULL))
            return err_set(err, ERR_REFUSED, "cannot %s: GitHub names a next page that is not at %s",
                           request->what, github->api_url);
        if (send_page(scratch, github, request, url, &answer, err) < 0)
            return -1;
        if (!answer.json || answer.json->kind != JSON_ARRAY)
            return err_set(err, ERR_INPUT, "cannot %s: the answer of GitHub is no list", request->what);
        if (take(context, answer.json, err) < 0)
            return -1;
        url = answer.next ? arena_strdup(urls, answer.next) : NULL;
    }
    return 0;
}
