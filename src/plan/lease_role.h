/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lease that is a role to switch to (DESIGN §3, mode `role`): whom it trusts and until when, and what
 * denies everything to its sessions from then on. Pure.
 */
#ifndef IAMLEASE_PLAN_LEASE_ROLE_H
#define IAMLEASE_PLAN_LEASE_ROLE_H

#include "model/access.h"
#include "policy/document.h"
#include "policy/lease.h"

struct lease_role {
    const char *name, *arn;
    const char *description, *mark; /* the mark is the value of its tag */
    struct document trust, deny;
    const char *trust_json, *deny_json; /* minified */
};

/* The inline policy that denies everything from the end on. */
extern const char lease_role_deny_name[];

/*
 * The role of a lease. `principal_arn`: of whom it is for, or NULL where nobody asked AWS; then the principal
 * is taken to have no path.
 *
 * The trust policy has the dates and, where it is required, MFA. A session that began before the end lives on
 * for an hour at most and is cut by the Deny: AWS evaluates a role's policies at each request
 * (IAM user guide, "Disabling permissions for temporary security credentials").
 */
void lease_role_compute(struct arena *arena, const struct settings *settings, const char *principal_arn,
                        const struct fact *fact, struct lease_role *ret);

/* Their two documents. */
void lease_role_trust(struct arena *arena, const char *sid_prefix, const char *principal_arn,
                      const struct lease_terms *terms, struct document *ret);
void lease_role_deny(struct arena *arena, const char *sid_prefix, int64_t ends_at_s, struct document *ret);

/* The instant from which on such a Deny denies everything; only what is ours to the letter says one. */
bool lease_role_denies_from(struct arena *arena, const char *sid_prefix, const struct document *deny,
                            int64_t *ret);

/* How whom it is for gets in: the page of the console that switches to the role. */
const char *lease_role_url(struct arena *arena, const struct settings *settings, const char *account_id,
                           const char *role_name);

/* Whether a lease in that mode is possible at all: nobody can trust a group. */
bool lease_role_is_possible(const struct fact *fact);

/*
 * When a role of ours stops to be of use: the end of its trust policy (lease_ends_at()). False when it does
 * not end, or cannot be read.
 */
bool lease_role_ends_at(struct arena *arena, const char *trust, int64_t *ret_ends_at_s);

#endif
