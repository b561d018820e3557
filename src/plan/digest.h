/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The digest of a change (DESIGN §4): what an approval is for. It names the rows that the change adds to and
 * takes from what is declared, as they are written: nothing merged, ended or not; the rules that touch them;
 * and what changes beside them. It depends neither on the clock, nor on AWS, on the machine, on the order of
 * files and entries, on descriptions, or on what else the base declares.
 */
#ifndef IAMLEASE_PLAN_DIGEST_H
#define IAMLEASE_PLAN_DIGEST_H

#include "model/plan.h"
#include "model/rules.h"
#include "plan/digest_rows.h"

struct digest_input {
    const struct config *before, *after;
    const struct rules *rules;                     /* that judge the change: the base's */
    const struct all_account_rules *account_rules; /* made of them, or NULL: there are none */
};

/* 64 hex digits. */
const char *digest_compute(struct arena *arena, const struct digest_input *input);

/* The same when the rows are known already: of `input` the settings and the accounts are looked at. Sorts the rows. */
const char *digest_of_rows(struct arena *arena, const struct digest_input *input, struct digest_rows *rows);

#endif
