/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: the policy documents of bootstrap's roles, as minified JSON. */
#ifndef IAMLEASE_PLAN_BOOTSTRAP_DOCUMENTS_H
#define IAMLEASE_PLAN_BOOTSTRAP_DOCUMENTS_H

#include "plan/bootstrap_wanted.h"

/* All inline policies of a role together (IAM User Guide, "IAM and AWS STS quotas"). */
enum { BOOTSTRAP_POLICY_MAX = 10240 };

struct wanting {
    struct arena *arena;
    const struct bootstrap_input *input;
    const struct settings *settings;
    const struct bootstrap_settings *bootstrap;
};

/* "arn:aws:iam::ACCOUNT:role/NAME" */
const char *bootstrap_arn(const struct wanting *wanting, const char *account_id, const char *kind,
                          const char *name);

/* The issuer without "https://". */
const char *bootstrap_provider_url(const struct wanting *wanting);

/* What GitHub's tokens for STS have as `aud`. */
const char *bootstrap_audience(const struct wanting *wanting);

/* The operator by which the subjects of tokens are compared: as they are, or as patterns. */
#define BOOTSTRAP_EXACTLY "StringEquals"
#define BOOTSTRAP_LIKE    "StringLike"

/* Trust in tokens of GitHub that have one of these subjects; trust in one role of the hub account. */
const char *bootstrap_token_trust(const struct wanting *wanting, const char *operator,
                                  const struct strings * subjects);
const char *bootstrap_role_trust(const struct wanting *wanting, const char *hub_role);

/*
 * What may be done by a role that jobs begin with: assume that role in every account of the input. ERR_USAGE:
 * these are more than fit into the policies of a role, and no organization is named.
 */
int bootstrap_assume_policy(const struct wanting *wanting, const char *role, const char **ret,
                            struct err *err);

#endif
