/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Direct grants: a role that a run in Port asked for and got at once, without an entry in git (issue "Port",
 * request_mode direct). It is a lease in `role` mode (plan/lease_role.h) of its own name, whose policy is an
 * inline one of the role, with the end on every statement. What it is about stands in AWS only: the mark of a
 * lease, the tag "iamlease-direct" with who asked, the run in its name. Pure.
 */
#ifndef IAMLEASE_PLAN_DIRECT_ROLE_H
#define IAMLEASE_PLAN_DIRECT_ROLE_H

#include "model/observed.h"
#include "model/report.h"
#include "plan/lease_role.h"
#include "plan/needs.h"

/* "Permission-<run id>"; NULL: IAM takes no name as long as that. */
const char *direct_role_name(struct arena *arena, const char *run_id);

/* "arn:aws:iam::123456789012:role/iamlease/Permission-r_AbC" */
const char *direct_role_arn(struct arena *arena, const struct settings *settings, const char *account_id,
                            const char *name);

/* That of such a role: another run that asks for the same has another. */
const char *direct_role_lease_id(struct arena *arena, const struct settings *settings, const char *arn);

/* The account, the user and the role of a direct grant. `fact`: see operations_direct(). */
void direct_role_needs(struct arena *arena, const struct fact *fact, struct needs *needs);

/* What such a role tells about itself; false of any other. */
bool direct_role_read(struct arena *arena, const struct settings *settings, const char *account_id,
                      const struct observed_principal *role, struct direct_grant *ret);

#endif
