/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan must know of AWS. */
#ifndef IAMLEASE_PLAN_NEEDS_H
#define IAMLEASE_PLAN_NEEDS_H

#include "model/observed.h"

/* Adds accounts, principals and policy names of the facts; accounts sorted by id. Call it for desired and for
 * candidates. */
void needs_add_facts(struct arena *arena, const struct settings *settings, const struct facts *facts,
                     struct needs *needs);

/* Adds an account with nothing but what carries our mark. */
void needs_add_account(struct arena *arena, const char *account_id, struct needs *needs);

/* Adds every account that the configuration names. */
void needs_add_accounts(struct arena *arena, const struct config *config, struct needs *needs);

/* Sorts and removes what was asked for twice. Call it once, at the end. */
void needs_finish(struct needs *needs);

#endif
