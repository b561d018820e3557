/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts that a change leaves as they are, which nearly all do, as short records: a plan asks few of them
 * what they hold.
 */
#ifndef IAMLEASE_PLAN_QUIET_H
#define IAMLEASE_PLAN_QUIET_H

#include "model/access.h"

/* What texts and policies are of lives as long as the record. Index 0 is the base, 1 is the head. */
struct quiet_fact {
    const char *declared_as, *principal, *environment, *account_id;
    const struct policy_decl *policies[2];
    int64_t starts_at_s, ends_at_s;
    uint32_t lines[2], column, length; /* of the entry's span */
    unsigned entries;
    uint8_t kind, mode, principal_kind;
    bool mode_is_fixed, require_mfa;
};

/* Those of one team. */
struct quiet_team {
    const char *name;
    const struct source_file *files[2][2]; /* that facts stand in: permanent and leases; of base and head */
    VEC_FIELDS(struct quiet_fact);
};

struct quiet_teams {
    VEC_FIELDS(struct quiet_team);
};

/*
 * Whether a fact is the same on both sides, so that a change can have no row about it, and a record says
 * all that an operation can ask for. `same_policies` says that of the two policies.
 */
bool quiet_is(const struct fact *before, const struct fact *after, bool same_policies);

/* The record; its texts are those of `after` and of the spelling. */
struct quiet_fact quiet_of(const struct fact *before, const struct fact *after, const char *declared_as,
                           const char *principal);

/* The fact of a record on one side, without descriptions, identity and lease_id. */
struct fact quiet_view(const struct quiet_team *team, const struct quiet_fact *quiet, size_t side);

/* The same, whole but for descriptions; what is new is made in `arena`. */
struct fact quiet_fact_of(struct arena *arena, const struct settings *settings, const struct quiet_team *team,
                          const struct quiet_fact *quiet, size_t side);

#endif
