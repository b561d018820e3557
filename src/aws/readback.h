/* SPDX-License-Identifier: Apache-2.0 */
/* Reading one object again: to settle what an answer left open, and before something is deleted. */
#ifndef IAMLEASE_AWS_READBACK_H
#define IAMLEASE_AWS_READBACK_H

#include "aws/outcome.h"
#include "model/access.h"
#include "model/oidc_provider.h"

enum readback_status {
    READBACK_FOUND,
    READBACK_ABSENT,
    READBACK_FAILED, /* outcome->explanation says why */
};

/* Texts live in the arena that was given. */
struct readback {
    enum readback_status status;
    const char *version_id;  /* of a managed policy: its default version, or the one that was asked for */
    const char *document;    /* of the version, or of the inline policy; decoded */
    const char *description; /* of a managed policy, or a role; "" when it has none */
    const char *trust;       /* of a role */
    int64_t session_s;       /* of a role: its longest session; 0: the answer does not say */
    const char *boundary;    /* of a role: ARN of its permissions boundary, or NULL */
    const char *mark;        /* of a role or provider: value of its tag "iamlease", or NULL */
    struct tags tags;        /* of a role: all of them */
    struct oidc_provider provider;
};

typedef void readback_done(void *context, const struct readback *readback, const struct outcome *outcome);

/* GetPolicy and GetPolicyVersion of its default version. */
void readback_policy(struct arena *arena, struct aws *aws, const char *account_id, const char *policy_arn,
                     readback_done *done, void *context);

/* GetPolicyVersion. */
void readback_policy_version(struct arena *arena, struct aws *aws, const char *account_id,
                             const char *policy_arn, const char *version_id, readback_done *done,
                             void *context);

/* GetUserPolicy, GetRolePolicy or GetGroupPolicy. */
void readback_inline_policy(struct arena *arena, struct aws *aws, const char *account_id,
                            enum principal_kind kind, const char *principal, const char *policy_name,
                            readback_done *done, void *context);

/* GetRole. */
void readback_role(struct arena *arena, struct aws *aws, const char *account_id, const char *role_name,
                   readback_done *done, void *context);

/* GetOpenIDConnectProvider. */
void readback_provider(struct arena *arena, struct aws *aws, const char *account_id, const char *provider_arn,
                       readback_done *done, void *context);

/* The same of two trust policies. */
bool readback_same_trust(const char *a, const char *b);

/* Whether two documents mean the same; those that cannot be read as identity policies only when they are the same text. */
bool readback_same_document(const char *a, const char *b);

#endif
