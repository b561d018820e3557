/* SPDX-License-Identifier: Apache-2.0 */
/* Roles and OIDC providers of aws-roles: the trust policy, what a reader sees of it, and what tells them apart. Pure. */
#ifndef IAMLEASE_POLICY_TRUST_H
#define IAMLEASE_POLICY_TRUST_H

#include "base/arena.h"
#include "model/configuration.h"

/* "arn:aws:iam::123456789012:oidc-provider/<issuer>" */
const char *trust_provider_arn(struct arena *arena, const char *partition, const char *account_id,
                               const char *issuer);

/*
 * The trust policy of a role in one account: a statement for each item. Subjects are compared by
 * StringEquals, or all by StringLike when one of them holds a wildcard; everything else by StringEquals.
 */
void trust_document(struct arena *arena, const char *partition, const char *account_id,
                    const struct role_decl *role, struct document *ret);

/*
 * Who may assume a role, one text for each account, principal, service, SAML provider, and subject with an
 * audience: "the subject … of … with the audience …".
 */
void trust_describe(struct arena *arena, const struct role_decl *role, struct strings *ret);

/* What a role is besides trust and policies, one text each: "sessions of 1 hour", "the tag team=payments". */
void role_describe(struct arena *arena, const struct role_decl *role, struct strings *ret);

/* The same of a provider: "the audience sts.amazonaws.com", "the thumbprint …". */
void provider_describe(struct arena *arena, const struct provider_decl *provider, struct strings *ret);

/* All that these say, as one text: equal for what is equal in AWS. Either may be NULL. */
const char *trust_canonical(struct arena *arena, const struct role_decl *role,
                            const struct provider_decl *provider);

/*
 * Whether nobody may assume `now` who may not assume `allowed`, its sessions last no longer, and all else is
 * equal. Not always true when it is so: a subject within a wildcard counts as another one.
 */
bool trust_is_within(const struct role_decl *now, const struct role_decl *allowed);

/* Whether a provider takes no token that `allowed` does not take, and all else is equal. */
bool provider_is_within(const struct provider_decl *now, const struct provider_decl *allowed);

#endif
