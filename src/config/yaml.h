/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML as a tree of nodes, each with its place. Of YAML only that is read which a reviewer sees at a glance:
 * no aliases, anchors, tags, merge keys, directives or second documents. Scalars are texts; whoever decodes
 * them says what they mean.
 */
#ifndef IAMLEASE_CONFIG_YAML_H
#define IAMLEASE_CONFIG_YAML_H

#include "base/diag.h"

#include <stdbool.h>

/* How deep lists and mappings may be nested in each other, and how many nodes one file may have: memory stays bounded. */
enum { YAML_DEPTH_MAX = 32, YAML_NODES_MAX = 200000 };

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAPPING };

struct yaml_node {
    enum node_kind kind;
    bool plain;              /* NODE_TEXT: written without quotes, so that it may mean null */
    struct span span;        /* the value; of something over several lines, its first one */
    const char *text;        /* NODE_TEXT; holds no NUL, no invisible characters but tabs and newlines */
    struct yaml_node *key;   /* of a value in a mapping, otherwise NULL; always a NODE_TEXT */
    struct yaml_node *first; /* NODE_LIST, NODE_MAPPING: the first value in it */
    struct yaml_node *next;  /* the value behind this one */
};

/*
 * Reads `file` into `arena`. *ret_root is NULL when there is nothing but comments. False when it cannot be
 * read: then `diags` says where and why, and there is no tree. A key that is given twice is a diagnostic too,
 * but reading goes on.
 */
bool yaml_parse(struct arena *arena, const struct source_file *file, struct yaml_node **ret_root,
                struct diags *diags);

/* How many values a list or mapping has from this one on, itself included. */
size_t yaml_count(const struct yaml_node *node);

/* Nothing stands there: an empty plain scalar, '~' or 'null'. */
bool yaml_is_null(const struct yaml_node *node);

#endif
