/* SPDX-License-Identifier: Apache-2.0 */
/* Reads policy documents. What is not understood is an error: a document half read would be judged wrongly. */
#include "base/json.h"
#include "base/str.h"
#include "policy/document.h"

enum { KEYS_MAX = 7 };

/* What the two kinds of documents are made of. */
static const struct grammar {
    const char *name;
    const char *statement_keys[KEYS_MAX + 1]; /* up to NULL */
    bool names_principals;
} identity_grammar = {"identity policies",
                      {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"},
                      false},
  trust_grammar = {"trust policies", {"Sid", "Effect", "Principal", "Action", "NotAction", "Condition"}, true};

/* A string, or a list of strings. */
static int read_strings(struct arena *arena, const struct json *json, const char *name, struct strings *ret,
                        struct err *err)
{
    const struct json *items = json->kind == JSON_ARRAY ? json->items : json;
    size_t count = json->kind == JSON_ARRAY ? json->count : 1;
    if (count == 0)
        return err_set(err, ERR_INPUT, "%s is empty", name);
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind != JSON_STRING)
            return err_set(err, ERR_INPUT, "%s must be a string or a list of strings", name);
        strings_add(arena, ret, items[i].string);
    }
    return 0;
}

/* Exactly one of two elements. */
static int read_either(struct arena *arena, const struct json *statement, const char *name,
                       struct strings *ret, const char *not_name, struct strings *ret_not, struct err *err)
{
    const struct json *json = json_get(statement, name), *not_json = json_get(statement, not_name);
    if (!json == !not_json)
        return err_set(err, ERR_INPUT, "it must have one of %s and %s, not both", name, not_name);
    return json ? read_strings(arena, json, name, ret, err)
                : read_strings(arena, not_json, not_name, ret_not, err);
}

/* AWS takes numbers and booleans for their texts. */
static int read_value(struct arena *arena, const struct json *json, const char *key, struct strings *ret,
                      struct err *err)
{
    const double largest_exact = 9007199254740992.0; /* 2^53: above it, several numbers are one double */
    if (json->kind == JSON_STRING)
        strings_add(arena, ret, json->string);
    else if (json->kind == JSON_BOOL)
        strings_add(arena, ret, json->boolean ? "true" : "false");
    else if (json->kind == JSON_NUMBER && json->number > -largest_exact && json->number < largest_exact &&
             json->number == (double)(int64_t)json->number)
        strings_add(arena, ret, arena_printf(arena, "%lld", (long long)json->number));
    else
        return err_set(err, ERR_INPUT,
                       "condition key \"%.100s\" has a value that is no text, boolean or whole number", key);
    return 0;
}

static int read_condition(struct arena *arena, const char *test, const char *key, const struct json *json,
                          struct statement *ret, struct err *err)
{
    struct condition *condition = VEC_ADD(arena, &ret->conditions);
    *condition = (struct condition){test, key, {0}};
    const struct json *items = json->kind == JSON_ARRAY ? json->items : json;
    size_t count = json->kind == JSON_ARRAY ? json->count : 1;
    for (size_t i = 0; i < count; i++)
        if (read_value(arena, &items[i], key, &condition->values, err) < 0)
            return -1;
    return 0;
}

static int read_conditions(struct arena *arena, const struct json *json, struct statement *ret,
                           struct err *err)
{
    if (json->kind != JSON_OBJECT)
        return err_set(err, ERR_INPUT, "Condition must be an object");
    for (size_t i = 0; i < json->count; i++) {
        const struct json *keys = &json->items[i];
        if (keys->kind != JSON_OBJECT)
            return err_set(err, ERR_INPUT, "condition operator \"%.100s\" must hold an object", json->keys[i]);
        for (size_t j = 0; j < keys->count; j++)
            if (read_condition(arena, json->keys[i], keys->keys[j], &keys->items[j], ret, err) < 0)
                return -1;
    }
    return 0;
}

static int check_statement_keys(const struct json *json, const struct grammar *grammar, struct err *err)
{
    if (json->kind != JSON_OBJECT)
        return err_set(err, ERR_INPUT, "it must be an object");
    for (size_t i = 0; i < json->count; i++) {
        size_t known = 0;
        while (grammar->statement_keys[known] && !str_eq(json->keys[i], grammar->statement_keys[known]))
            known++;
        if (!grammar->statement_keys[known])
            return err_set(err, ERR_INPUT, "%s have no element \"%.100s\"", grammar->name, json->keys[i]);
    }
    return 0;
}

/* "*" means everybody, and so does {"AWS": "*"}. */
static int read_principals(struct arena *arena, const struct json *json, struct strings *ret, struct err *err)
{
    if (json && json->kind == JSON_STRING && str_eq(json->string, "*")) {
        strings_add(arena, ret, "AWS:*");
        return 0;
    }
    if (!json || json->kind != JSON_OBJECT || json->count == 0)
        return err_set(err, ERR_INPUT, "Principal must be \"*\" or an object that is not empty");
    for (size_t i = 0; i < json->count; i++) {
        struct strings names = {0};
        if (read_strings(arena, &json->items[i], "Principal", &names, err) < 0)
            return -1;
        for (size_t j = 0; j < names.count; j++)
            strings_add(arena, ret, arena_printf(arena, "%s:%s", json->keys[i], names.items[j]));
    }
    return 0;
}

static int read_statement(struct arena *arena, const struct json *json, const struct grammar *grammar,
                          struct statement *ret, struct err *err)
{
    if (check_statement_keys(json, grammar, err) < 0)
        return -1;
    const struct json *sid = json_get(json, "Sid"), *condition = json_get(json, "Condition");
    if (sid && sid->kind != JSON_STRING)
        return err_set(err, ERR_INPUT, "Sid must be a string");
    ret->sid = sid ? sid->string : NULL;

    const char *effect = json_get_string(json, "Effect");
    if (!effect || !(str_eq(effect, "Allow") || str_eq(effect, "Deny")))
        return err_set(err, ERR_INPUT, "Effect must be \"Allow\" or \"Deny\"");
    ret->effect = str_eq(effect, "Allow") ? EFFECT_ALLOW : EFFECT_DENY;

    if (read_either(arena, json, "Action", &ret->actions, "NotAction", &ret->not_actions, err) < 0)
        return -1;
    if (grammar->names_principals
            ? read_principals(arena, json_get(json, "Principal"), &ret->principals, err) < 0
            : read_either(arena, json, "Resource", &ret->resources, "NotResource", &ret->not_resources, err) <
                  0)
        return -1;
    return condition ? read_conditions(arena, condition, ret, err) : 0;
}

static int read_document(struct arena *arena, const struct json *json, const struct grammar *grammar,
                         struct document *ret, struct err *err)
{
    if (json->kind != JSON_OBJECT)
        return err_set(err, ERR_INPUT, "it must be an object");
    for (size_t i = 0; i < json->count; i++) {
        const char *key = json->keys[i];
        if (!str_eq(key, "Version") && !str_eq(key, "Id") && !str_eq(key, "Statement"))
            return err_set(err, ERR_INPUT, "there is no element \"%.100s\"", key);
    }
    const char *version = json_get_string(json, "Version");
    if (!version || !str_eq(version, "2012-10-17"))
        return err_set(err, ERR_INPUT, "Version must be \"2012-10-17\"");

    const struct json *statements = json_get(json, "Statement");
    if (!statements || (statements->kind != JSON_ARRAY && statements->kind != JSON_OBJECT))
        return err_set(err, ERR_INPUT, "Statement must be an object or a list of objects");
    const struct json *items = statements->kind == JSON_ARRAY ? statements->items : statements;
    size_t count = statements->kind == JSON_ARRAY ? statements->count : 1;
    for (size_t i = 0; i < count; i++)
        if (read_statement(arena, &items[i], grammar, VEC_ADD(arena, ret), err) < 0)
            return err_wrap(err, "statement %zu", i + 1);
    return 0;
}

static int parse(struct arena *arena, const char *json, size_t size, const struct grammar *grammar,
                 struct document *ret, struct err *err)
{
    struct json *tree = NULL;
    struct document document = {0};
    if (json_parse(arena, json, size, &tree, err) < 0 ||
        read_document(arena, tree, grammar, &document, err) < 0)
        return err_wrap(err, "cannot read policy document");
    *ret = document;
    return 0;
}

int document_parse(struct arena *arena, const char *json, size_t size, struct document *ret, struct err *err)
{
    return parse(arena, json, size, &identity_grammar, ret, err);
}

int document_parse_trust(struct arena *arena, const char *json, size_t size, struct document *ret,
                         struct err *err)
{
    return parse(arena, json, size, &trust_grammar, ret, err);
}
