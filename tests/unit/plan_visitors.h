/* SPDX-License-Identifier: Apache-2.0 */
/* Who may assume a role, by its trust policy: a reading of its own, to judge plans by. */
#ifndef IAMLEASE_UNIT_PLAN_VISITORS_H
#define IAMLEASE_UNIT_PLAN_VISITORS_H

#include "base/arena.h"
#include "model/policy_document.h"

#include <stdbool.h>

/* Somebody who asks to be let in: a principal as trust policies name it, and what his request says. */
struct visitor {
    const char *principal;       /* "AWS:arn:…", "Service:…", "Federated:…" */
    struct strings keys, values; /* of a token: "id.example.com/a:sub" and "s" */
};

struct visitors {
    VEC_FIELDS(struct visitor);
};

/* Adds whoever a trust policy lets in, each by himself; what a wildcard stands for is one of them. */
void plan_visitors_of(struct arena *arena, const struct document *trust, struct visitors *ret);

/* Whether a trust policy lets him in at that time. */
bool plan_visitor_gets_in(const struct document *trust, const struct visitor *visitor, int64_t at_s);

/* Whether the conditions of a statement on the time are met; others are taken for met. */
bool plan_is_in_force(const struct statement *statement, int64_t at_s);

#endif
