/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/matrix.h"

#include "base/json.h"
#include "base/map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* 10,000 accounts come to 130 KB; a shard's number adds little. */
enum { MATRIX_TEXT_MAX = 64 * 1024 * 1024 };

struct weighed_account {
    const char *id;
    size_t weight;
};

struct shard {
    struct strings account_ids;
    size_t weight;
};

struct weighed_accounts {
    VEC_FIELDS(struct weighed_account *);
    struct map by_id;
    size_t weight;
};

static void weigh(struct arena *arena, struct weighed_accounts *accounts, const char *id, size_t weight)
{
    struct weighed_account *account = map_get(&accounts->by_id, id);
    if (!account) {
        account = ARENA_NEW(arena, struct weighed_account);
        account->id = id;
        map_put(&accounts->by_id, id, account);
        *VEC_ADD(arena, accounts) = account;
        account->weight = 1;
        accounts->weight++;
    }
    account->weight += weight;
    accounts->weight += weight;
}

/* The heaviest first, so that the light ones can fill what is left. */
static int compare_accounts(const void *left, const void *right)
{
    const struct weighed_account *const *a = left, *const *b = right;
    if ((*a)->weight != (*b)->weight)
        return (*a)->weight > (*b)->weight ? -1 : 1;
    return strcmp((*a)->id, (*b)->id);
}

static size_t count_shards(const struct weighed_accounts *accounts, size_t shards_max)
{
    size_t count = (accounts->weight + MATRIX_WEIGHT_MIN - 1) / MATRIX_WEIGHT_MIN;
    count = count < accounts->count ? count : accounts->count;
    count = count < shards_max ? count : shards_max;
    return count < MATRIX_MAX ? count : MATRIX_MAX;
}

/* Each account goes to the shard that has least so far. */
static void distribute(struct arena *arena, const struct weighed_accounts *accounts, struct shard *shards,
                       size_t count)
{
    for (size_t i = 0; i < accounts->count; i++) {
        struct shard *lightest = &shards[0];
        for (size_t j = 1; j < count; j++)
            if (shards[j].weight < lightest->weight)
                lightest = &shards[j];
        strings_add(arena, &lightest->account_ids, accounts->items[i]->id);
        lightest->weight += accounts->items[i]->weight;
    }
}

static void write_shard(struct arena *arena, struct json_writer *writer, struct shard *shard, size_t number,
                        size_t count)
{
    struct buf ids;
    buf_init(&ids, MATRIX_TEXT_MAX);
    strings_sort(&shard->account_ids);
    for (size_t i = 0; i < shard->account_ids.count; i++)
        buf_addf(&ids, "%s%s", i ? "," : "", shard->account_ids.items[i]);
    json_begin_object(writer);
    json_key_string(writer, "shard", arena_printf(arena, "%zu/%zu", number, count));
    json_key_string(writer, "accounts", ids.bytes);
    json_end_object(writer);
    buf_free(&ids);
}

const char *matrix_json(struct arena *arena, const struct strings *account_ids,
                        const struct operations *operations, size_t shards_max)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct weighed_accounts accounts = {.by_id = map_new(scratch)};
    assert(shards_max);
    for (size_t i = 0; i < account_ids->count; i++)
        weigh(scratch, &accounts, account_ids->items[i], 0);
    for (size_t i = 0; i < operations->count; i++)
        weigh(scratch, &accounts, operations->items[i].account_id, 1);
    if (accounts.count)
        qsort(accounts.items, accounts.count, sizeof *accounts.items, compare_accounts);
    const size_t count = count_shards(&accounts, shards_max);
    struct shard *shards = arena_array(scratch, count + 1, sizeof *shards);
    distribute(scratch, &accounts, shards, count);

    struct buf out;
    buf_init(&out, MATRIX_TEXT_MAX);
    struct json_writer writer = json_writer_new(&out, false);
    json_begin_object(&writer);
    json_key(&writer, "include");
    json_begin_array(&writer);
    for (size_t i = 0; i < count; i++)
        write_shard(scratch, &writer, &shards[i], i + 1, count);
    json_end_array(&writer);
    json_end_object(&writer);
    bool whole = buf_finish(&out);
    assert(whole);
    const char *json = arena_strdup(arena, out.bytes);
    buf_free(&out);
    return json;
}
