/* SPDX-License-Identifier: Apache-2.0 */
/* What decoded files say about each other. */
#ifndef IAMLEASE_CONFIG_CHECK_H
#define IAMLEASE_CONFIG_CHECK_H

#include "base/map.h"
#include "model/configuration.h"

/* More grants than this (principals × environments × grants, over all entries) are refused: memory stays bounded. */
enum { CHECK_GRANTS_MAX = 200000 };

/* What was lost in decoding: it must not be reported as missing too. */
struct team_gaps {
    bool accounts, policies;           /* the file could not be read */
    bool values;                       /* some value was refused */
    const struct team_config *checked; /* what has no gaps and is shared with this team was checked; or NULL */
};

/* Over all teams: how many grants there are, and how many names may still be compared for "did you mean". */
struct check_totals {
    uint64_t grants;
    size_t comparisons_left;
};

struct check_totals check_totals_new(void);

/*
 * One team by itself: every environment and grant of an entry is declared, entries have principals, policies
 * allow something and fit. Returns false when there are more than CHECK_GRANTS_MAX grants: then nothing may
 * be done that takes time for each of them. An entry that refers to nothing is marked as incomplete.
 */
bool check_team(struct team_config *team, struct team_gaps gaps, struct check_totals *totals,
                struct diags *diags);

/* Roles of aws-roles that two teams want in one account, in `head` or one in each; providers that differ. */
void check_role_names(const struct config *base, const struct config *head, struct diags *diags);

/* The name of a role of aws-roles. */
void check_role(const struct access_entry *entry, struct diags *diags);

/* Roles of aws-roles where the provider that they name is not declared. `environments`: name → struct
 * account_decl. */
void check_providers_are_there(const struct team_config *team, const struct map *environments,
                               struct diags *diags);

/* All teams together: names that differ in the files and are one in AWS. */
void check_collisions(const struct config *config, struct diags *diags);

#endif
