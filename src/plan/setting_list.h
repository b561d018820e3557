/* SPDX-License-Identifier: Apache-2.0 */
/* Settings as a list of names and texts, so that two of them can be compared, and hashed. */
#ifndef IAMLEASE_PLAN_SETTING_LIST_H
#define IAMLEASE_PLAN_SETTING_LIST_H

#include "model/configuration.h"

struct setting {
    const char *name;  /* as in iamlease.yaml: "limits.max_days", "environments.prod.require_mfa" */
    const char *value; /* "6"; of a list its elements, sorted: "a, b" */
    bool is_rule;      /* read from the base (DESIGN §2); otherwise mapping */
    const char *note;  /* of mapping: what follows when it changes; otherwise NULL */
};

struct setting_list {
    VEC_FIELDS(struct setting); /* sorted by name, each once */
};

/* What is not set, and has no default, is not in the list. */
void setting_list_make(struct arena *arena, const struct settings *settings, struct setting_list *ret);

/* The rules alone. */
void setting_list_make_rules(struct arena *arena, const struct rules *rules, struct setting_list *ret);

#endif
