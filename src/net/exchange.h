/* SPDX-License-Identifier: Apache-2.0 */
/* One request and its attempts: an easy handle of libcurl at a time. The queue is net.c's affair. */
#ifndef IAMLEASE_NET_EXCHANGE_H
#define IAMLEASE_NET_EXCHANGE_H

#include "base/buf.h"
#include "net/headers.h"

#include <curl/curl.h>

struct group;

/* What libcurl and the answer write; there only while an attempt lives, because thousands may wait. */
struct attempt {
    struct headers answer;
    char detail[CURL_ERROR_SIZE];
};

struct exchange {
    struct exchange *next; /* in a queue */
    struct group *group;
    int64_t not_before_ms;      /* while it waits */
    struct net_request request; /* texts are copies of our own */
    unsigned attempts;
    bool maybe_sent; /* an attempt was sent and not answered */

    CURL *easy; /* of the attempt in flight */
    struct curl_slist *headers, *token;
    struct attempt *attempt;
    struct buf body;
    enum net_trouble refusal; /* why the answer was not taken to its end */
    size_t received, body_max;
};

/* Copies the request. */
struct exchange *exchange_new(const struct net_request *request);

/* Wipes what the answer said: it may have been credentials. */
void exchange_free(struct exchange *exchange);

/* "Name: value" as a list of one; its bytes are wiped where it was made, since a value can be a token. */
struct curl_slist *exchange_header(const char *name, const char *value);

/* Starts the next attempt on `multi`. On failure nothing was started and the exchange can only end. */
int exchange_start(struct exchange *exchange, CURLM *multi, const struct net_options *options,
                   struct err *err);

/*
 * Ends the attempt with libcurl's result and describes its outcome; *ret points into the exchange. Returns
 * whether the request of this very attempt may have reached the server although no whole answer came.
 */
bool exchange_finish(struct exchange *exchange, CURLM *multi, CURLcode code, struct net_response *ret);

/* Forgets the attempt: handle, token and answer. */
void exchange_end_attempt(struct exchange *exchange);

#endif
