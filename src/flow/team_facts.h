/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plan keeps of each team, when teams are read one by one (team_walk.h): facts that differ, facts of
 * the same team that these can concern (plan/concerned.h), and of all others only whose they are.
 */
#ifndef IAMLEASE_FLOW_TEAM_FACTS_H
#define IAMLEASE_FLOW_TEAM_FACTS_H

#include "flow/kept_facts.h"
#include "flow/quiet_facts.h"
#include "plan/concerned.h"
#include "plan/desired.h"
#include "plan/digest_rows.h"

struct team_facts {
    struct arena *arena, *scratch;      /* what is kept in the end; what is kept for the time being */
    const struct settings *settings[2]; /* of base and head */
    struct desired_terms terms;
    const struct spellings *spellings; /* with all principals of the teams that are added */
    struct arena *lists[2];            /* of the next two, by side; freed when all is finished */
    struct kept_facts differing[2], concerned[2];
    struct {
        VEC_FIELDS(struct quiet_team);
    } teams;             /* in the order in which they were added */
    size_t facts_before; /* how many the base has */
    struct digest_rows digest_rows;
    struct concern concern; /* made by team_facts_settle */
};

/* Adds a team, of which one side may be NULL. Its account ids live as long as `facts`, all else need not. */
void team_facts_add(struct team_facts *facts, const struct team_config *before,
                    const struct team_config *after);

/* When all teams are there: finds out what is concerned in one because of another. */
void team_facts_settle(struct team_facts *facts);

/* Whether that is so of the team at that place: then it has to be looked at again. */
bool team_facts_lacks(struct team_facts *facts, size_t place);
void team_facts_add_concerned(struct team_facts *facts, const struct team_config *before,
                              const struct team_config *after);

/* Frees the lists, where they are not finished. */
void team_facts_free(struct team_facts *facts);

/* All that was kept, sorted by identity. */
void team_facts_finish(struct team_facts *facts, struct facts *ret_before, struct facts *ret_after);

#endif
