/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/desired.h"

#include "base/hash.h"
#include "policy/mark.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct collecting {
    struct arena *arena; /* what facts hold */
    const struct desired_terms *terms;
    struct facts *facts;
};

const char *desired_lease_id(struct arena *arena, const struct settings *settings, const struct fact *fact)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    char hex[SHA256_HEX_SIZE];
    const char *text = arena_join(scratch, '\n', (const char *const[]){settings->owner, fact->identity}, 2);
    return arena_strndup(arena, sha256_hex(text, strlen(text), hex), 16);
}

static bool requires_mfa(const struct collecting *c, const struct fact *fact)
{
    const struct account_rules *rules = c->terms->rules && fact->kind == ACCESS_LEASE
                                            ? account_rules_find(c->terms->rules, fact->account_id)
                                            : NULL;
    return rules && rules->require_mfa;
}

/* By grant, then by window; what is equal in both stays as it was declared. */
static int compare_declared(const void *left, const void *right)
{
    const struct fact *const *a = left, *const *b = right;
    int order = strcmp((*a)->identity, (*b)->identity);
    if (order)
        return order;
    if ((*a)->starts_at_s != (*b)->starts_at_s)
        return (*a)->starts_at_s < (*b)->starts_at_s ? -1 : 1;
    return *a < *b ? -1 : *a > *b;
}

/* Whether another entry of the same fact belongs to the window that `fact` has so far: no second lies between them. */
static bool continues(const struct fact *fact, const struct fact *next)
{
    return strcmp(fact->identity, next->identity) == 0 && next->starts_at_s <= fact->ends_at_s;
}

static bool has_ended(const struct collecting *c, const struct fact *fact)
{
    return c->terms->now_s && fact_has_ended(fact, c->terms->now_s);
}

/* The end of one entry must never cut the other: the later end counts, and the entry that asks for it is shown. */
static void merge(const struct collecting *c, struct fact *fact, const struct fact *next)
{
    assert(fact->require_mfa == next->require_mfa); /* a rule of the account, which they share */
    unsigned entries = fact->entries + !has_ended(c, next);
    int64_t starts_at_s = fact->starts_at_s;
    if (next->ends_at_s > fact->ends_at_s)
        *fact = *next;
    fact->starts_at_s = starts_at_s;
    fact->entries = entries;
}

/* A lease that has a start carries it in its identity, so that disjoint windows are apart. */
void desired_identify(struct arena *arena, const char *grant_identity, struct fact *fact)
{
    char start[MARK_START_SIZE];
    fact->grant_length = strlen(grant_identity);
    fact->identity = fact->starts_at_s
                         ? arena_printf(arena, "%s\n%s", grant_identity, mark_start(fact->starts_at_s, start))
                         : arena_strdup(arena, grant_identity);
}

static void add_fact(struct collecting *c, struct fact fact)
{
    desired_identify(c->arena, fact.identity, &fact);
    *VEC_ADD(c->arena, c->facts) = fact;
}

/*
 * Windows are put together before any is left out because it has ended: the start of what is there must not
 * change, and with it the name of its object, because time goes by.
 */
void desired_of_team(struct arena *arena, const struct desired_terms *terms, struct declared *declared,
                     struct facts *ret)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct collecting collecting = {arena, terms, ret}, *c = &collecting;
    const size_t count = declared->count;
    const struct fact **rows = arena_array(scratch, count + 1, sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        declared->items[i].fact.require_mfa = requires_mfa(c, &declared->items[i].fact);
        rows[i] = &declared->items[i].fact;
    }
    qsort(rows, count, sizeof *rows, compare_declared);
    for (size_t i = 0, next; i < count; i = next) {
        struct fact fact = *rows[i];
        fact.entries = !has_ended(c, &fact);
        for (next = i + 1; next < count && continues(&fact, rows[next]); next++)
            merge(c, &fact, rows[next]);
        if (!has_ended(c, &fact))
            add_fact(c, fact);
    }
}

/* At least as many as there will be: a list that grows to a hundred thousand leaves as much behind. */
static size_t count_at_most(const struct config *config)
{
    size_t count = 0;
    for (size_t i = 0; i < config->count; i++)
        for (size_t j = 0; j < config->items[i].entries.count; j++) {
            const struct access_entry *entry = &config->items[i].entries.items[j];
            size_t principals = entry->users.count + entry->roles.count + entry->groups.count;
            count += principals * entry->environments.count * entry_grant_count(entry);
        }
    return count;
}

void desired_facts(struct arena *arena, const struct config *config, const struct all_account_rules *rules,
                   int64_t now_s, struct facts *ret)
{
    const struct desired_terms terms = {.rules = rules, .now_s = now_s};
    size_t from = ret->count;
    if (!ret->count) {
        ret->capacity = count_at_most(config);
        ret->items = arena_array(arena, ret->capacity, sizeof *ret->items);
    }
    for (size_t i = 0; i < config->count; i++) { /* one by one, so that what is not merged yet stays small */
        CLEANUP(arena_freep) struct arena *scratch = arena_new();
        struct declared declared = {0};
        declared_rows(arena, scratch, &config->settings, &config->items[i], &declared);
        desired_of_team(arena, &terms, &declared, ret);
    }
    for (size_t i = from; i < ret->count; i++)
        ret->items[i].lease_id = desired_lease_id(arena, &config->settings, &ret->items[i]);
    facts_sort(ret);
}

void facts_of_teams(struct arena *arena, const struct facts *facts, const struct strings *teams,
                    struct facts *ret)
{
    if (!teams->count)
        *ret = *facts;
    for (size_t i = 0; teams->count && i < facts->count; i++)
        if (strings_contain(teams, facts->items[i].team))
            *VEC_ADD(arena, ret) = facts->items[i];
}

/* By identity, then by where they stand. */
static int compare_places(const void *left, const void *right)
{
    const struct fact *const *a = left, *const *b = right;
    int order = strcmp((*a)->identity, (*b)->identity);
    return order ? order : *a < *b ? -1 : *a > *b;
}

struct facts facts_sorted(struct arena *arena, const struct facts *facts)
{
    size_t count = facts ? facts->count : 0, in_order = count ? 1 : 0;
    while (in_order < count &&
           strcmp(facts->items[in_order - 1].identity, facts->items[in_order].identity) <= 0)
        in_order++;
    if (in_order == count)
        return facts ? *facts : (struct facts){0};
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct fact **places = arena_array(scratch, count, sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[i] = &facts->items[i];
    qsort(places, count, sizeof *places, compare_places);
    struct facts sorted = {.items = arena_array(arena, count, sizeof *sorted.items),
                           .count = count,
                           .capacity = count};
    for (size_t i = 0; i < count; i++)
        sorted.items[i] = *places[i];
    return sorted;
}
