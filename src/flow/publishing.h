/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan on the pull request. Whether that works never changes what the plan says or how the run ends:
 * where it does not, a notice says why, and the plan stands in the job summary (DESIGN §7).
 */
#ifndef IAMLEASE_FLOW_PUBLISHING_H
#define IAMLEASE_FLOW_PUBLISHING_H

#include "github/client.h"
#include "github/event.h"

struct publication {
    struct github *github;     /* NULL: there is no token */
    const struct event *event; /* of a pull request */
    const char *key;           /* tells comments apart */
    const char *markdown;      /* at most COMMENT_BODY_MAX bytes */
    const char *hash;          /* of what it says, without times that pass: up to 64 hexadecimal digits */
};

struct published {
    const char *url;    /* of the comment, or NULL */
    const char *notice; /* what did not work, one sentence, or NULL */
};

/* Keeps the comment of the pull request. */
struct published publish_comment(struct arena *arena, const struct publication *publication);

#endif
