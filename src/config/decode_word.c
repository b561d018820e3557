/* SPDX-License-Identifier: Apache-2.0 */
#include "config/decode_word.h"

#include "base/str.h"
#include "config/ids.h"
#include "config/shown.h"

bool decode_is(const struct yaml_node *node, enum node_kind kind)
{
    return node->kind == kind && !yaml_is_null(node);
}

void decode_refuse(struct decoder *decoder, const struct yaml_node *node, const char *name,
                   enum node_kind kind)
{
    static const char *const kinds[] =
        {[NODE_TEXT] = "a text", [NODE_LIST] = "a list", [NODE_MAPPING] = "a mapping"};
    static const char *const hints[] = {[NODE_TEXT] = "write a single value",
                                        [NODE_LIST] =
                                            "write each value on a line of its own, beginning with '- '",
                                        [NODE_MAPPING] = "write 'key: value' lines, indented"};
    if (!yaml_is_null(node)) {
        struct diag *diag = diag_error(decoder->diags, node->span, ID_WRONG_TYPE, "%s must be %s, not %s",
                                       name, kinds[kind], kinds[node->kind]);
        diag_hint(decoder->diags, diag, "%s", hints[kind]);
        return;
    }
    struct span span = node->key ? node->key->span : node->span; /* nothing stands there to point at */
    struct diag *diag = diag_error(decoder->diags, span, ID_MISSING_VALUE, "%s has no value", name);
    if (*node->text)
        diag_hint(decoder->diags, diag, "if '%s' is meant as a text, put it in quotes", node->text);
    else
        diag_hint(decoder->diags, diag, "give it a value or remove it");
}

const char *decode_name_of(struct decoder *decoder, const struct yaml_node *node, const char *key)
{
    struct arena *arena = decoder->diags->arena;
    return arena_printf(arena, node->key ? "'%s'" : "an item of '%s'", shown(arena, key));
}

bool decode_expect(struct decoder *decoder, const struct yaml_node *node, const char *key, enum node_kind kind)
{
    if (decode_is(node, kind))
        return true;
    decode_refuse(decoder, node, decode_name_of(decoder, node, key), kind);
    return false;
}

static void refuse_word(struct decoder *decoder, const struct yaml_node *node, const struct grammar *grammar)
{
    struct diag *diag = diag_error(decoder->diags, node->span, grammar->id, "'%s' is not %s",
                                   shown(decoder->diags->arena, node->text), grammar->what);
    size_t count = 0;
    while (grammar->words && grammar->words[count])
        count++;
    const char *nearest = str_nearest(node->text, grammar->words, count);
    if (nearest)
        diag_hint(decoder->diags, diag, "did you mean '%s'?", nearest);
    else
        diag_hint(decoder->diags, diag, "%s", grammar->hint);
}

static bool check_partition(struct decoder *decoder, const struct yaml_node *node)
{
    if (!decoder->partition || grammar_arn_in_partition(node->text, decoder->partition))
        return true;
    struct diag *diag = diag_error(decoder->diags, node->span, ID_WRONG_PARTITION,
                                   "this ARN is not in the partition '%s'", decoder->partition);
    diag_hint(decoder->diags, diag, "begin it with 'arn:%s:', or set aws.partition in iamlease.yaml",
              decoder->partition);
    return false;
}

const char *decode_key(struct decoder *decoder, const struct yaml_node *node, const struct grammar *grammar)
{
    if (!grammar->matches(node->text)) {
        refuse_word(decoder, node, grammar);
        return NULL;
    }
    if (grammar->arn && !check_partition(decoder, node))
        return NULL;
    return arena_strdup(decoder->arena, node->text);
}

bool decode_new_key(struct decoder *decoder, struct map *seen, const struct yaml_node *key, const char *id,
                    const char *hint)
{
    struct yaml_node *copy = ARENA_NEW(seen->arena, struct yaml_node);
    *copy = *key;
    const struct yaml_node *first = map_put(seen, str_lower(seen->arena, key->text), copy);
    if (first == copy || str_eq(first->text, key->text)) /* the same spelling is a duplicate key already */
        return true;
    struct diag *diag =
        diag_error(decoder->diags, key->span, id, "'%s' and '%s' are one key to AWS",
                   shown(decoder->diags->arena, key->text), shown(decoder->diags->arena, first->text));
    diag_hint(decoder->diags, diag, "%s", hint);
    return false;
}

const char *decode_word(struct decoder *decoder, const struct yaml_node *node, const char *key,
                        const struct grammar *grammar)
{
    if (!decode_expect(decoder, node, key, NODE_TEXT))
        return NULL;
    if (!*node->text) {
        struct diag *diag = diag_error(decoder->diags, node->span, ID_MISSING_VALUE, "%s is empty",
                                       decode_name_of(decoder, node, key));
        diag_hint(decoder->diags, diag, "give it a value or remove it");
        return NULL;
    }
    return grammar ? decode_key(decoder, node, grammar) : arena_strdup(decoder->arena, node->text);
}
