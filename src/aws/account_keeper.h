/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept of an account that is read: what is named, what carries our mark, and who has a policy
 * attached that carries it. AWS sends policies last, so some principals are kept for the moment, until it is
 * known whether what they have attached is ours, or, by the tags that are read later, may be.
 */
#ifndef IAMLEASE_AWS_ACCOUNT_KEEPER_H
#define IAMLEASE_AWS_ACCOUNT_KEEPER_H

#include "model/observed.h"

struct account_keeper;

/* Keeps, in `arena`, what belongs to `account`; all arguments live as long as the keeper. */
struct account_keeper *account_keeper_new(struct arena *arena, const struct account_needs *needs,
                                          const char *owner, struct observed_account *account);
void account_keeper_free(struct account_keeper *keeper);

/*
 * Copies what is handed over if it is, or may be, to be kept. Only `name` and `arn` must be set for that: AWS
 * and its emulators leave things out. `scratch` takes what is forgotten.
 */
void account_keep_principal(struct account_keeper *keeper, struct arena *scratch,
                            const struct observed_principal *principal);
void account_keep_policy(struct account_keeper *keeper, struct arena *scratch,
                         const struct observed_policy *policy);

/* Forgets all that came since account_keeper_commit(): an answer broke off and comes again. */
void account_keeper_rollback(struct account_keeper *keeper);
void account_keeper_commit(struct account_keeper *keeper);

/* Nothing more comes: decides about those that were kept for the moment, sorts, and indexes the account. */
void account_keeper_finish(struct account_keeper *keeper);

#endif
