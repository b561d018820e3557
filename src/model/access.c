/* SPDX-License-Identifier: Apache-2.0 */
#include "model/access.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

const char *principal_kind_name(enum principal_kind kind)
{
    static const char *const names[PRINCIPAL_KIND_COUNT] = {
        [PRINCIPAL_USER] = "user",
        [PRINCIPAL_ROLE] = "role",
        [PRINCIPAL_GROUP] = "group",
    };
    return names[kind];
}

const char *access_mode_name(enum access_mode mode)
{
    static const char *const names[] = {
        [MODE_ATTACH] = "attach",
        [MODE_INLINE] = "inline",
        [MODE_POLICY] = "policy",
        [MODE_ROLE] = "role",
    };
    return names[mode];
}

bool fact_has_ended(const struct fact *fact, int64_t now_s)
{
    return fact->kind == ACCESS_LEASE && fact->ends_at_s <= now_s;
}

static int compare_facts(const void *left, const void *right)
{
    const struct fact *a = left, *b = right;
    return strcmp(a->identity, b->identity);
}

void facts_sort(struct facts *facts)
{
    if (facts->count)
        qsort(facts->items, facts->count, sizeof *facts->items, compare_facts);
}

size_t facts_of_account(const struct facts *facts, const char *account_id, size_t *ret_count)
{
    size_t from = 0, end = facts->count;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (strcmp(facts->items[middle].account_id, account_id) < 0)
            from = middle + 1;
        else
            end = middle;
    }
    while (end < facts->count && str_eq(facts->items[end].account_id, account_id))
        end++;
    *ret_count = end - from;
    return from;
}

const struct fact *facts_find(const struct facts *facts, const char *identity)
{
    size_t low = 0, high = facts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(facts->items[middle].identity, identity);
        if (order == 0)
            return &facts->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

int fact_compare_grants(const struct fact *a, const struct fact *b)
{
    size_t common = a->grant_length < b->grant_length ? a->grant_length : b->grant_length;
    int order = memcmp(a->identity, b->identity, common);
    return order ? order : (a->grant_length > b->grant_length) - (a->grant_length < b->grant_length);
}

void facts_of_grant(const struct facts *facts, size_t from, size_t *ret_end)
{
    size_t end = from + 1;
    while (end < facts->count && fact_compare_grants(&facts->items[from], &facts->items[end]) == 0)
        end++;
    *ret_end = end;
}

bool fact_is_role(const struct fact *fact)
{
    return fact->policy && fact->policy->role;
}

bool fact_is_provider(const struct fact *fact)
{
    return fact->policy && fact->policy->provider;
}
