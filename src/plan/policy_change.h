/* SPDX-License-Identifier: Apache-2.0 */
/* What the policy behind a fact gains and loses. Many facts share few policies: each pair is compared once. */
#ifndef IAMLEASE_PLAN_POLICY_CHANGE_H
#define IAMLEASE_PLAN_POLICY_CHANGE_H

#include "model/plan.h"

struct policy_changes {
    struct arena *arena, *scratch; /* what rows hold, and all else */
    struct map known;              /* addresses of two policies → struct delta_row */
};

struct policy_changes policy_changes_new(struct arena *arena, struct arena *scratch);

/* Fills policy_changes, resources_change, policy and kept of a row; where it has one side only, kept alone. */
void policy_changes_of(struct policy_changes *changes, struct delta_row *row);

#endif
