/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/plan only: what stands in an account and is ours, or may become ours, and of which grant or
 * lease it is. Nothing is decided here.
 */
#ifndef IAMLEASE_PLAN_OURS_H
#define IAMLEASE_PLAN_OURS_H

#include "plan/account_work.h"

/* The inline policy of that name, or NULL. */
const struct inline_policy *work_find_inline(const struct observed_principal *principal, const char *name);

/* Reads the inline policy of that name, whoever's it is; false: there is none, or it cannot be read. */
bool work_read_inline(struct arena *arena, const struct observed_principal *principal, const char *name,
                      struct document *ret);

/* Reads an inline policy and says whether it carries our mark. */
bool work_is_ours(const struct account_work *work, const struct inline_policy *policy, struct document *ret);

/* Whether this run may adopt a policy that is not ours, as that of the team's grant. */
bool work_can_adopt(const struct account_work *work, const struct observed_policy *policy, const char *team,
                    const char *grant);

/* The policy of that ARN if this run adopts it, or NULL. */
const struct wanted_policy *work_find_adopting(const struct account_work *work, const char *arn);

/* Whether this run may write over an inline policy that is not ours, or take it away, as what the lease was. */
bool work_adopts_inline(const struct account_work *work, const struct fact *fact,
                        const struct inline_policy *policy);

/* Our policy of that team and grant as it stands in AWS, or NULL. */
const struct observed_policy *work_find_ours(const struct account_work *work, const char *team,
                                             const char *grant);

/* The policy of that name, where its mark is that of this lease; or NULL. */
const struct observed_policy *work_find_copy(struct account_work *work, const struct fact *fact,
                                             const char *name);

/* Whether the lease stands in AWS as managed policies. */
bool work_has_copies(struct account_work *work, const struct fact *fact);

/* Whether a document of ours, or the role of a lease, as AWS gave it ends, and no later than the lease does
 * as it is declared now. */
bool work_ends_in_time(const struct account_work *work, const struct fact *fact, const char *json);
bool work_role_ends_in_time(const struct account_work *work, const struct fact *fact,
                            const struct observed_principal *role);

/*
 * The policies that the lease is in AWS, one after the other: the first whose number is higher than *number,
 * which becomes its own; NULL behind the last. It may be more of them than it would be as it is declared now.
 */
const struct observed_policy *work_next_copy(struct account_work *work, const struct fact *fact,
                                             size_t *number);

/*
 * Whether all policies that a lease has by that mark have ended: what denies in one must stay while another
 * allows.
 */
bool work_whole_lease_has_ended(struct account_work *work, const struct mark *mark);

/* "ended at 2026-12-01T00:00:00Z", or `otherwise` when the policy is no lease or has not ended. */
const char *work_ended(struct account_work *work, const struct observed_policy *policy, const char *otherwise);

/* Whether a principal is a role that is a lease of ours; then *ret is its mark. */
bool work_is_lease_role(const struct account_work *work, const struct observed_principal *principal,
                        struct mark *ret);

/* The role of a lease as it stands in AWS, or NULL. */
const struct observed_principal *work_find_role(const struct account_work *work, const struct fact *fact);

/* Whether a principal is a role of aws-roles that we made, so that its mark has its name: a tag is copied
 * easily. Then *ret is its mark. */
bool work_is_kept_role(const struct account_work *work, const struct observed_principal *principal,
                       struct mark *ret);

/* Whether an OIDC provider is ours; then *ret is its mark. */
bool work_is_our_provider(const struct account_work *work, const struct oidc_provider *provider,
                          struct mark *ret);

/* Fills in what work_is_marked() and the members `marked` and `applied` tell. */
void work_collect_known(struct account_work *work);

/*
 * Whether that ARN is one of a policy of ours, or will be after this run. Such a policy comes with its own
 * grant only: whoever reaches for it by its ARN reaches past the team that it belongs to.
 */
bool work_is_marked(struct account_work *work, const char *arn);

#endif
