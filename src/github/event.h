/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What started the workflow: the webhook payload that GitHub's runner puts into a file (facts/github.md §3.3).
 * It is hostile: branch names, logins and labels are chosen by whoever opened the pull request. What is taken
 * from it is checked by shape, so that it can stand in a URL or name a ref; titles and texts are not read.
 */
#ifndef IAMLEASE_GITHUB_EVENT_H
#define IAMLEASE_GITHUB_EVENT_H

#include "base/err.h"
#include "base/json.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

enum event_kind {
    EVENT_OTHER, /* nothing but repository and default branch is read */
    EVENT_PULL_REQUEST,
    EVENT_PULL_REQUEST_TARGET,
    EVENT_MERGE_GROUP,
    EVENT_PUSH,
    EVENT_SCHEDULE,
    EVENT_DISPATCH, /* workflow_dispatch */
    EVENT_WORKFLOW_RUN,
};

/* Ids are 40 hexadecimal digits; branches are names without "refs/heads/". What the event does not have is NULL. */
struct event {
    enum event_kind kind;
    const char *name;           /* as GitHub spells it: "pull_request" */
    const char *repository;     /* "owner/name" */
    const char *default_branch; /* of the repository */
    int64_t number; /* of the pull request; merge group: of its last one; 0: there is none, or several */
    const char *base_branch, *head_branch;
    const char
        *base_id; /* pull request: out of date by nature; merge group: exact; push: what the ref was before */
    const char *head_id;
    const char *head_repository; /* NULL also when the fork was deleted */
    const char *author;          /* login of the pull request's author, NULL when the account is gone */
    const char *ref;             /* push and dispatch: the full name of the ref */
    struct strings labels;       /* of the pull request */
    const struct json *inputs; /* of a dispatch: as whoever started it wrote them, nobody has looked at them */
    bool is_fork;              /* the head is in another repository than the base */
};

/* The kind that GITHUB_EVENT_NAME means. */
enum event_kind event_kind_of(const char *name);

/* The event belongs to a pull request, and a comment can stand there. */
bool event_is_pull_request(const struct event *event);

/*
 * Reads a payload of `size` bytes. ERR_INPUT: not JSON, or something that the event must have is missing or
 * has not the shape it must have; the message names it.
 */
int event_parse(struct arena *arena, const char *name, const char *text, size_t size, struct event *ret,
                struct err *err);

/* A pull request as the REST API describes it, as the event pull_request_target of `repository` would have it. */
int event_of_pull_request(struct arena *arena, const struct json *pull, const char *repository,
                          struct event *ret, struct err *err);

/* event_parse() of the file at `path`. ERR_IO: it cannot be read. ERR_INPUT: it is larger than 32 MiB, more
 * than GitHub sends. */
int event_read(struct arena *arena, const char *name, const char *path, struct event *ret, struct err *err);

#endif
