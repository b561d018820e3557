/* SPDX-License-Identifier: Apache-2.0 */
#include "model/imported.h"

#include <stdlib.h>
#include <string.h>

const char *left_kind_name(enum left_kind kind)
{
    static const char *const names[LEFT_KIND_COUNT] = {
        [LEFT_ATTACHMENT] = "attachment",
        [LEFT_INLINE_POLICY] = "inline-policy",
        [LEFT_BOUNDARY] = "boundary",
        [LEFT_MEMBERSHIP] = "membership",
        [LEFT_INSTANCE_PROFILE] = "instance-profile",
        [LEFT_POLICY] = "policy",
        [LEFT_ROLE] = "role",
        [LEFT_PROVIDER] = "oidc-provider",
    };
    return names[kind];
}

bool imported_is_whole(const struct imported *imported)
{
    for (size_t i = 0; i < imported->left.count; i++) {
        const struct left_behind *left = &imported->left.items[i];
        if ((left->kind != LEFT_ROLE && left->kind != LEFT_PROVIDER) || left->goes ||
            strcmp(left->reason, "of-iamlease") == 0)
            return false;
    }
    return true;
}

size_t imported_goes(const struct imported *imported, bool own_only)
{
    size_t count = 0;
    for (size_t i = 0; i < imported->left.count; i++)
        count += imported->left.items[i].goes && (imported->left.items[i].is_own || !own_only);
    return count;
}

static int compare(const void *left, const void *right)
{
    const struct left_behind *a = left, *b = right;
    int order = strcmp(a->account_id, b->account_id);
    if (!order)
        order = (int)a->kind - (int)b->kind;
    if (!order)
        order = (int)a->principal_kind - (int)b->principal_kind;
    if (!order)
        order = strcmp(a->principal ? a->principal : "", b->principal ? b->principal : "");
    return order ? order : strcmp(a->what, b->what);
}

void left_sort(struct left_list *left)
{
    if (left->count)
        qsort(left->items, left->count, sizeof *left->items, compare);
}
