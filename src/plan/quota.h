/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: which attachments and inline policies fit into the quotas of a principal (IAM user
 * guide, "IAM and AWS STS quotas"). */
#ifndef IAMLEASE_PLAN_QUOTA_H
#define IAMLEASE_PLAN_QUOTA_H

#include "plan/account_work.h"

/*
 * Refuse, with a problem each, what does not fit beside what is there when all is done; when it fits only
 * once others have gone, those go first. Every inline policy counts, foreign ones too; those that shrink
 * stand first afterwards, and a live lease of ours that is refused is taken away. The first gives true when
 * inline policies stay that were to go: then those must be fitted again.
 */
bool quota_fit_attachments(struct account_work *work, struct principal_work *principal);
void quota_fit_inline(struct account_work *work, struct principal_work *principal);

/* Adds a problem when the account as a whole cannot hold what is planned. */
void quota_judge_account(struct account_work *work);

/* How much more room an inline policy takes than what it overwrites; negative when it takes less. */
int64_t quota_growth(const struct wanted_object *object);

#endif
