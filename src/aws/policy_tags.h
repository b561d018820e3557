/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the tags of a customer managed policy: no listing of AWS's shows them. */
#ifndef IAMLEASE_AWS_POLICY_TAGS_H
#define IAMLEASE_AWS_POLICY_TAGS_H

#include "aws/outcome.h"
#include "model/observed.h"

/* Called when it is over; `outcome` is that of the last page. */
typedef void policy_tags_done(void *context, const struct outcome *outcome);

/*
 * ListPolicyTags, all pages: sets `tag` or `tag_error` of the policy, in `arena`; the policy stays where it
 * is until `done` is called.
 */
void policy_tags_read(struct arena *arena, struct aws *aws, const char *account_id,
                      struct observed_policy *policy, policy_tags_done *done, void *context);

#endif
