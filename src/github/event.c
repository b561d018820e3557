/* SPDX-License-Identifier: Apache-2.0 */
#include "github/event.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "github/payload.h"
#include "github/shape.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 32 * 1024 * 1024 };

static const char no_id[] = "0000000000000000000000000000000000000000";

enum event_kind event_kind_of(const char *name)
{
    static const char *const names[] = {
        [EVENT_PULL_REQUEST] = "pull_request", [EVENT_PULL_REQUEST_TARGET] = "pull_request_target",
        [EVENT_MERGE_GROUP] = "merge_group",   [EVENT_PUSH] = "push",
        [EVENT_SCHEDULE] = "schedule",         [EVENT_DISPATCH] = "workflow_dispatch",
        [EVENT_WORKFLOW_RUN] = "workflow_run",
    };
    for (size_t i = EVENT_OTHER + 1; i < sizeof names / sizeof *names; i++)
        if (str_eq(names[i], name))
            return (enum event_kind)i;
    return EVENT_OTHER;
}

bool event_is_pull_request(const struct event *event)
{
    return event->kind == EVENT_PULL_REQUEST || event->kind == EVENT_PULL_REQUEST_TARGET;
}

static const struct field common[] = {
    FIELD("repository.full_name", SHAPE_REPOSITORY, false, repository),
    FIELD("repository.default_branch", SHAPE_BRANCH, false, default_branch),
};

static const struct field pull_request[] = {
    FIELD("number", SHAPE_NUMBER, true, number),
    FIELD("base.sha", SHAPE_ID, true, base_id),
    FIELD("base.ref", SHAPE_BRANCH, true, base_branch),
    FIELD("head.sha", SHAPE_ID, true, head_id),
    FIELD("head.ref", SHAPE_BRANCH, true, head_branch),
    FIELD("head.repo.full_name", SHAPE_REPOSITORY, false, head_repository),
    FIELD("user.login", SHAPE_LOGIN, false, author),
};

static const struct field merge_group[] = {
    FIELD("merge_group.base_sha", SHAPE_ID, true, base_id),
    FIELD("merge_group.base_ref", SHAPE_BRANCH, true, base_branch),
    FIELD("merge_group.head_sha", SHAPE_ID, true, head_id),
    FIELD("merge_group.head_ref", SHAPE_BRANCH, true, head_branch),
};

static const struct field push[] = {
    FIELD("ref", SHAPE_REF, true, ref),
    FIELD("before", SHAPE_ID, true, base_id),
    FIELD("after", SHAPE_ID, true, head_id),
};

static const struct field dispatch[] = {FIELD("ref", SHAPE_REF, true, ref)};

static const struct field workflow_run[] = {
    FIELD("workflow_run.head_sha", SHAPE_ID, true, head_id),
    FIELD("workflow_run.head_branch", SHAPE_BRANCH, false, head_branch),
    FIELD("workflow_run.head_repository.full_name", SHAPE_REPOSITORY, false, head_repository),
};

#define TAKE(fields) payload_take(payload, fields, sizeof(fields) / sizeof *(fields), ret, err)

/* The object at "pull_request" of a payload, or an answer of the API. */
static int take_pull_request(struct arena *arena, const struct json *payload, struct event *ret,
                             struct err *err)
{
    if (!ret->repository)
        return err_set(err, ERR_INPUT, "the event '%.64s' lacks repository.full_name", ret->name);
    if (TAKE(pull_request) < 0)
        return err_wrap(err, "pull_request");
    const struct json *labels = json_get(payload, "labels");
    for (size_t i = 0; labels && labels->kind == JSON_ARRAY && i < labels->count; i++) {
        const char *name = json_get_string(&labels->items[i], "name");
        if (name)
            strings_add(arena, &ret->labels, name);
    }
    ret->is_fork = !ret->head_repository || str_casecmp(ret->head_repository, ret->repository) != 0;
    return 0;
}

int event_of_pull_request(struct arena *arena, const struct json *pull, const char *repository,
                          struct event *ret, struct err *err)
{
    *ret = (struct event){.kind = EVENT_PULL_REQUEST_TARGET,
                          .name = "pull_request_target",
                          .repository = repository};
    return take_pull_request(arena, pull, ret, err);
}

/* "gh-readonly-queue/main/pr-104-<id>" → 104, the last one of the group. */
static int64_t number_in_queue_ref(const char *branch)
{
    const char *name = strrchr(branch, '/');
    int64_t number = 0;
    if (!str_prefix(branch, "gh-readonly-queue/") || !name || !str_prefix(name, "/pr-"))
        return 0;
    for (name += strlen("/pr-"); *name >= '0' && *name <= '9' && number <= INT32_MAX; name++)
        number = number * 10 + (*name - '0');
    return *name == '-' && shape_is_id(name + 1) && number <= INT32_MAX ? number : 0;
}

static int take_merge_group(const struct json *payload, struct event *ret, struct err *err)
{
    if (TAKE(merge_group) < 0)
        return -1;
    ret->number = number_in_queue_ref(ret->head_branch);
    return 0;
}

static int take_push(const struct json *payload, struct event *ret, struct err *err)
{
    if (TAKE(push) < 0)
        return -1;
    if (str_eq(ret->base_id, no_id)) /* a new branch */
        ret->base_id = NULL;
    return 0;
}

/* The list is empty for a pull request from a fork. */
static int take_workflow_run(const struct json *payload, struct event *ret, struct err *err)
{
    if (TAKE(workflow_run) < 0)
        return -1;
    const struct json *list = payload_find(payload, "workflow_run.pull_requests");
    const struct json *number =
        list && list->kind == JSON_ARRAY && list->count == 1 ? json_get(&list->items[0], "number") : NULL;
    if (number)
        (void)payload_number(number, &ret->number);
    ret->is_fork =
        !ret->repository || !ret->head_repository || str_casecmp(ret->head_repository, ret->repository) != 0;
    return 0;
}

int event_parse(struct arena *arena, const char *name, const char *text, size_t size, struct event *ret,
                struct err *err)
{
    struct json *payload;
    *ret = (struct event){.kind = event_kind_of(name), .name = name};
    if (json_parse(arena, text, size, &payload, err) < 0)
        return err_wrap(err, "the event file that GITHUB_EVENT_PATH names");
    if (payload->kind != JSON_OBJECT)
        return err_set(err, ERR_INPUT, "the event file that GITHUB_EVENT_PATH names holds no JSON object");
    if (TAKE(common) < 0)
        return -1;
    switch (ret->kind) {
    case EVENT_PULL_REQUEST:
    case EVENT_PULL_REQUEST_TARGET:
        return take_pull_request(arena, json_get(payload, "pull_request"), ret, err);
    case EVENT_MERGE_GROUP: return take_merge_group(payload, ret, err);
    case EVENT_PUSH: return take_push(payload, ret, err);
    case EVENT_DISPATCH: ret->inputs = payload_find(payload, "inputs"); return TAKE(dispatch);
    case EVENT_WORKFLOW_RUN: return take_workflow_run(payload, ret, err);
    default: return 0;
    }
}

int event_read(struct arena *arena, const char *name, const char *path, struct event *ret, struct err *err)
{
    char piece[16 * 1024];
    struct buf text;
    FILE *file = fopen(path, "re");
    if (!file)
        return err_set(err, ERR_IO, "cannot read the event file '%s' that GITHUB_EVENT_PATH names: %s", path,
                       strerror(errno));
    buf_init(&text, FILE_MAX);
    for (size_t size; !text.failed && (size = fread(piece, 1, sizeof piece, file)) > 0;)
        buf_add(&text, piece, size);
    int rc = 0;
    if (ferror(file))
        rc = err_set(err, ERR_IO, "cannot read the event file '%s' that GITHUB_EVENT_PATH names: %s", path,
                     strerror(errno));
    else if (text.failed)
        rc = err_set(err, ERR_INPUT, "the event file '%s' is larger than %d MiB", path, FILE_MAX >> 20);
    else
        rc = event_parse(arena, name, text.bytes, text.size, ret, err);
    fclose(file);
    buf_free(&text);
    return rc;
}
