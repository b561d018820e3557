/* SPDX-License-Identifier: Apache-2.0 */
#include "net/exchange.h"

#include "base/str.h"
#include "net/trouble.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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

struct curl_slist *exchange_header(const char *name, const char *value)
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
        struct curl_slist *header =
            exchange_header(request->headers[i - 1].name, request->headers[i - 1].value);
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
