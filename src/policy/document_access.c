/* SPDX-License-Identifier: Apache-2.0 */
/* What a document allows, for people who judge a change. */
#include "base/map.h"
#include "base/str.h"
#include "policy/document.h"
#include "policy/pattern.h"

#include <string.h>

static bool any_matches(const struct strings *patterns, const char *text)
{
    for (size_t i = 0; i < patterns->count; i++)
        if (pattern_matches(patterns->items[i], text))
            return true;
    return false;
}

static bool allows_all_of_iam(const struct statement *statement)
{
    if (statement->actions.count)
        return any_matches(&statement->actions, "iam:" PATTERN_ANYTHING);
    return !any_matches(&statement->not_actions, "iam:" PATTERN_ANYTHING);
}

/* What a policy variable stands for is not known: it may be all that is asked for. */
static bool is_on(const struct statement *statement, const char *resource, const char *whole)
{
    for (size_t i = 0; i < statement->resources.count; i++)
        if (patterns_meet(statement->resources.items[i], resource))
            return true;
    return statement->not_resources.count && !any_matches(&statement->not_resources, whole);
}

/* The same resource, as a text that only those patterns match that take in all of it. */
static const char *as_a_whole(struct arena *arena, const char *resource)
{
    const char *text = "";
    for (size_t size; *resource; resource += size + (resource[size] != 0)) {
        size = strcspn(resource, "*?");
        text = arena_printf(arena, "%s%.*s%s", text, (int)size, resource,
                            resource[size] ? PATTERN_ANYTHING : "");
    }
    return text;
}

bool document_may(struct arena *arena, const struct document *document, const char *action,
                  const char *resource)
{
    const char *whole = as_a_whole(arena, resource);
    for (size_t i = 0; i < document->count; i++) {
        const struct statement *statement = &document->items[i];
        bool acts = statement->actions.count ? any_matches(&statement->actions, action)
                                             : !any_matches(&statement->not_actions, action);
        if (statement->effect == EFFECT_ALLOW && acts && is_on(statement, resource, whole))
            return true;
    }
    return false;
}

/* What stands behind the n-th colon, or NULL. */
static const char *after_colon(const char *text, unsigned n)
{
    for (; n && text; n--) {
        text = strchr(text, ':');
        text = text ? text + 1 : NULL;
    }
    return text;
}

/* "*", and also what comes to all of IAM: "arn:aws:iam::*", "arn:aws:iam::123456789012:*". */
static bool is_all_of_iam(const char *resource)
{
    if (pattern_matches(resource, "arn:aws:iam::" PATTERN_ANYTHING ":" PATTERN_ANYTHING))
        return true;
    const char *service = after_colon(resource, 2), *name = after_colon(resource, 5);
    return service && name && str_prefix(service, "iam:") && pattern_matches(name, PATTERN_ANYTHING);
}

static bool is_on_all_of_iam(const struct statement *statement)
{
    if (statement->not_resources.count)
        return !any_matches(&statement->not_resources, "arn:aws:iam::" PATTERN_ANYTHING ":" PATTERN_ANYTHING);
    for (size_t i = 0; i < statement->resources.count; i++)
        if (is_all_of_iam(statement->resources.items[i]))
            return true;
    return false;
}

/* Time and MFA say when and how something is allowed, not what. */
static bool is_narrowed(const struct statement *statement)
{
    static const char *const when_and_how[] = {
        "aws:CurrentTime",
        "aws:EpochTime",
        "aws:MultiFactorAuthPresent",
        "aws:MultiFactorAuthAge",
    };
    const size_t count = sizeof when_and_how / sizeof when_and_how[0];
    for (size_t i = 0; i < statement->conditions.count; i++) {
        size_t known = 0;
        while (known < count && str_casecmp(statement->conditions.items[i].key, when_and_how[known]) != 0)
            known++;
        if (known == count)
            return true;
    }
    return false;
}

bool document_is_administrative(const struct document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct statement *statement = &document->items[i];
        if (statement->effect == EFFECT_ALLOW && allows_all_of_iam(statement) &&
            is_on_all_of_iam(statement) && !is_narrowed(statement))
            return true;
    }
    return false;
}

/* One text for the whole list: "everything but" each one by itself would together be everything. */
static const char *everything_but(struct arena *arena, const struct strings *not_actions)
{
    struct strings sorted = {0};
    for (size_t i = 0; i < not_actions->count; i++)
        strings_add_unique(arena, &sorted, not_actions->items[i]);
    strings_sort(&sorted);
    const char *text = "everything but ";
    for (size_t i = 0; i < sorted.count; i++)
        text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", sorted.items[i]);
    return text;
}

/* Actions that differ only in case are one; the spelling that came first is kept. */
static void add_action(struct arena *arena, struct map *seen, struct strings *ret, const char *action)
{
    char *key = str_lower(arena, action);
    if (map_get(seen, key))
        return;
    map_put(seen, key, key);
    strings_add(arena, ret, action);
}

void document_allowed_actions(struct arena *arena, const struct document *document, struct strings *ret)
{
    struct map seen = map_new(arena);
    struct strings actions = {0};
    for (size_t i = 0; i < ret->count; i++)
        add_action(arena, &seen, &actions, ret->items[i]);
    for (size_t i = 0; i < document->count; i++) {
        const struct statement *statement = &document->items[i];
        if (statement->effect != EFFECT_ALLOW)
            continue;
        for (size_t j = 0; j < statement->actions.count; j++)
            add_action(arena, &seen, &actions, statement->actions.items[j]);
        if (statement->not_actions.count)
            add_action(arena, &seen, &actions, everything_but(arena, &statement->not_actions));
    }
    strings_sort(&actions);
    *ret = actions;
}
