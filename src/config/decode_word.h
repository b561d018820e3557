/* SPDX-License-Identifier: Apache-2.0 */
/* Single nodes: whether one is what is wanted, and its text. */
#ifndef IAMLEASE_CONFIG_DECODE_WORD_H
#define IAMLEASE_CONFIG_DECODE_WORD_H

#include "base/map.h"
#include "config/grammar.h"
#include "config/yaml.h"

struct record;

/* How many choices a record has at most. */
enum { CHOICES_MAX = 8 };

struct decoder {
    struct arena *arena;
    struct diags *diags;
    const char *partition; /* in which ARNs must be; NULL while it is not known */
    size_t values;         /* how many all files have had so far */

    const struct record *chosen; /* the record that `sets` are of (decode.c) */
    uint64_t sets[CHOICES_MAX];  /* for each of its choices a bit for each of its fields that are in it */
};

/* Whether a node is of that kind and not null. */
bool decode_is(const struct yaml_node *node, enum node_kind kind);

/* The diagnostic for a node of another kind, or without a value. `name` is how it is called in a sentence. */
void decode_refuse(struct decoder *decoder, const struct yaml_node *node, const char *name,
                   enum node_kind kind);

/* Such a name: "'users'", or in the list that `key` has as its value, "an item of 'users'". */
const char *decode_name_of(struct decoder *decoder, const struct yaml_node *node, const char *key);

/* Whether `node`, the value of `key` or an item of it, is of that kind and not null; if not, there is a
 * diagnostic. */
bool decode_expect(struct decoder *decoder, const struct yaml_node *node, const char *key,
                   enum node_kind kind);

/* The text of a key, copied, or NULL with a diagnostic. A key is always a text: `no` and `null` are names like others. */
const char *decode_key(struct decoder *decoder, const struct yaml_node *node, const struct grammar *grammar);

/*
 * Whether a key of a mapping is another one to AWS, too, which compares keys of conditions and of tags
 * without regard to case (facts/aws.md §1.3); otherwise there is a diagnostic. `seen`: the keys before it, to
 * which it is added.
 */
bool decode_new_key(struct decoder *decoder, struct map *seen, const struct yaml_node *key, const char *id,
                    const char *hint);

/*
 * The text of `node`, copied; NULL, with a diagnostic, when there is none, it is empty, a list or a mapping,
 * or not what `grammar` (or NULL) wants. `key` is the key that it or its list is the value of.
 */
const char *decode_word(struct decoder *decoder, const struct yaml_node *node, const char *key,
                        const struct grammar *grammar);

#endif
