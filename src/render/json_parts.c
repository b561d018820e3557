/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json_parts.h"

#include "base/str.h"

#include <stdio.h>

enum { NAME_SIZE = 64 };

struct json_writer json_document_begin(struct buf *out, const char *kind)
{
    char format[NAME_SIZE];
    struct json_writer writer = json_writer_new(out, true);
    snprintf(format, sizeof format, "iamlease/%s", kind);
    json_begin_object(&writer);
    json_key_string(&writer, "format", format);
    json_key_int(&writer, "version", 1);
    return writer;
}

void json_document_end(struct json_writer *writer)
{
    json_end_object(writer);
}

void json_principal_of(struct json_writer *writer, const char *kind, const char *name, const char *declared_as)
{
    json_key(writer, "principal");
    if (!name) {
        json_null(writer);
        return;
    }
    json_begin_object(writer);
    json_key_string(writer, "kind", kind);
    json_key_string(writer, "name", name);
    if (declared_as)
        json_key_string(writer, "declared_as", declared_as);
    json_end_object(writer);
}

void json_principal(struct json_writer *writer, enum principal_kind kind, const char *name,
                    const char *declared_as)
{
    json_principal_of(writer, principal_kind_name(kind), name, declared_as);
}

void json_place(struct json_writer *writer, struct span span)
{
    json_key(writer, "place");
    if (!span.file) {
        json_null(writer);
        return;
    }
    json_begin_object(writer);
    json_key_string(writer, "file", span.file->path);
    json_key_int(writer, "line", span.line);
    json_key_int(writer, "column", span.column);
    json_end_object(writer);
}

void json_commit(struct json_writer *writer, const char *key, const char *name, const char *id)
{
    json_key(writer, key);
    json_begin_object(writer);
    json_key_string(writer, "name", name);
    json_key_string(writer, "id", id);
    json_end_object(writer);
}

/* The title as a word: "attach-policy". */
static void add_operation_name(struct json_writer *writer, enum operation_kind kind)
{
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "%s", operation_info(kind)->title);
    str_to_lower(name);
    for (char *c = name; *c; c++)
        if (*c == ' ')
            *c = '-';
    json_key_string(writer, "operation", name);
}

static void add_list(struct json_writer *writer, const char *key, const struct strings *values)
{
    if (!values->count)
        return;
    json_key(writer, key);
    json_begin_array(writer);
    for (size_t i = 0; i < values->count; i++)
        json_string(writer, values->items[i]);
    json_end_array(writer);
}

/* What only operations on roles and OIDC providers have. */
static void add_role_and_provider(struct json_writer *writer, const struct operation *operation)
{
    if (operation->session_s)
        json_key_int(writer, "max_session_seconds", operation->session_s);
    if (operation->tags && operation->tags->count) {
        json_key(writer, "tags");
        json_begin_array(writer);
        for (size_t i = 0; i < operation->tags->count; i++) {
            json_begin_object(writer);
            json_key_string(writer, "key", operation->tags->items[i].key);
            json_key_string(writer, "value", operation->tags->items[i].value);
            json_end_object(writer);
        }
        json_end_array(writer);
    }
    if (operation->provider) {
        json_key_string(writer, "provider", operation->provider->url);
        add_list(writer, "client_ids", &operation->provider->client_ids);
        add_list(writer, "thumbprints", &operation->provider->thumbprints);
    }
}

void json_operation_keys(struct json_writer *writer, const struct operation *operation)
{
    add_operation_name(writer, operation->kind);
    json_key_string(writer, "account_id", operation->account_id);
    json_principal(writer, operation->principal_kind, operation->principal, NULL);
    json_key_string(writer, "policy_name", operation->policy_name);
    json_key_string(writer, "policy_arn", operation->policy_arn);
    json_key_string(writer, "path", operation->path);
    json_key_string(writer, "description", operation->description);
    json_key_string(writer, "version_id", operation->version_id);
    json_key_string(writer, "document", operation->document);
    if (operation->mark)
        json_key_string(writer, "mark", operation->mark);
    if (operation->boundary)
        json_key_string(writer, "permissions_boundary", operation->boundary);
    if (operation->trust)
        json_key_string(writer, "trust", operation->trust);
    add_role_and_provider(writer, operation);
    json_key_time(writer, "ends_at", operation->ends_at_s);
    json_key_string(writer, "reason", operation->reason);
    json_key_string(writer, "lease_id", operation->lease_id);
    json_key(writer, "after");
    json_begin_array(writer);
    for (size_t i = 0; i < operation->after.count; i++)
        json_int(writer, (int64_t)operation->after.items[i]);
    json_end_array(writer);
}

void json_problems(struct json_writer *writer, const struct problems *problems)
{
    json_key(writer, "problems");
    json_begin_array(writer);
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        const struct fact *fact = problem->fact;
        json_begin_object(writer);
        json_key_string(writer, "id", problem->id);
        json_key_string(writer, "account_id",
                        problem->account_id ? problem->account_id
                        : fact              ? fact->account_id
                                            : NULL);
        json_key_string(writer, "lease_id", fact ? fact->lease_id : NULL);
        json_key_string(writer, "message", problem->message);
        json_key_string(writer, "hint", problem->hint);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void json_notices(struct json_writer *writer, const struct notices *notices)
{
    json_key(writer, "notices");
    json_begin_array(writer);
    for (size_t i = 0; i < notices->count; i++)
        json_string(writer, notices->items[i]);
    json_end_array(writer);
}

void json_diagnostics(struct json_writer *writer, const struct diags *diags)
{
    json_begin_array(writer);
    for (size_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->items[i];
        json_begin_object(writer);
        json_key_string(writer, "severity", diag->severity == DIAG_ERROR ? "error" : "warning");
        json_key_string(writer, "id", diag->id);
        json_key_string(writer, "message", diag->message);
        json_key_string(writer, "hint", diag->hint);
        json_place(writer, diag->span);
        json_end_object(writer);
    }
    json_end_array(writer);
}
