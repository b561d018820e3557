/* SPDX-License-Identifier: Apache-2.0 */
/* Of a team's facts of which nothing else is kept: whose they are, and where. */
#ifndef IAMLEASE_FLOW_QUIET_FACTS_H
#define IAMLEASE_FLOW_QUIET_FACTS_H

#include "config/spelling.h"

/* Facts that come to the same. */
struct quiet_facts {
    const struct spelling *principal;
    const char *account_id;
    bool names_customer_policy;
};

struct quiet_team {
    VEC_FIELDS(struct quiet_facts);
};

/* Adds a fact, whose account id lives as long as the team. Facts come sorted. */
void quiet_team_add(struct arena *arena, struct quiet_team *team, const struct spelling *principal,
                    const struct fact *fact);

/* A copy that takes no more than what stands in it: a list that grew step by step takes three times as much. */
struct quiet_team quiet_team_copy(struct arena *arena, const struct quiet_team *team);

/* The part of a fact that plan/concerned.h looks at; no grant, because those of other teams are none of its affair. */
struct fact quiet_facts_view(const struct quiet_facts *quiet);

#endif
