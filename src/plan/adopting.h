/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/plan only. --adopt: what cloud-iam-self-serve made, and the files declare, becomes ours.
 * Customer managed policies get our mark as a tag before anything else is done to them; its temporary inline
 * policies are written over, or go when what replaces them is there. What hangs on an adopted policy and
 * nobody declares is listed.
 */
#ifndef IAMLEASE_PLAN_ADOPTING_H
#define IAMLEASE_PLAN_ADOPTING_H

#include "plan/account_work.h"

/* What cloud-iam-self-serve left of those leases beside what they are now: goes, or is listed. */
void work_adopt_inline(struct account_work *work, const struct facts *facts);

/* Cleanup: of these leases, what cloud-iam-self-serve made and has ended goes. */
void work_adopt_ended(struct account_work *work, const struct facts *facts);

/* Refuses a fact whose policy has the name of one of cloud-iam-self-serve; false: that policy is none. */
bool work_refuse_self_serve(struct account_work *work, const struct fact *fact,
                            const struct observed_policy *policy);

#endif
