/* SPDX-License-Identifier: Apache-2.0 */
/* The rows that a change adds to and takes from what is declared, team by team: what its digest is made of. */
#ifndef IAMLEASE_PLAN_DIGEST_ROWS_H
#define IAMLEASE_PLAN_DIGEST_ROWS_H

#include "plan/declared.h"

struct digest_rows {
    struct arena *arena;
    bool users_are_named_alike;              /* by both sides */
    struct map accounts, grants;             /* that changed rows name: each once */
    struct strings rows;                     /* "+" or "-" and a hash, of rows that only one side has */
    struct strings account_ids, grant_names; /* the keys of these maps */
    struct strings teams;                    /* with changed rows */
};

struct digest_rows digest_rows_new(struct arena *arena, const struct settings *before,
                                   const struct settings *after);

/* One team on one side, and the rows that it declares; `team` is NULL where it is not there. */
struct declared_team {
    const struct team_config *team;
    struct declared declared;
};

/* Adds those of one team, in the order of teams' names. Nothing of what it is given is kept. */
void digest_rows_add(struct digest_rows *all, const struct declared_team *before,
                     const struct declared_team *after);

#endif
