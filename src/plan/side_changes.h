/* SPDX-License-Identifier: Apache-2.0 */
/* What changes beside access: settings, and the accounts that names of environments stand for. */
#ifndef IAMLEASE_PLAN_SIDE_CHANGES_H
#define IAMLEASE_PLAN_SIDE_CHANGES_H

#include "model/plan.h"

struct side_input {
    const struct config *before, *after;
    bool before_is_empty; /* there was no configuration: the rules of `after` hold at once */
    const struct all_account_rules *escaping;    /* accounts whose new names lose rules: these; or NULL */
    const struct all_account_rules *rules_after; /* by these names; may be NULL where `escaping` is */
    const struct strings *teams; /* accounts of these only; empty: of all. Settings concern everybody. */
};

/*
 * Adds rows to ret->side, sorted by risk, id, team and what:
 *
 *     setting              high    every setting that changes, with what follows from it
 *     new-account-pair     high    a team names an account that it did not name before
 *     account-changed      high    an environment stands for another account
 *     account-rules        high    an account's new names escape rules that it has
 *     environment-added    medium  one more name for an account that the team has
 *     environment-removed  low     one name less
 *     account-removed      low     a team no longer names an account
 */
void side_changes_compute(struct arena *arena, const struct side_input *input, struct delta *ret);

#endif
