/* SPDX-License-Identifier: Apache-2.0 */
/* One attempt of an exchange: what libcurl is told, and what takes the answer. */
#include "base/str.h"
#include "net/exchange.h"
#include "net/trouble.h"

#include <stdlib.h>
#include <string.h>

static const size_t body_max_default = 64 * 1024 * 1024;

static size_t refuse(struct exchange *exchange, enum net_trouble why)
{
    exchange->refusal = why;
    return CURL_WRITEFUNC_ERROR;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    const struct net_sink *sink = exchange->request.sink;
    long status = 0;
    size *= count;
    bool is_first = exchange->received == 0;
    if (size > exchange->body_max - exchange->received)
        return refuse(exchange, NET_TROUBLE_HUGE);
    exchange->received += size;
    curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    if (sink && status >= 200 && status <= 299) {
        if (is_first && net_is_html(bytes, size))
            return refuse(exchange, NET_TROUBLE_HTML);
        return sink->write(sink->context, bytes, size) ? size : refuse(exchange, NET_TROUBLE_UNREADABLE);
    }
    buf_add(&exchange->body, bytes, size);
    return exchange->body.failed ? refuse(exchange, NET_TROUBLE_HUGE) : size;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    headers_take(&exchange->attempt->answer, bytes, size * count);
    return size * count;
}

static bool set_target(CURL *easy, const struct net_request *request)
{
    bool loopback = false;
    (void)net_url_is_allowed(request->url, &loopback);
    bool ok = curl_easy_setopt(easy, CURLOPT_URL, request->url) == CURLE_OK;
    /* What is asked for is what was written. libcurl 8 signs no such path, and net_url_is_allowed() refuses dots. */
    ok &= curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, request->sigv4 ? 0L : 1L) == CURLE_OK;
    ok &= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR,
                           str_prefix(request->url, "https:") ? "https" : "http") == CURLE_OK;
    ok &= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
    ok &= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK;
    ok &= curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) == CURLE_OK;
    if (loopback)
        ok &= curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") == CURLE_OK;
    /* libcurl repeats a request by itself when a kept connection turns out to be dead; on a fresh one it does not. */
    ok &= curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->retry_lost_answer ? 0L : 1L) == CURLE_OK;
    return ok;
}

static bool set_content(CURL *easy, const struct net_request *request)
{
    bool ok = true;
    if (request->body) {
        /* POSTFIELDS, because the signature of a body that is read by a function is that of an empty one. */
        ok &= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size) == CURLE_OK;
        ok &= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body) == CURLE_OK;
    }
    bool implied = str_eq(request->method, request->body ? "POST" : "GET");
    if (!implied)
        ok &= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK;
    return ok;
}

static bool set_signature(struct exchange *exchange)
{
    const struct net_request *request = &exchange->request;
    if (!request->sigv4)
        return true;
    bool ok = curl_easy_setopt(exchange->easy, CURLOPT_AWS_SIGV4, request->sigv4) == CURLE_OK;
    ok &= curl_easy_setopt(exchange->easy, CURLOPT_USERNAME, request->access_key_id) == CURLE_OK;
    ok &= curl_easy_setopt(exchange->easy, CURLOPT_PASSWORD, secret_reveal(request->secret_access_key)) ==
          CURLE_OK;
    if (request->session_token && secret_is_set(request->session_token)) {
        exchange->token = exchange_header("X-Amz-Security-Token", secret_reveal(request->session_token));
        exchange->token->next = exchange->headers;
    }
    return ok;
}

/* A header of this attempt only, in front of the others: it holds a secret. */
static void set_bearer(struct exchange *exchange)
{
    const struct secret *bearer = exchange->request.bearer;
    if (!bearer || !secret_is_set(bearer))
        return;
    size_t size = sizeof "Bearer " + bearer->size;
    char *value = malloc(size);
    if (!value)
        out_of_memory();
    snprintf(value, size, "Bearer %s", secret_reveal(bearer));
    exchange->token = exchange_header("Authorization", value);
    exchange->token->next = exchange->headers;
    explicit_bzero(value, size);
    free(value);
}

static bool set_answer(struct exchange *exchange)
{
    CURL *easy = exchange->easy;
    bool ok = curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange) == CURLE_OK;
    /* main ignores SIGPIPE; otherwise libcurl would do so anew around each step of each request. */
    ok &= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok &= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->attempt->detail) == CURLE_OK;
    ok &= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK;
    ok &= curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange) == CURLE_OK;
    ok &= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK;
    ok &= curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange) == CURLE_OK;
    return ok;
}

int exchange_start(struct exchange *exchange, CURLM *multi, const struct net_options *options, struct err *err)
{
    const struct net_request *request = &exchange->request;
    exchange->attempts++;
    exchange->attempt = calloc(1, sizeof *exchange->attempt);
    if (!exchange->attempt)
        out_of_memory();
    exchange->attempt->answer = headers_none();
    exchange->refusal = NET_TROUBLE_NONE;
    exchange->received = 0;
    exchange->body_max = request->max_body_size ? request->max_body_size : body_max_default;
    buf_init(&exchange->body, exchange->body_max);
    if (request->sink)
        request->sink->reset(request->sink->context);
    exchange->easy = curl_easy_init();
    if (!exchange->easy)
        out_of_memory();

    set_bearer(exchange);
    bool ok = set_target(exchange->easy, request) && set_content(exchange->easy, request) &&
              set_signature(exchange) && set_answer(exchange);
    struct curl_slist *headers = exchange->token ? exchange->token : exchange->headers;
    ok = ok && curl_easy_setopt(exchange->easy, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
         curl_easy_setopt(exchange->easy, CURLOPT_USERAGENT, options->user_agent) == CURLE_OK &&
         curl_easy_setopt(exchange->easy, CURLOPT_TIMEOUT_MS, (long)options->timeout_ms) == CURLE_OK &&
         curl_easy_setopt(exchange->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms) ==
             CURLE_OK;
    if (ok && options->ca_file)
        ok = curl_easy_setopt(exchange->easy, CURLOPT_CAINFO, options->ca_file) == CURLE_OK &&
             curl_easy_setopt(exchange->easy, CURLOPT_CAPATH, NULL) == CURLE_OK;
    ok = ok && curl_multi_add_handle(multi, exchange->easy) == CURLM_OK;
    return ok ? 0
              : err_set(err, ERR_NET, "cannot prepare the request to %s: this libcurl lacks an option",
                        request->url);
}
