/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/account_ids.h"

int account_ids_add(struct arena *arena, struct repo *repo, const struct source *source, struct strings *ret,
                    struct err *err)
{
    const struct map none = map_new(arena);
    struct diags ignored = diags_new(arena);
    struct source accounts = *source;
    if (source->only && source->only_accounts) {
        accounts.only = &none;
        accounts.only_accounts = NULL;
        accounts.inputs = (struct config_inputs){0};
        if (source_load(arena, repo, &accounts, &ignored, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < accounts.config->count; i++)
        for (size_t j = 0; j < accounts.config->items[i].accounts.count; j++)
            strings_add(arena, ret, accounts.config->items[i].accounts.items[j].account_id.text);
    return 0;
}
