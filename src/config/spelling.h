/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A quick look, team by team, whether names that differ in the files might be one in AWS. It errs on the side
 * of yes: check_collisions (config/check.h), which needs all teams in memory, says what is so and where.
 */
#ifndef IAMLEASE_CONFIG_SPELLING_H
#define IAMLEASE_CONFIG_SPELLING_H

#include "base/map.h"
#include "model/access.h"

/* The one way in which a principal is written; these texts live as long as the spellings. */
struct spelling {
    enum principal_kind kind;
    const char *declared_as, *principal;
};

struct spellings {
    struct arena *arena, *scratch; /* of principals and their texts; of all else, which nobody asks for */
    const struct settings *settings;
    struct map usernames;                        /* address → struct username, of settings.usernames */
    struct map principals[PRINCIPAL_KIND_COUNT]; /* name in IAM in small letters → struct spelling */
    struct map policies;                         /* name in AWS in small letters → struct named */
};

struct spellings spellings_new(struct arena *arena, struct arena *scratch, const struct settings *settings);

/*
 * Adds what a team declares, on either side of a change, but for what it shares with `added` (the team on the
 * other side, or NULL); all of it is copied but the team's name. False: two
 * names may be one, or nobody says whom an address stands for.
 */
bool spellings_add(struct spellings *spellings, const struct team_config *team,
                   const struct team_config *added);

/* The spelling of a principal that was added. */
const struct spelling *spellings_find(const struct spellings *spellings, enum principal_kind kind,
                                      const char *principal);

#endif
