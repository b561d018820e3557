/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/shard.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum { SHARDS_MAX = 256 };

/* "2/3"; -1 when it is something else. */
static int parse(const char *text, long *ret_number, long *ret_count)
{
    char *end;
    if (*text < '1' || *text > '9')
        return -1;
    *ret_number = strtol(text, &end, 10);
    if (*end != '/' || end[1] < '1' || end[1] > '9')
        return -1;
    *ret_count = strtol(end + 1, &end, 10);
    return *end || *ret_count > SHARDS_MAX || *ret_number > *ret_count ? -1 : 0;
}

struct strings account_lists_split(struct arena *arena, const struct strings *lists)
{
    struct strings ids = {0};
    for (size_t i = 0; lists && i < lists->count; i++)
        for (const char *from = lists->items[i]; *from;) {
            size_t size = strcspn(from, ", ");
            if (size)
                strings_add(arena, &ids, arena_strndup(arena, from, size));
            from += size + (from[size] != 0);
        }
    return ids;
}

int shard_check(const struct run *run, const struct apply_request *request, struct err *err)
{
    long number, count;
    const struct strings ids = account_lists_split(run->arena, request->accounts);
    if (!request->shard)
        return ids.count ? err_set(err, ERR_USAGE, "--accounts belongs to --shard; give both, from the matrix")
                         : 0;
    if (parse(request->shard, &number, &count) < 0)
        return err_set(err, ERR_USAGE, "--shard '%s' is not the number of a shard such as 1/3",
                       request->shard);
    if (!ids.count || !request->head)
        return err_set(err, ERR_USAGE,
                       "--shard needs --accounts, from the same row of the matrix, and --head, the commit that "
                       "was planned: so that all shards apply one commit");
    for (size_t i = 0; i < ids.count; i++)
        if (!account_id_is_valid(ids.items[i]))
            return err_set(err, ERR_USAGE, "--accounts: '%s' is not the id of an account", ids.items[i]);
    return 0;
}

void shard_limit(const struct run *run, const struct apply_request *request, const struct findings *findings,
                 struct needs *needs)
{
    size_t kept = 0;
    long number = 0, count = 0;
    const struct strings ids = account_lists_split(run->arena, request->accounts);
    if (!request->shard || parse(request->shard, &number, &count) < 0)
        return;
    for (size_t i = 0; i < needs->count; i++) {
        const char *id = needs->items[i].account_id;
        bool is_unplanned = !config_names_account(findings->head.config, id) &&
                            !strings_contain(&findings->history.applied_accounts, id);
        if (strings_contain(&ids, id) || (number == 1 && is_unplanned))
            needs->items[kept++] = needs->items[i];
    }
    needs->count = kept;
}
