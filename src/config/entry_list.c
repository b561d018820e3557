/* SPDX-License-Identifier: Apache-2.0 */
#include "config/entry_list.h"

#include "base/str.h"

const char entry_list_key[] = "temporary-access";

bool entry_list_parse(struct arena *arena, const char *path, const char *text, size_t size,
                      struct yaml_node **ret_root)
{
    struct source_file *file = ARENA_NEW(arena, struct source_file);
    struct diags diags = diags_new(arena);
    *file = (struct source_file){.path = path, .text = text, .size = size};
    return yaml_parse(arena, file, ret_root, &diags) && !diags.errors;
}

const struct yaml_node *entry_list_find(const struct yaml_node *root)
{
    if (!root || root->kind != NODE_MAPPING || !root->first || root->first->next ||
        !str_eq(root->first->key->text, entry_list_key))
        return NULL;
    return root->first;
}

bool entry_list_is_same(const struct yaml_node *a, const struct yaml_node *b)
{
    if (a->kind != b->kind || !a->key != !b->key || (a->key && !str_eq(a->key->text, b->key->text)))
        return false;
    if (a->kind == NODE_TEXT)
        return str_eq(a->text, b->text) && yaml_is_null(a) == yaml_is_null(b);
    for (a = a->first, b = b->first; a && b; a = a->next, b = b->next)
        if (!entry_list_is_same(a, b))
            return false;
    return !a && !b;
}
