/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one comment that iamlease keeps on a pull request. It is found again by a hidden marker on its first
 * line and by its author: anybody can write the marker (facts/github.md §3.1). It is written only when its
 * content has changed.
 */
#ifndef IAMLEASE_GITHUB_COMMENT_H
#define IAMLEASE_GITHUB_COMMENT_H

#include "github/client.h"

/*
 * What GitHub takes is 65,536 characters on older servers; in bytes we stay below that, so that characters
 * need no count of their own. The marker, of at most COMMENT_MARKER_MAX bytes, is part of it.
 */
enum { COMMENT_MAX = 60000, COMMENT_MARKER_MAX = 256, COMMENT_BODY_MAX = COMMENT_MAX - COMMENT_MARKER_MAX };

struct comment_request {
    int64_t number;   /* of the pull request */
    const char *key;  /* tells several comments of one pull request apart; any text */
    const char *hash; /* of the content: 1 to 64 hexadecimal digits; with an equal one nothing is sent */
    const char *body; /* Markdown, at most COMMENT_BODY_MAX bytes (asserted) */
};

enum comment_action { COMMENT_CREATED, COMMENT_UPDATED, COMMENT_UNCHANGED };

struct comment_result {
    enum comment_action action;
    const char *url;     /* for people, https; NULL when GitHub names none */
    size_t removed;      /* younger duplicates of ours, made by two runs at the same time */
    const char *trouble; /* what went wrong after the comment stood, or NULL */
};

/* Creates or updates the comment, or leaves it. On error there may be none, or an older one. */
int comment_publish(struct arena *arena, struct github *github, const struct comment_request *request,
                    struct comment_result *ret, struct err *err);

/* "<!-- iamlease:<key> <hash> -->", the first line of the comment. Of a key that is long or not plain, a form that is. */
const char *comment_marker(struct arena *arena, const char *key, const char *hash);

/* The hash in the marker on the first line of `body`, or NULL when there is no marker with that key. */
const char *comment_hash(struct arena *arena, const char *body, const char *key);

#endif
