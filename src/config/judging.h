/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/config only: what config_judge (config.h) does, one subject in each file. */
#ifndef IAMLEASE_CONFIG_JUDGING_H
#define IAMLEASE_CONFIG_JUDGING_H

#include "base/map.h"
#include "config/config.h"

/* A policy of the team, and the size of its lease, once it was measured. */
struct judged_policy {
    const struct policy_decl *decl;
    bool is_measured;
    size_t lease_size;
};

struct judging {
    struct arena *arena, *scratch; /* of all teams; of one */
    struct diags *diags;
    const struct settings *settings;
    const struct judge *judge;
    struct map grant_rules;    /* name → struct grant_rules */
    struct map allowed_pairs;  /* "team/account" that section `teams` allows */
    struct map inline_budgets; /* account id → struct account_budgets: see sizes.c */
    struct map open_roles;     /* "account/role" → struct open_role: see open_roles.c */

    const struct team_config *team;
    struct map accounts; /* of the team: environment → struct account_decl */
    struct map policies; /* of the team: name → struct judged_policy */
};

/* The end of an entry against every limit; false when it has ended: then nothing else matters. */
bool judge_expiry(struct judging *judging, const struct access_entry *entry);

/* Reason, MFA, and roles that are ours. */
void judge_requirements(struct judging *judging, const struct access_entry *entry);

/* The pairs of team and account. */
void judge_accounts(struct judging *judging);

/* A declared policy, or what an entry grants ad hoc, against the guardrails. `span`: where it stands. */
void judge_guardrails(struct judging *judging, const struct policy_decl *policy, struct span span);

/* Whom a role trusts, and where it stands; nothing for other entries of aws-roles. */
void judge_trust(struct judging *judging, const struct access_entry *entry);

/* The permissions boundaries of roles of aws-roles and of leases in mode role, in each of their accounts. */
void judge_boundary(struct judging *judging, const struct access_entry *entry);

/* The documents that a temporary entry's leases would have. */
void judge_sizes(struct judging *judging, const struct access_entry *entry);

#endif
