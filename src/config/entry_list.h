/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/config only: a file of temporary-access as text that is edited, and what must stay the same in it. */
#ifndef IAMLEASE_CONFIG_ENTRY_LIST_H
#define IAMLEASE_CONFIG_ENTRY_LIST_H

#include "config/yaml.h"

extern const char entry_list_key[];

/* Reads a text as a file of that path would be; false when something is wrong in it. */
bool entry_list_parse(struct arena *arena, const char *path, const char *text, size_t size,
                      struct yaml_node **ret_root);

/* The value of the only key of the root; NULL where there is none, or another key. */
const struct yaml_node *entry_list_find(const struct yaml_node *root);

/* Whether two values say the same. */
bool entry_list_is_same(const struct yaml_node *a, const struct yaml_node *b);

#endif
