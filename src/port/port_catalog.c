/* SPDX-License-Identifier: Apache-2.0 */
#include "port/port_catalog.h"

#include "base/str.h"
#include "base/time.h"
#include "policy/document.h"

#include <string.h>

enum {
    BODY_MAX = 1024 * 1024,
    STATUS_NOT_FOUND = 404,
    PAGE_SIZE = 1000,
    PAGES_MAX = 200,
    LEASE_ID_DIGITS = 16
};

static const char blueprint[] = "provisioned_permissions";

static void add_rule(struct json_writer *writer, const char *property, const char *value)
{
    json_begin_object(writer);
    json_key_string(writer, "property", property);
    json_key_string(writer, "operator", "=");
    json_key_string(writer, "value", value);
    json_end_object(writer);
}

static int64_t time_of(const char *text)
{
    int64_t time_s;
    return text && time_parse_rfc3339(text, &time_s) ? time_s : 0;
}

static const char *text_of(struct arena *arena, const struct json *value)
{
    struct buf text;
    if (!value || value->kind != JSON_OBJECT)
        return NULL;
    buf_init(&text, BODY_MAX);
    struct json_writer writer = json_writer_new(&text, false);
    json_value(&writer, value);
    const char *copy = text.failed ? NULL : arena_strndup(arena, text.bytes, text.size);
    buf_free(&text);
    return copy;
}

static struct strings texts_of(struct arena *arena, const struct json *list)
{
    struct strings texts = {0};
    for (size_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++)
        if (list->items[i].kind == JSON_STRING)
            strings_add(arena, &texts, list->items[i].string);
    return texts;
}

/* The id of a lease is what every entity of ours is named by. */
bool port_is_lease_id(const char *text)
{
    return strlen(text) == LEASE_ID_DIGITS && strspn(text, "0123456789abcdef") == LEASE_ID_DIGITS;
}

/* What Port gives is not believed to be what was asked for: what has another owner or name is never touched. */
static void take_entity(struct arena *arena, const struct json *entity, const char *owner,
                        struct port_entries *ret)
{
    const struct json *properties = json_get(entity, "properties"), *relations = json_get(entity, "relations");
    const char *identifier = json_get_string(entity, "identifier"),
               *its_owner = json_get_string(properties, "owner");
    if (!identifier || !port_is_lease_id(identifier) || !its_owner || !str_eq(its_owner, owner))
        return;
    *VEC_ADD(arena, ret) = (struct port_entry){
        .identifier = identifier,
        .title = json_get_string(entity, "title"),
        .requester = json_get_string(properties, "requester"),
        .sign_in_url = json_get_string(properties, "sign_in_url"),
        .policy_arn = json_get_string(properties, "policy_arn"),
        .role_arn = json_get_string(properties, "role_arn"),
        .policy = text_of(arena, json_get(properties, "iam_policy")),
        .ends_at_s = time_of(json_get_string(properties, "expiry_time")),
        .account_id = json_get_string(properties, "account_id"),
        .team = json_get_string(properties, "team"),
        .grant = json_get_string(properties, "grant"),
        .permissions = texts_of(arena, json_get(relations, "permissions")),
        .resource = json_get_string(relations, "aws_resource"),
    };
}

/* The properties of ours, from behind `from`, or from the beginning. */
static void write_search(struct buf *body, const char *owner, const char *from)
{
    struct json_writer writer = json_writer_new(body, false);
    json_begin_object(&writer);
    json_key(&writer, "query");
    json_begin_object(&writer);
    json_key_string(&writer, "combinator", "and");
    json_key(&writer, "rules");
    json_begin_array(&writer);
    add_rule(&writer, "owner", owner);
    json_end_array(&writer);
    json_end_object(&writer);
    json_key_int(&writer, "limit", PAGE_SIZE);
    if (from)
        json_key_string(&writer, "from", from);
    json_end_object(&writer);
}

static int read_page(struct arena *arena, struct port *port, const char *owner, const char **next,
                     struct port_entries *ret, struct err *err)
{
    struct port_answer answer = {.error = ""};
    struct buf body;
    buf_init(&body, BODY_MAX);
    write_search(&body, owner, *next);
    const struct port_request request = {
        .method = "POST",
        .path = arena_printf(arena, "/v1/blueprints/%s/entities/search", blueprint),
        .body = body.bytes,
        .what = "read the catalog of Port",
    };
    int rc = body.failed ? err_set(err, ERR_INPUT, "cannot %s: the question is too long", request.what)
                         : port_send(arena, port, &request, &answer, err);
    buf_free(&body);
    if (rc < 0)
        return -1;
    const struct json *entities = json_get(answer.json, "entities");
    if (!entities || entities->kind != JSON_ARRAY)
        return err_set(err, ERR_INPUT, "cannot read the catalog of Port: its answer holds no entities");
    for (size_t i = 0; i < entities->count; i++)
        take_entity(arena, &entities->items[i], owner, ret);
    *next = json_get_string(answer.json, "next");
    return 0;
}

/*
 * docs.port.io/api-reference, "Search a blueprint's entities": up to 1,000 a page, and `next`, which becomes
 * `from`, while there are more.
 */
int port_catalog_list(struct arena *arena, struct port *port, const char *owner, struct port_entries *ret,
                      struct err *err)
{
    const char *next = NULL;
    for (size_t page = 0; page < PAGES_MAX; page++) {
        const char *before = next;
        if (read_page(arena, port, owner, &next, ret, err) < 0)
            return -1;
        if (!next || !*next)
            return 0;
        if (before && str_eq(before, next))
            break;
    }
    return err_set(err, ERR_INPUT, "cannot read the catalog of Port: it has no end");
}

static bool is_same_text(const char *a, const char *b)
{
    return a && b ? str_eq(a, b) : a == b;
}

static bool is_same_policy(const char *a, const char *b)
{
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    struct document of_a, of_b;
    struct err ignored;
    if (!a || !b)
        return a == b;
    return document_parse(scratch, a, strlen(a), &of_a, &ignored) == 0 &&
           document_parse(scratch, b, strlen(b), &of_b, &ignored) == 0 &&
           document_equal(scratch, &of_a, &of_b);
}

static bool has_all(const struct strings *list, const struct strings *others)
{
    for (size_t i = 0; i < others->count; i++)
        if (!strings_contain(list, others->items[i]))
            return false;
    return true;
}

/*
 * As sets: what Port does with the order, or with what is named twice, it does not say. What the lease does
 * not relate to anything is not taken away from whoever wrote it.
 */
static bool has_relations(const struct port_entry *there, const struct port_entry *wanted)
{
    return !wanted->resource || (is_same_text(there->resource, wanted->resource) &&
                                 has_all(&there->permissions, &wanted->permissions) &&
                                 has_all(&wanted->permissions, &there->permissions));
}

/*
 * docs.port.io, "User": the property `requester` has the format "user", which is an e-mail address. Whoever
 * has none is named by the title alone.
 */
static const char *address_of(const char *requester)
{
    const char *at = requester ? strchr(requester, '@') : NULL;
    const bool is_one = at && at > requester && *requester != '.' && at[-1] != '.' &&
                        !strstr(requester, "..") && str_only(requester, "@.+=_-") && !strchr(at + 1, '@') &&
                        at[1] != '.' && strchr(at + 1, '.') && !str_suffix(at, ".") &&
                        strcspn(at + 1, "+=_") == strlen(at + 1);
    return is_one ? requester : NULL;
}

bool port_entry_is_same(const struct port_entry *a, const struct port_entry *b)
{
    return has_relations(a, b) && a->ends_at_s == b->ends_at_s && is_same_text(a->title, b->title) &&
           is_same_text(a->requester, address_of(b->requester)) &&
           is_same_text(a->sign_in_url, b->sign_in_url) && is_same_text(a->policy_arn, b->policy_arn) &&
           is_same_text(a->role_arn, b->role_arn) && is_same_text(a->account_id, b->account_id) &&
           is_same_text(a->team, b->team) && is_same_text(a->grant, b->grant) &&
           is_same_policy(a->policy, b->policy);
}

static void write_policy(struct arena *arena, struct json_writer *writer, const char *policy)
{
    struct json *json = NULL;
    struct err ignored;
    if (policy && json_parse(arena, policy, strlen(policy), &json, &ignored) < 0)
        json = NULL;
    json_key(writer, "iam_policy");
    json_value(writer, json);
}

static void write_entry(struct arena *arena, struct json_writer *writer, const char *owner,
                        const struct port_entry *entry)
{
    json_begin_object(writer);
    json_key_string(writer, "identifier", entry->identifier);
    json_key_string(writer, "title", entry->title);
    json_key(writer, "properties");
    json_begin_object(writer);
    json_key_string(writer, "requester", address_of(entry->requester));
    write_policy(arena, writer, entry->policy);
    json_key_string(writer, "sign_in_url", entry->sign_in_url);
    json_key_string(writer, "policy_arn", entry->policy_arn);
    json_key_string(writer, "role_arn", entry->role_arn);
    json_key_time(writer, "expiry_time", entry->ends_at_s);
    json_key_string(writer, "owner", owner);
    json_key_string(writer, "account_id", entry->account_id);
    json_key_string(writer, "team", entry->team);
    json_key_string(writer, "grant", entry->grant);
    json_end_object(writer);
    json_key(writer, "relations");
    json_begin_object(writer);
    if (entry->resource) {
        json_key_strings(writer, "permissions", &entry->permissions);
        json_key_string(writer, "aws_resource", entry->resource);
    }
    json_end_object(writer);
    json_end_object(writer);
}

int port_catalog_put(struct arena *arena, struct port *port, const char *owner,
                     const struct port_entry *entry, struct port_answer *ret, struct err *err)
{
    struct buf body;
    buf_init(&body, BODY_MAX);
    struct json_writer writer = json_writer_new(&body, false);
    write_entry(arena, &writer, owner, entry);
    const struct port_request request = {
        .method = "POST",
        .path = arena_printf(
            arena, "/v1/blueprints/%s/entities?upsert=true&merge=true&create_missing_related_entities=true",
            blueprint),
        .body = body.bytes,
        .what = arena_printf(arena, "write the entity %s", entry->identifier),
    };
    *ret = (struct port_answer){.error = ""};
    int rc = body.failed ? err_set(err, ERR_INPUT, "cannot %s: it is too long", request.what)
                         : port_send(arena, port, &request, ret, err);
    buf_free(&body);
    return rc;
}

int port_catalog_remove(struct arena *arena, struct port *port, const char *identifier, struct err *err)
{
    struct port_answer answer = {.error = ""};
    const struct port_request request = {
        .method = "DELETE",
        .path =
            arena_printf(arena, "/v1/blueprints/%s/entities/%s", blueprint, port_escape(arena, identifier)),
        .what = arena_printf(arena, "delete the entity %s", identifier),
    };
    int rc = port_send(arena, port, &request, &answer, err);
    return rc < 0 && answer.status == STATUS_NOT_FOUND ? 0 : rc;
}
