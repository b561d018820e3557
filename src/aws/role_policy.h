/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The least permissions of the two roles that the program assumes in an account, made from the table of
 * actions that it calls (iam_request.h): what is not in them is not called, what is called is in them.
 */
#ifndef IAMLEASE_AWS_ROLE_POLICY_H
#define IAMLEASE_AWS_ROLE_POLICY_H

#include "aws/aws.h"
#include "base/buf.h"
#include "model/configuration.h"

/* False when there is no role of that name: "deployer" or "plan". */
bool role_kind_find(const char *name, enum role_kind *ret);

/*
 * Writes the policy document, as `aws iam put-role-policy` takes it. It is narrow where IAM can be narrow:
 * managed policies and roles of ours are written at settings.policy_path only, a role and an
 * OIDC provider come to be, and get tags, with our mark only, and only a provider that has it is changed,
 * no role and no provider that has another owner's;
 * where settings.permissions_boundary is set, a role gets no other boundary than that, which stays; the
 * deployer role is denied every write to itself, to the plan role, to those of the hub and to the one by
 * which bootstrap came in, where the settings name it.
 *
 * `adopts`: with what it takes to adopt policies of cloud-iam-self-serve, at the path "/", and to look after
 * those that were adopted: a policy without the tag "iamlease" gets one of settings.owner, and nothing else
 * is done to any that has none.
 */
void role_policy_write(struct buf *out, enum role_kind role, const struct settings *settings, bool adopts);

#endif
