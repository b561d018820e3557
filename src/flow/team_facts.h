/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan keeps of each team, when teams are read one by one (team_walk.h). */
#ifndef IAMLEASE_FLOW_TEAM_FACTS_H
#define IAMLEASE_FLOW_TEAM_FACTS_H

#include "config/spelling.h"
#include "plan/desired.h"
#include "plan/digest_rows.h"
#include "plan/quiet.h"

struct team_facts {
    struct arena *arena;
    const struct settings *settings[2]; /* of base and head */
    struct desired_terms terms;
    const struct spellings *spellings; /* with all principals of the teams that are added */
    struct facts kept[2];              /* those that differ */
    struct quiet_teams quiet;          /* the others */
    size_t facts_before;               /* how many the base has */
    struct digest_rows digest_rows;
};

/*
 * Adds a team; one of both sides may be NULL. Its accounts and policies live as long as `facts`, its entries need
 * not, unless this returns true: then what an entry grants ad hoc is kept too.
 */
bool team_facts_add(struct team_facts *facts, const struct team_config *before,
                    const struct team_config *after);

/* What differs and what that can concern (plan/concerned.h), sorted by identity. */
void team_facts_finish(struct team_facts *facts, struct facts *ret_before, struct facts *ret_after);

#endif
