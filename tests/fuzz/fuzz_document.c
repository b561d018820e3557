/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a policy document. What is read is written and read again as the same; and the lease that is
 * made of it ends when it was asked to at the latest, never allows more, and says so itself.
 */
#include "base/str.h"
#include "base/time.h"
#include "policy/document.h"
#include "policy/lease.h"
#include "require.h"

static const int64_t asked_s = 1796083200; /* 2026-12-01T00:00:00Z */

static bool is_end(const struct condition *condition)
{
    return str_casecmp(condition->operator, "DateLessThan") == 0 &&
           str_casecmp(condition->key, "aws:CurrentTime") == 0;
}

static size_t count_code_points(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static const char *check_written(struct arena *arena, const struct document *document)
{
    struct document again = {0};
    struct err err = {0};
    const char *json = document_to_json(arena, document);
    REQUIRE(document_parse(arena, json, strlen(json), &again, &err) == 0);
    REQUIRE(document_equal(arena, document, &again) && document_equal(arena, &again, document));
    REQUIRE(str_eq(document_to_json(arena, &again), json));
    REQUIRE(document_measure(json) == count_code_points(json)); /* minified: white space is in strings only */
    REQUIRE(document_is_administrative(document) == document_is_administrative(&again));
    return json;
}

/* Exactly one end, with one value, that is no later than it may be. */
static int64_t end_of(const struct statement *statement)
{
    int64_t end_s = 0;
    size_t ends = 0;
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const struct condition *condition = &statement->conditions.items[i];
        if (!is_end(condition))
            continue;
        ends++;
        REQUIRE(condition->values.count == 1 && time_parse_rfc3339(condition->values.items[0], &end_s));
    }
    REQUIRE(ends == 1);
    return end_s;
}

static bool strings_are_equal(const struct strings *a, const struct strings *b)
{
    for (size_t i = 0; a->count == b->count && i < a->count; i++)
        if (!str_eq(a->items[i], b->items[i]))
            return false;
    return a->count == b->count;
}

/* The statement is that of the source, with all conditions but the end. */
static void check_same_but_end(const struct statement *lease, const struct statement *source)
{
    size_t j = 0;
    REQUIRE(lease->effect == source->effect && strings_are_equal(&lease->actions, &source->actions) &&
            strings_are_equal(&lease->not_actions, &source->not_actions) &&
            strings_are_equal(&lease->resources, &source->resources) &&
            strings_are_equal(&lease->not_resources, &source->not_resources));
    for (size_t i = 0; i < source->conditions.count; i++) {
        const struct condition *expected = &source->conditions.items[i], *kept = &lease->conditions.items[j];
        if (is_end(expected))
            continue;
        REQUIRE(j++ < lease->conditions.count && str_eq(kept->operator, expected->operator) &&
                str_eq(kept->key, expected->key) && strings_are_equal(&kept->values, &expected->values));
    }
    REQUIRE(j + 1 == lease->conditions.count);
}

/* The latest end of what is allowed; of a lease that only denies, the latest of all. */
static int64_t latest_end(const struct document *lease)
{
    int64_t latest[] = {[EFFECT_ALLOW] = -1, [EFFECT_DENY] = 0};
    for (size_t i = 0; i < lease->count; i++) {
        int64_t end_s = end_of(&lease->items[i]);
        if (end_s > latest[lease->items[i].effect])
            latest[lease->items[i].effect] = end_s;
    }
    return latest[EFFECT_ALLOW] >= 0 ? latest[EFFECT_ALLOW] : latest[EFFECT_DENY];
}

static void check_lease(struct arena *arena, const struct document *source)
{
    struct document lease = {0}, shorter = {0};
    int64_t ends_at_s = 0, source_ends_at_s = 0;
    const struct lease_terms terms = {.ends_at_s = asked_s}, sooner = {.ends_at_s = asked_s - DAY_S};
    if (!lease_document(arena, source, &terms, "iamlease0123456789", &lease))
        return;
    REQUIRE(lease.count == source->count);
    for (size_t i = 0; i < lease.count; i++) {
        REQUIRE(end_of(&lease.items[i]) <= asked_s);
        check_same_but_end(&lease.items[i], &source->items[i]);
        REQUIRE(lease.items[i].sid && str_only(lease.items[i].sid, ""));
    }
    REQUIRE(lease_ends_at(&lease, &ends_at_s) && ends_at_s == latest_end(&lease));
    if (lease_ends_at(source, &source_ends_at_s))
        REQUIRE(ends_at_s <= source_ends_at_s);

    /* As AWS gives it back, and leased once more for a shorter time. */
    struct document read = {0};
    struct err err = {0};
    const char *json = check_written(arena, &lease);
    REQUIRE(document_parse(arena, json, strlen(json), &read, &err) == 0);
    REQUIRE(lease_ends_at(&read, &source_ends_at_s) && source_ends_at_s == ends_at_s);
    REQUIRE(lease_document(arena, &read, &sooner, "x", &shorter));
    REQUIRE(lease_ends_at(&shorter, &source_ends_at_s) && source_ends_at_s <= asked_s - DAY_S);
}

static void check_actions(struct arena *arena, const struct document *document)
{
    struct strings actions = {0};
    document_allowed_actions(arena, document, &actions);
    for (size_t i = 0; i < actions.count; i++) {
        REQUIRE(i == 0 || strcmp(actions.items[i - 1], actions.items[i]) < 0);
        for (size_t j = 0; j < i && actions.count < 100; j++)
            REQUIRE(str_casecmp(actions.items[i], actions.items[j]) != 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char *json = arena_alloc(arena, size ? size : 1);
    memcpy(json, data, size);
    struct document document = {0};
    struct err err = {0};
    if (document_parse(arena, json, size, &document, &err) < 0) {
        REQUIRE(err.code == ERR_INPUT && *err.message && document.count == 0);
        return 0;
    }
    check_written(arena, &document);
    check_lease(arena, &document);
    check_actions(arena, &document);
    return 0;
}
