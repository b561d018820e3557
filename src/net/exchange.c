/* SPDX-License-Identifier: Apache-2.0 */
#include "net/exchange.h"

#include "base/str.h"
#include "net/trouble.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const size_t body_max_default = 64 * 1024 * 1024;

static char *copy_bytes(const char *bytes, size_t size)
{
    char *copy = malloc(size + 1);
    if (!copy)
        out_of_memory();
    if (size)
        memcpy(copy, bytes, size);
    copy[size] = 0;
    return copy;
}

static char *copy_text(const char *text)
{
    return text ? copy_bytes(text, strlen(text)) : NULL;
}

/* "Name: value" as a list of one; the bytes are wiped, since a value can be a token. */
static struct curl_slist *header_new(const char *name, const char *value)
{
    assert(value[0]); /* libcurl before 8.3 signs an empty header and does not send it */
    size_t size = strlen(name) + strlen(value) + 3;
    char *line = malloc(size);
    if (!line)
        out_of_memory();
    snprintf(line, size, "%s: %s", name, value);
    struct curl_slist *header = curl_slist_append(NULL, line);
    explicit_bzero(line, size);
    free(line);
    if (!header)
        out_of_memory();
    return header;
}

struct exchange *exchange_new(const struct net_request *request)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange)
        out_of_memory();
    exchange->request = *request;
    exchange->request.method = copy_text(request->method);
    exchange->request.url = copy_text(request->url);
    exchange->request.body = request->body ? copy_bytes(request->body, request->body_size) : NULL;
    exchange->request.sigv4 = copy_text(request->sigv4);
    exchange->request.access_key_id = copy_text(request->access_key_id);
    exchange->request.group = NULL;
    exchange->request.headers = NULL;
    for (size_t i = request->header_count; i > 0; i--) {
        struct curl_slist *header = header_new(request->headers[i - 1].name, request->headers[i - 1].value);
        header->next = exchange->headers;
        exchange->headers = header;
    }
    return exchange;
}

static void free_text(const char *text)
{
    free((void *)(uintptr_t)text);
}

static void wipe_headers(struct curl_slist *headers)
{
    for (struct curl_slist *header = headers; header; header = header->next)
        explicit_bzero(header->data, strlen(header->data));
    curl_slist_free_all(headers);
}

void exchange_end_attempt(struct exchange *exchange)
{
    curl_easy_cleanup(exchange->easy);
    exchange->easy = NULL;
    if (exchange->token)
        exchange->token->next = NULL; /* the other headers stay for the next attempt */
    wipe_headers(exchange->token);
    exchange->token = NULL;
    if (exchange->body.bytes)
        explicit_bzero(exchange->body.bytes, exchange->body.capacity);
    buf_free(&exchange->body);
    free(exchange->attempt);
    exchange->attempt = NULL;
}

void exchange_free(struct exchange *exchange)
{
    exchange_end_attempt(exchange);
    wipe_headers(exchange->headers);
    free_text(exchange->request.method);
    free_text(exchange->request.url);
    if (exchange->request.body) /* it may hold a token */
        explicit_bzero((void *)(uintptr_t)exchange->request.body, exchange->request.body_size);
    free_text(exchange->request.body);
    free_text(exchange->request.sigv4);
    free_text(exchange->request.access_key_id);
    free(exchange);
}

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
        exchange->token = header_new("X-Amz-Security-Token", secret_reveal(request->session_token));
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
    exchange->token = header_new("Authorization", value);
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

bool exchange_finish(struct exchange *exchange, CURLM *multi, CURLcode code, struct net_response *ret)
{
    static const struct net_response none;
    *ret = none;
    ret->attempts = exchange->attempts;
    ret->body = "";
    bool sent = false;
    if (code == CURLE_OK) {
        curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &ret->status);
        ret->body = exchange->body.bytes;
        ret->body_size = exchange->body.size;
        ret->request_id =
            exchange->attempt->answer.request_id[0] ? exchange->attempt->answer.request_id : NULL;
        ret->link = exchange->attempt->answer.link[0] ? exchange->attempt->answer.link : NULL;
        ret->limits = exchange->attempt->answer.limits;
    } else {
        long request_size = 0;
        curl_easy_getinfo(exchange->easy, CURLINFO_REQUEST_SIZE, &request_size);
        sent = request_size > 0;
        exchange->maybe_sent |= sent;
        ret->maybe_sent = exchange->maybe_sent;
        ret->trouble = trouble_of(exchange, code);
        trouble_describe(exchange, ret->trouble, code, &ret->err);
    }
    curl_multi_remove_handle(multi, exchange->easy);
    return sent;
}
