/* SPDX-License-Identifier: Apache-2.0 */
/* Reading JSON. */
#include "base/json.h"

#include "base/map.h"
#include "base/str.h"

#include <string.h>

#include <cjson/cJSON.h>

enum { DEPTH_MAX = 64 };

static int convert_children(struct arena *arena, const cJSON *from, struct json *to, unsigned depth,
                            struct err *err);

static int convert(struct arena *arena, const cJSON *from, struct json *to, unsigned depth, struct err *err)
{
    if (cJSON_IsString(from)) {
        to->kind = JSON_STRING;
        to->string = arena_strdup(arena, from->valuestring);
    } else if (cJSON_IsNumber(from)) {
        to->kind = JSON_NUMBER;
        to->number = from->valuedouble;
    } else if (cJSON_IsBool(from)) {
        to->kind = JSON_BOOL;
        to->boolean = cJSON_IsTrue(from);
    } else if (cJSON_IsArray(from) || cJSON_IsObject(from)) {
        to->kind = cJSON_IsArray(from) ? JSON_ARRAY : JSON_OBJECT;
        return convert_children(arena, from, to, depth + 1, err);
    }
    return 0;
}

static int convert_children(struct arena *arena, const cJSON *from, struct json *to, unsigned depth,
                            struct err *err)
{
    if (depth > DEPTH_MAX)
        return err_set(err, ERR_INPUT, "JSON nested deeper than %d", DEPTH_MAX);
    struct map seen = map_new(arena);
    size_t i = 0;
    to->count = (size_t)cJSON_GetArraySize(from);
    to->items = arena_array(arena, to->count, sizeof *to->items);
    if (to->kind == JSON_OBJECT)
        to->keys = arena_array(arena, to->count, sizeof *to->keys);
    for (const cJSON *child = from->child; child; child = child->next, i++) {
        if (to->kind == JSON_OBJECT) {
            to->keys[i] = arena_strdup(arena, child->string);
            if (map_put(&seen, to->keys[i], &to->items[i]) != &to->items[i])
                return err_set(err, ERR_INPUT, "JSON key \"%.100s\" stands twice in one object", to->keys[i]);
        }
        if (convert(arena, child, &to->items[i], depth, err) < 0)
            return -1;
    }
    return 0;
}

/* What cJSON would take: bytes that are not UTF-8, and NUL as a byte or as an escape, behind which it would
 * cut a text off. */
static int check_text(const char *text, size_t size, struct err *err)
{
    for (size_t i = 0, length; i < size; i += length) {
        uint32_t c = 0;
        length = str_decode_utf8(text + i, size - i, &c);
        if (length == 0)
            return err_set(err, ERR_INPUT, "JSON is not UTF-8 at byte %zu", i);
        if (c == 0 || (c == '\\' && size - i >= 6 && memcmp(text + i, "\\u0000", 6) == 0))
            return err_set(err, ERR_INPUT, "JSON contains a NUL at byte %zu", i);
        if (c == '\\' && i + 1 < size && text[i + 1] == '\\')
            length = 2; /* an escaped backslash starts no other escape */
    }
    return 0;
}

int json_parse(struct arena *arena, const char *text, size_t size, struct json **ret, struct err *err)
{
    if (check_text(text, size, err) < 0)
        return -1;
    const char *end = NULL;
    const char *copy = arena_strndup(arena, text, size);
    cJSON *tree = cJSON_ParseWithLengthOpts(copy, size + 1, &end, 1);
    if (!tree)
        return err_set(err, ERR_INPUT, "not JSON at byte %zu of %zu", end ? (size_t)(end - copy) : 0, size);
    struct json *json = ARENA_NEW(arena, struct json);
    int rc = convert(arena, tree, json, 0, err);
    cJSON_Delete(tree);
    if (rc == 0)
        *ret = json;
    return rc;
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (!object || object->kind != JSON_OBJECT)
        return NULL;
    for (size_t i = 0; i < object->count; i++)
        if (str_eq(object->keys[i], key))
            return &object->items[i];
    return NULL;
}

const char *json_get_string(const struct json *object, const char *key)
{
    const struct json *value = json_get(object, key);
    return value && value->kind == JSON_STRING ? value->string : NULL;
}
