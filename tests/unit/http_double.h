/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server on a loopback port that answers as a script says, one request after the other, and remembers what
 * was asked. It closes the connection after each answer.
 */
#ifndef IAMLEASE_UNIT_HTTP_DOUBLE_H
#define IAMLEASE_UNIT_HTTP_DOUBLE_H

#include <stddef.h>

enum http_fault {
    HTTP_ANSWER,
    HTTP_DROP,    /* reset the connection instead of answering */
    HTTP_CUT,     /* close it in the middle of the body */
    HTTP_HOLD,    /* say nothing until the client has enough */
    HTTP_TRICKLE, /* a byte of a body without end every few milliseconds, until the client has enough */
};

struct http_line {
    const char *match; /* what must stand in the request; NULL: anything */
    int status;
    const char *headers; /* further ones, each ending in \r\n; may be NULL */
    const char *body;
    enum http_fault fault;
    unsigned times; /* how often this line answers; 0: once */
};

struct http_double;

/* The first line of the script that matches and is not used up answers; where none does, the answer is 418. */
struct http_double *http_double_start(const struct http_line *script, size_t count);

/* "http://127.0.0.1:PORT" */
const char *http_double_url(const struct http_double *server);

/* Ends the server; only then may one look at the requests. */
void http_double_stop(struct http_double *server);
size_t http_double_count(const struct http_double *server);

/* A request with its headers, or "" beyond the last. */
const char *http_double_request(const struct http_double *server, size_t index);

/* How many requests hold a text. */
size_t http_double_count_of(const struct http_double *server, const char *text);

void http_double_free(struct http_double *server);

#endif
