/* SPDX-License-Identifier: Apache-2.0 */
/* GitHub's OIDC token, and the role it opens: AssumeRoleWithWebIdentity (facts/github.md §4). */
#ifndef IAMLEASE_AWS_WEB_IDENTITY_H
#define IAMLEASE_AWS_WEB_IDENTITY_H

#include "aws/session.h"

/*
 * Asks GitHub for a token and STS for credentials, and settles aws->base with them (credentials_settle). A
 * token lives five minutes: each call asks for a new one, and an expired one is asked for once more.
 */
void web_identity_begin(struct aws *aws);

#endif
