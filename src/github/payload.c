/* SPDX-License-Identifier: Apache-2.0 */
#include "github/payload.h"

#include "base/str.h"
#include "github/shape.h"

#include <stdio.h>
#include <string.h>

static const char branch_prefix[] = "refs/heads/";

static const char *branch_of(const char *ref)
{
    return str_prefix(ref, branch_prefix) ? ref + strlen(branch_prefix) : ref;
}

const struct json *payload_find(const struct json *json, const char *path)
{
    char key[64];
    for (const char *end; json; path = end + 1) {
        end = path + strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)(end - path), path);
        json = json_get(json, key);
        if (!*end)
            break;
    }
    return json && json->kind != JSON_NULL ? json : NULL;
}

bool payload_number(const struct json *value, int64_t *ret)
{
    bool is_number = value->kind == JSON_NUMBER && value->number >= 1 && value->number <= INT32_MAX &&
                     value->number == (double)(int64_t)value->number;
    if (is_number)
        *ret = (int64_t)value->number;
    return is_number;
}

static bool has_shape(const char *text, enum shape shape)
{
    switch (shape) {
    case SHAPE_ID: return shape_is_id(text);
    case SHAPE_REPOSITORY: return shape_is_repository(text);
    case SHAPE_LOGIN: return shape_is_login(text);
    case SHAPE_BRANCH: return shape_is_ref(branch_of(text));
    default: return shape_is_ref(text);
    }
}

static int take_field(const struct json *payload, const struct field *field, struct event *ret,
                      struct err *err)
{
    const struct json *value = payload_find(payload, field->path);
    char *member = (char *)ret + field->offset;
    if (!value)
        return field->required ? err_set(err, ERR_INPUT, "the event '%.64s' lacks %s", ret->name, field->path)
                               : 0;
    bool ok = field->shape == SHAPE_NUMBER
                  ? payload_number(value, (int64_t *)(void *)member)
                  : value->kind == JSON_STRING && has_shape(value->string, field->shape);
    if (!ok && field->shape == SHAPE_ID && value->kind == JSON_STRING && strlen(value->string) == 64)
        return err_set(err, ERR_INPUT,
                       "%s is the id of a SHA-256 repository; iamlease reads SHA-1 repositories only",
                       field->path);
    if (!ok)
        return err_set(err, ERR_INPUT, "%s in the event '%.64s' is not what GitHub writes there", field->path,
                       ret->name);
    if (field->shape == SHAPE_BRANCH)
        *(const char **)(void *)member = branch_of(value->string);
    else if (field->shape != SHAPE_NUMBER)
        *(const char **)(void *)member = value->string;
    return 0;
}

int payload_take(const struct json *payload, const struct field *fields, size_t count, struct event *ret,
                 struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (take_field(payload, &fields[i], ret, err) < 0)
            return -1;
    return 0;
}
