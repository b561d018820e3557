/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GitHub's REST API, version 2022-11-28, for one repository (facts/github.md §3). Answers are hostile until
 * they are read. The token goes to the API's own origin only and stands in no message.
 *
 * What is transient is tried again: GET, PATCH and DELETE after 5xx and lost answers, POST only when it was
 * certainly not carried out. Where GitHub asks to wait, that is done up to 90 seconds; what takes longer is
 * an error.
 */
#ifndef IAMLEASE_GITHUB_CLIENT_H
#define IAMLEASE_GITHUB_CLIENT_H

#include "base/buf.h"
#include "base/json.h"
#include "net/net.h"

struct github;

struct github_options {
    struct net *net;            /* must live as long as the client */
    const char *api_url;        /* GITHUB_API_URL; NULL: https://api.github.com */
    const char *repository;     /* GITHUB_REPOSITORY: "owner/name" */
    const struct secret *token; /* must live as long as the client */
};

/* ERR_USAGE: a value that cannot be used; the message names its variable. */
int github_open(struct arena *arena, const struct github_options *options, struct github **ret,
                struct err *err);

const char *github_repository(const struct github *github);

struct github_request {
    const char *method;     /* "GET", "POST", "PATCH", "DELETE" */
    const char *path;       /* what follows the API's URL, such as github_path() gives */
    const char *body;       /* JSON, or NULL */
    const char *what;       /* for messages, after "cannot": "read the comments of pull request 7" */
    const char *permission; /* what the token needs for it: "pull-requests: write" */
    bool raw;               /* ask for the bytes of a blob instead of JSON */
};

/* The text lives in the arena that the call was given. */
struct github_answer {
    long status;      /* 0: none came */
    const char *text; /* of a raw answer; it may hold anything */
    size_t size;
    const struct json *json; /* NULL: a raw answer, or one without content (204) */
    const char *next;        /* URL of the next page, or NULL */
};

/* "/repos/<owner>/<name>" and what follows, the parts of which are the caller's affair: github_escape(). */
const char *github_path(struct arena *arena, const struct github *github, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The text as one segment of a path: all but letters, digits and "-._~" percent-encoded. */
const char *github_escape(struct arena *arena, const char *text);

/*
 * Sends one request and waits for its answer. Trouble, and every status but 2xx, is an error: one sentence
 * that says what to do (ERR_NET, ERR_INPUT, ERR_REFUSED, ERR_STOPPED); ret->status tells them apart.
 */
int github_send(struct arena *arena, struct github *github, const struct github_request *request,
                struct github_answer *ret, struct err *err);

/* Many at once, a few side by side; `ret` has room for each. The first error of the list is the error. */
int github_send_all(struct arena *arena, struct github *github, const struct github_request *requests,
                    size_t count, struct github_answer *ret, struct err *err);

/* One page of a list, an array. It may return -1 with *err set; then no further page is asked for. */
typedef int github_page(void *context, const struct json *page, struct err *err);

/*
 * Sends a GET and follows rel="next", to the API's own origin only, over at most 200 pages. Each page lives
 * only during its call.
 */
int github_pages(struct github *github, const struct github_request *request, github_page *take,
                 void *context, struct err *err);

#endif
