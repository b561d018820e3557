/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/config only: roles of aws-roles that trust pull requests. Such a role must only read, whichever
 * entry of whichever team grants it something. */
#ifndef IAMLEASE_CONFIG_PULL_REQUEST_RULES_H
#define IAMLEASE_CONFIG_PULL_REQUEST_RULES_H

#include "config/judging.h"

/* Whether the tokens of that issuer, or such a subject, are of jobs of GitHub Actions. */
bool trust_is_of_github(const char *issuer, const char *subject);

/* A subject of GitHub, against what the role's own entry allows. */
void judge_pull_request_subject(struct judging *judging, const struct access_entry *entry,
                                const struct located *subject);

/* Finds the roles of all teams that pull requests may use, account by account. */
void judge_find_open_roles(struct judging *judging, const struct config *config);

/* What any other entry grants to one of these. */
void judge_pull_request_grants(struct judging *judging, const struct access_entry *entry);

#endif
