/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/config only: roles of aws-roles that pull requests may use, account by account. Whoever may use
 * a role may use those of its account that trust it, and so on; in another account that takes a policy that
 * does more than read.
 */
#ifndef IAMLEASE_CONFIG_OPEN_ROLES_H
#define IAMLEASE_CONFIG_OPEN_ROLES_H

#include "config/judging.h"
#include "policy/github_subject.h"

struct open_role {
    const struct located *subject; /* which lets them in */
    enum github_pulls pulls;
    const char *by; /* the role that the subject stands at, where that is another one; otherwise NULL */
};

/* Whether the tokens of that issuer, or such a subject, are of jobs of GitHub Actions. */
bool trust_is_of_github(const char *issuer, const char *subject);

/* Finds the roles of all teams that are open. */
void judge_find_open_roles(struct judging *judging, const struct config *config);

/* The role of that name, in any letters, if it is open in that account; or NULL. */
const struct open_role *open_role_find(const struct judging *judging, const char *account_id,
                                       const char *name);

/* The account and the name that a role's ARN says; false when it is that of no role. */
bool open_role_parse(struct arena *arena, const char *arn, const char **ret_account_id, const char **ret_name);

#endif
