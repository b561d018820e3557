/* SPDX-License-Identifier: Apache-2.0 */
/* Those who asked for an account's credentials and wait for one answer together. */
#ifndef IAMLEASE_AWS_WAITERS_H
#define IAMLEASE_AWS_WAITERS_H

#include "aws/credentials.h"

/* Returns whether it is the first: then the credentials have to be asked for. */
bool waiters_add(struct account_session *account, credentials_done *done, void *context);

/* Calls them, the first to come first, each with a reference or, where `credentials` is NULL, with why there
 * are none; nobody waits any more. */
void waiters_call(struct account_session *account, struct credentials *credentials,
                  const struct outcome *outcome);

/* For aws_close(). */
void waiters_free(struct account_session *account);

#endif
