/* SPDX-License-Identifier: Apache-2.0 */
/* The tree that yaml.c builds from libyaml's events: what is open, and what a node in it may be. */
#ifndef IAMLEASE_CONFIG_YAML_TREE_H
#define IAMLEASE_CONFIG_YAML_TREE_H

#include "base/map.h"
#include "config/yaml.h"

/* A list or mapping that is still open. */
struct yaml_frame {
    struct yaml_node *node;
    struct yaml_node **end; /* where its next value is linked in */
    struct yaml_node *key;  /* of a mapping: the key whose value comes next */
    size_t key_count;
    struct map keys; /* of a mapping with more than KEYS_WALKED keys: text → its first node */
};

/* Begins with an arena and diagnostics, all else zero. */
struct yaml_tree {
    struct arena *arena;
    struct diags *diags;
    struct yaml_node *root;
    struct yaml_frame frames[YAML_DEPTH_MAX];
    size_t depth;
};

/* Links a node into the mapping or list that is open, or makes it the root. False, with an error, for a key
 * that is none; a key that is there already is an error too, and the reading goes on. */
bool yaml_tree_add(struct yaml_tree *tree, struct yaml_node *node);

/* Opens a list or mapping that was added; there are fewer than YAML_DEPTH_MAX open. */
void yaml_tree_open(struct yaml_tree *tree, struct yaml_node *node);

/* Closes the one that was opened last, and gives it. */
struct yaml_node *yaml_tree_close(struct yaml_tree *tree);

/* Reports an error with a hint; false, for the caller to return. */
bool yaml_refuse(struct diags *diags, struct span span, const char *id, const char *message, const char *hint);

#endif
