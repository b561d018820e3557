/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "policy/document.h"

#include <assert.h>
#include <string.h>

/* Far above what files of 1 MiB and AWS's 128 KiB can come to. */
enum { DOCUMENT_JSON_MAX = 64 * 1024 * 1024 };

/* The conditions of one operator, which `name` is. */
struct group {
    const char *name;
    VEC_FIELDS(const struct condition *);
};

struct groups {
    VEC_FIELDS(struct group *);
};

/* In the order in which operators first stand there. */
static struct groups group_by_operator(struct arena *arena, const struct statement *statement)
{
    struct map by_operator = map_new(arena);
    struct groups groups = {0};
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const struct condition *condition = &statement->conditions.items[i];
        struct group *group = map_get(&by_operator, condition->operator);
        if (!group) {
            group = ARENA_NEW(arena, struct group);
            group->name = condition->operator;
            map_put(&by_operator, condition->operator, group);
            *VEC_ADD(arena, &groups) = group;
        }
        *VEC_ADD(arena, group) = condition;
    }
    return groups;
}

static void write_conditions(struct arena *arena, struct json_writer *writer,
                             const struct statement *statement)
{
    struct groups groups = group_by_operator(arena, statement);
    json_key(writer, "Condition");
    json_begin_object(writer);
    for (size_t i = 0; i < groups.count; i++) {
        const struct group *group = groups.items[i];
        json_key(writer, group->name);
        json_begin_object(writer);
        for (size_t j = 0; j < group->count; j++) {
            const struct condition *condition = group->items[j];
            if (condition->values.count == 1)
                json_key_string(writer, condition->key, condition->values.items[0]);
            else
                json_key_strings(writer, condition->key, &condition->values);
        }
        json_end_object(writer);
    }
    json_end_object(writer);
}

/* Each kind of principal once; a single name as a string. */
static void write_principals(struct arena *arena, struct json_writer *writer, const struct strings *principals)
{
    static const char *const kinds[] = {"AWS", "Service", "Federated"};
    size_t written = 0;
    json_key(writer, "Principal");
    json_begin_object(writer);
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const char *prefix = arena_printf(arena, "%s:", kinds[k]);
        struct strings names = {0};
        for (size_t i = 0; i < principals->count; i++)
            if (str_prefix(principals->items[i], prefix))
                strings_add(arena, &names, principals->items[i] + strlen(prefix));
        if (names.count == 1)
            json_key_string(writer, kinds[k], names.items[0]);
        else if (names.count)
            json_key_strings(writer, kinds[k], &names);
        written += names.count;
    }
    assert(written == principals->count); /* we trust no others */
    json_end_object(writer);
}

static void write_statement(struct arena *arena, struct json_writer *writer, const struct statement *statement)
{
    json_begin_object(writer);
    if (statement->sid)
        json_key_string(writer, "Sid", statement->sid);
    json_key_string(writer, "Effect", statement->effect == EFFECT_ALLOW ? "Allow" : "Deny");
    if (statement->principals.count)
        write_principals(arena, writer, &statement->principals);
    if (statement->actions.count)
        json_key_strings(writer, "Action", &statement->actions);
    if (statement->not_actions.count)
        json_key_strings(writer, "NotAction", &statement->not_actions);
    if (statement->resources.count)
        json_key_strings(writer, "Resource", &statement->resources);
    if (statement->not_resources.count)
        json_key_strings(writer, "NotResource", &statement->not_resources);
    if (statement->conditions.count)
        write_conditions(arena, writer, statement);
    json_end_object(writer);
}

const char *document_to_json(struct arena *arena, const struct document *document)
{
    struct buf out;
    buf_init(&out, DOCUMENT_JSON_MAX);
    struct json_writer writer = json_writer_new(&out, false);
    json_begin_object(&writer);
    json_key_string(&writer, "Version", "2012-10-17");
    json_key(&writer, "Statement");
    json_begin_array(&writer);
    for (size_t i = 0; i < document->count; i++)
        write_statement(arena, &writer, &document->items[i]);
    json_end_array(&writer);
    json_end_object(&writer);
    bool whole = buf_finish(&out);
    assert(whole);
    const char *json = arena_strndup(arena, out.bytes, out.size);
    buf_free(&out);
    return json;
}

size_t document_measure(const char *json)
{
    size_t count = 0, rest = strlen(json);
    bool in_string = false;
    while (rest) {
        uint32_t c = 0;
        size_t run = in_string ? str_plain_run_before(json, rest, "\"\\\\") : 0;
        if (run) { /* most of a document */
            count += run;
            json += run;
            rest -= run;
            continue;
        }
        size_t length = str_decode_utf8(json, rest, &c);
        if (length == 0) /* not UTF-8: each byte counts, which is never too little */
            length = 1;
        if (in_string && c == '\\' && rest > 1) {
            count++;
            json++;
            rest--;
            length = str_decode_utf8(json, rest, &c);
            length = length ? length : 1;
        } else if (c == '"') {
            in_string = !in_string;
        }
        bool white = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        count += in_string || !white;
        json += length;
        rest -= length;
    }
    return count;
}
