/* SPDX-License-Identifier: Apache-2.0 */
/* Values in the payload of an event, by table: where each stands, and what it must look like. */
#ifndef IAMLEASE_GITHUB_PAYLOAD_H
#define IAMLEASE_GITHUB_PAYLOAD_H

#include "base/json.h"
#include "github/event.h"

/* SHAPE_BRANCH: a ref, of which the member takes the name without refs/heads/. */
enum shape { SHAPE_ID, SHAPE_REPOSITORY, SHAPE_LOGIN, SHAPE_REF, SHAPE_BRANCH, SHAPE_NUMBER };

/* One value of a payload: where it stands, what it must look like, the member that takes it. */
struct field {
    const char *path; /* keys with dots between */
    enum shape shape;
    bool required;
    size_t offset;
};

#define FIELD(path, shape, required, member)                  \
    {                                                         \
        path, shape, required, offsetof(struct event, member) \
    }

/* The value at a path; NULL where there is none, or null. */
const struct json *payload_find(const struct json *json, const char *path);

/* A whole number from 1 to INT32_MAX; false for what is none. */
bool payload_number(const struct json *value, int64_t *ret);

/* Fills the members; ERR_INPUT, with the path, for a value that lacks where it must be, or is not what GitHub writes. */
int payload_take(const struct json *payload, const struct field *fields, size_t count, struct event *ret,
                 struct err *err);

#endif
