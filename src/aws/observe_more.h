/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What GetAccountAuthorizationDetails does not say: how long the sessions of a role may last and what its
 * description is, and the OIDC providers of an account. One call each.
 */
#ifndef IAMLEASE_AWS_OBSERVE_MORE_H
#define IAMLEASE_AWS_OBSERVE_MORE_H

#include "aws/aws.h"

/* `error` NULL: all was read; otherwise why not, valid during the call. */
typedef void observe_more_done(void *context, const char *error);

/*
 * Reads into `account`, whose principals are there already, what `needs` names as roles and providers; calls
 * `done` once, perhaps before it returns. All arguments live until then.
 */
void observe_more(struct arena *arena, struct aws *aws, const struct account_needs *needs,
                  struct observed_account *account, observe_more_done *done, void *context);

#endif
