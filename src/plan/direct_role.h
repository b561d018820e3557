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

/*
 * Makes the role of `fact`, or what is missing of it: a lease of an IAM user with an end and a port_run,
 * whose policy has statements only. Done again with an equal fact it gives nothing to do. Problems: the
 * account or the user is not there, the name is taken by another role, the policy does not fit. *ret is what
 * the role tells about itself when all is done, where there is no problem.
 */
void operations_direct(struct arena *arena, const struct settings *settings, const struct observed *observed,
                       const struct fact *fact, struct plan *plan, struct direct_grant *ret);

/* The removal of such a role with all that is on it, as long as it is the one that was read. */
void operations_revoke_direct(struct arena *arena, const struct settings *settings,
                              const struct observed *observed, const char *account_id,
                              const struct observed_principal *role, int64_t now_s, struct plan *plan);

/* What such a role tells about itself; false of any other. */
bool direct_role_read(struct arena *arena, const struct settings *settings, const char *account_id,
                      const struct observed_principal *role, struct direct_grant *ret);

#endif
