/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/account_texts.h"

#include "flow/raw_text.h"

#include <stdlib.h>

enum { SIZE_MAX_LOOKED_AT = 64 * 1024 };

int account_texts_add(struct account_texts *texts, struct repo *repo, const char *team,
                      const struct tree_entry *file, struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const char *bytes;
    uint64_t number;
    if (raw_text_read(scratch, repo, file, SIZE_MAX_LOOKED_AT, &bytes, err) < 0)
        return -1;
    struct account_text *text = VEC_ADD(texts->arena, texts);
    *text = (struct account_text){.team = team, .from = texts->numbers.count, .doubtful = !bytes};
    while (bytes && raw_text_next_account(&bytes, &number))
        *VEC_ADD(texts->arena, &texts->numbers) = number;
    text->count = texts->numbers.count - text->from;
    return 0;
}

static int compare_numbers(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

struct account_numbers account_texts_of(const struct account_texts *texts, const struct map *teams)
{
    struct account_numbers accounts = {0};
    for (size_t i = 0; i < texts->count; i++) {
        const struct account_text *text = &texts->items[i];
        if (!map_get(teams, text->team))
            continue;
        for (size_t j = 0; j < text->count; j++)
            *VEC_ADD(texts->arena, &accounts) = texts->numbers.items[text->from + j];
    }
    if (accounts.count)
        qsort(accounts.items, accounts.count, sizeof *accounts.items, compare_numbers);
    return accounts;
}

bool account_text_has(const struct account_texts *texts, const struct account_text *text,
                      const struct account_numbers *accounts)
{
    for (size_t i = 0; i < text->count && accounts->count; i++)
        if (bsearch(&texts->numbers.items[text->from + i], accounts->items, accounts->count,
                    sizeof *accounts->items, compare_numbers))
            return true;
    return false;
}
