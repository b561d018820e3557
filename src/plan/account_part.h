/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/plan only: the plan of one account, made in memory of its own. Of what it takes to find the
 * operations of an account, little is left when they are found: that is copied, and the rest goes.
 */
#ifndef IAMLEASE_PLAN_ACCOUNT_PART_H
#define IAMLEASE_PLAN_ACCOUNT_PART_H

#include "model/plan.h"

struct account_part {
    struct arena *scratch; /* for the work on the account */
    struct plan plan;      /* its operations, problems, notices and drift only */
};

/* Begins the part of one account of `plan`, by whose settings and clock it is made. */
struct account_part account_part_new(const struct plan *plan);

/*
 * Adds what the part holds to the plan and frees the part. Texts are copied to `arena`, equal ones once; ids
 * of accounts and the facts of problems are not, and live as long as it.
 */
void account_part_keep(struct arena *arena, struct account_part *part, struct plan *plan);

#endif
