/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/config only: roles of aws-roles that pull requests may use. Such a role must only read,
 * whichever entry of whichever team grants it something. */
#ifndef IAMLEASE_CONFIG_PULL_REQUEST_RULES_H
#define IAMLEASE_CONFIG_PULL_REQUEST_RULES_H

#include "config/judging.h"

/* A subject of GitHub, against what the role's own entry allows. */
void judge_pull_request_subject(struct judging *judging, const struct access_entry *entry,
                                const struct located *subject);

/* A role that is trusted, which may be open to pull requests, against the same. */
void judge_pull_request_principal(struct judging *judging, const struct access_entry *entry,
                                  const struct located *principal);

/* What any other entry grants to a role that is open. */
void judge_pull_request_grants(struct judging *judging, const struct access_entry *entry);

#endif
