/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: until when git declares what stands in AWS as a lease, whatever AWS says of it. */
#ifndef IAMLEASE_PLAN_DECLARED_ENDS_H
#define IAMLEASE_PLAN_DECLARED_ENDS_H

#include "plan/account_work.h"

/*
 * The latest end of all leases of the account that a commit at hand declares, for each object that one comes
 * to: neither a shortening that is not applied yet nor a lease that is held makes what stands there too long.
 */
struct declared_ends {
    struct account_work *work;
    struct map ends; /* key of an object → int64_t */
};

/* `facts`: of all accounts, ended ones too, sorted; NULL: it is not known what is declared. */
struct declared_ends declared_ends_of(struct account_work *work, const struct facts *facts);

/* The end, in seconds since 1970; 0: no commit at hand declares such a lease. */
int64_t declared_end_of_inline(const struct declared_ends *ends, const struct observed_principal *principal,
                               const char *name);
int64_t declared_end_of_copy(const struct declared_ends *ends, const struct mark *mark);
int64_t declared_end_of_role(const struct declared_ends *ends, const struct observed_principal *role);

/* Whether such an end is there, and over. */
bool declared_end_is_over(const struct declared_ends *ends, int64_t declared_at_s);

/*
 * Reports what stands there without an end ("lease-without-end"), or with a later one than is declared
 * ("lease-too-long"). `what`: "policy x"; `live_at_s`: 0 where it does not end.
 */
void declared_end_report(const struct declared_ends *ends, const char *what, int64_t declared_at_s,
                         int64_t live_at_s);

#endif
