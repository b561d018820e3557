/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: what cloud-iam-self-serve left and nobody declares is listed, and nothing is done to it. */
#ifndef IAMLEASE_PLAN_ADOPT_LEFTOVERS_H
#define IAMLEASE_PLAN_ADOPT_LEFTOVERS_H

#include "plan/account_work.h"

/* Lists what a temporary grant got attached without an end; `listed`: keys of what was, to be listed once. */
void work_list_endless(struct account_work *work, const struct fact *fact,
                       const struct observed_principal *principal, struct map *listed);

/* Lists policies of cloud-iam-self-serve that are none of ours and that no fact needs. */
void work_list_self_serve(struct account_work *work);

/* Who has an adopted policy attached and is declared by nobody: "user carol" each; known when all that goes is. */
struct strings work_find_holders(struct account_work *work, const struct observed_policy *policy);

/* A notice for each of them. */
void work_list_holders(struct account_work *work, const struct observed_policy *policy,
                       const struct mark *mark);

/*
 * Adds a problem when the policy of a fact that nobody declares any more may have been adopted, and nobody
 * can say whether: then it cannot be taken away.
 */
void work_report_unread(struct account_work *work, const struct observed_principal *principal,
                        const struct fact *fact);

#endif
