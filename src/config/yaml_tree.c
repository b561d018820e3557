/* SPDX-License-Identifier: Apache-2.0 */
#include "config/yaml_tree.h"

#include "base/str.h"
#include "config/ids.h"

/* So many keys are compared one by one, which costs less than a map. */
enum { KEYS_WALKED = 8 };

bool yaml_is_null(const struct yaml_node *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    if (node->kind != NODE_TEXT || !node->plain)
        return false;
    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++)
        if (str_eq(node->text, nulls[i]))
            return true;
    return false;
}

size_t yaml_count(const struct yaml_node *node)
{
    size_t count = 0;
    for (; node; node = node->next)
        count++;
    return count;
}

bool yaml_refuse(struct diags *diags, struct span span, const char *id, const char *message, const char *hint)
{
    struct diag *diag = diag_error(diags, span, id, "%s", message);
    diag_hint(diags, diag, "%s", hint);
    return false;
}

/* The first key of the open mapping that has the same text, which may be `key` itself. */
static struct yaml_node *first_of_key(struct yaml_tree *tree, struct yaml_frame *frame, struct yaml_node *key)
{
    if (frame->key_count < KEYS_WALKED) {
        for (const struct yaml_node *value = frame->node->first; value; value = value->next)
            if (str_eq(value->key->text, key->text))
                return value->key;
        return key;
    }
    if (frame->key_count == KEYS_WALKED) {
        frame->keys = map_new(tree->arena);
        for (struct yaml_node *value = frame->node->first; value; value = value->next)
            map_put(&frame->keys, value->key->text, value->key);
    }
    return map_put(&frame->keys, key->text, key);
}

bool yaml_tree_add(struct yaml_tree *tree, struct yaml_node *node)
{
    if (tree->depth == 0) {
        tree->root = node;
        return true;
    }
    struct yaml_frame *frame = &tree->frames[tree->depth - 1];
    if (frame->node->kind == NODE_LIST || frame->key) {
        node->key = frame->key;
        frame->key = NULL;
        *frame->end = node;
        frame->end = &node->next;
        return true;
    }
    if (node->kind != NODE_TEXT)
        return yaml_refuse(tree->diags, node->span, ID_YAML_COMPLEX_KEY, "a key must be a text",
                           "a text that begins with '[' or '{' must be in quotes");
    if (node->plain && str_eq(node->text, "<<"))
        return yaml_refuse(tree->diags, node->span, ID_YAML_MERGE_KEY, "merge keys are not allowed",
                           "write the values out");
    const struct yaml_node *first = first_of_key(tree, frame, node);
    frame->key_count++;
    if (first != node) {
        struct diag *diag =
            diag_error(tree->diags, node->span, ID_DUPLICATE_KEY, "this key is given twice in one mapping");
        diag_hint(tree->diags, diag, "it is first given in line %u", (unsigned)first->span.line);
    }
    frame->key = node;
    return true;
}

void yaml_tree_open(struct yaml_tree *tree, struct yaml_node *node)
{
    tree->frames[tree->depth++] = (struct yaml_frame){.node = node, .end = &node->first};
}

struct yaml_node *yaml_tree_close(struct yaml_tree *tree)
{
    return tree->frames[--tree->depth].node;
}
