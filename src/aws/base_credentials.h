/* SPDX-License-Identifier: Apache-2.0 */
/* The credentials that the roles of the accounts are assumed with: what the environment offers, in a fixed order. */
#ifndef IAMLEASE_AWS_BASE_CREDENTIALS_H
#define IAMLEASE_AWS_BASE_CREDENTIALS_H

#include "aws/session.h"

/*
 * Sets aws->base, and with a role to assume aws->id_token; makes no request. In this order, and never the
 * next because the one before is broken: a role to assume by GitHub's OIDC token; keys in the environment; a
 * profile that is named. ERR_USAGE: what is asked for is incomplete or malformed, or there is nothing.
 */
int base_credentials_choose(struct aws *aws, const struct aws_environment *environment, struct err *err);

#endif
