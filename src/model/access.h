/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts: who has what, where, until when. The desired state is a set of facts, each with the place that asked
 * for it.
 */
#ifndef IAMLEASE_MODEL_ACCESS_H
#define IAMLEASE_MODEL_ACCESS_H

#include "base/map.h"
#include "model/configuration.h"

enum principal_kind { PRINCIPAL_USER, PRINCIPAL_ROLE, PRINCIPAL_GROUP, PRINCIPAL_KIND_COUNT };

/* "user", "role", "group": for people; the words of the API ("User", "Role") are aws/'s affair. */
const char *principal_kind_name(enum principal_kind kind);

enum access_kind { ACCESS_PERMANENT, ACCESS_LEASE };

/* How a fact becomes objects in AWS. */
enum access_mode {
    MODE_ATTACH,
    MODE_INLINE,
    MODE_POLICY,
    MODE_ROLE
}; /* in the order in which they are tried */

/* "attach", "inline", "policy", "role" */
const char *access_mode_name(enum access_mode mode);

struct fact {
    enum access_kind kind;
    enum access_mode mode; /* of a lease: the first that may do; MODE_INLINE that does not fit is a policy,
                              and a policy that does not is a role */
    bool mode_is_fixed;    /* the entry asks for MODE_INLINE or MODE_POLICY and no other */
    enum principal_kind principal_kind;
    const char *team, *grant;
    const char *environment, *account_id;
    const char *principal;   /* the name in IAM */
    const char *declared_as; /* as written: "bert@example.com" */
    const char *description; /* of the entry; "" when none, as the next three */
    const char *reason, *ticket, *port_run;
    int64_t starts_at_s;  /* 0: at once */
    int64_t ends_at_s;    /* 0: permanent */
    bool require_mfa;     /* the lease works with MFA only */
    const char *boundary; /* ARN of the permissions boundary of the role that the fact is, or its lease may
                             become; "" or NULL: none */
    bool ad_hoc;          /* the entry names permissions and resources; `grant` is a hash of them */
    bool of_role;         /* the entry declares the principal: a role of aws-roles */
    unsigned entries;     /* how many entries ask for it: the window is that of all of them */
    const struct policy_decl *policy;
    struct span span; /* the entry that asked */

    const char *identity; /* (account, kind, principal kind and name, team, grant, start of the window if it
                             has one) as one text: equal facts are one */
    size_t grant_length;  /* so much of the identity is that of the grant, without a window */
    const char *lease_id; /* 16 hex digits, stable over runs: hash of owner, team, principal, account, grant
                             and start of the window */
};

/* Whether it is a lease that has ended. */
bool fact_has_ended(const struct fact *fact, int64_t now_s);

/* Whether a fact is a role of aws-roles with its managed policies; and whether it is an OIDC provider. */
bool fact_is_role(const struct fact *fact);
bool fact_is_provider(const struct fact *fact);

/* A set of facts, sorted by identity. */
struct facts {
    VEC_FIELDS(struct fact);
};

/* Sorts by identity, as sets of facts are. */
void facts_sort(struct facts *facts);

/* The facts of one account, which stand together: the index of the first, and how many; binary search. */
size_t facts_of_account(const struct facts *facts, const char *account_id, size_t *ret_count);

/* The fact of that identity, or NULL; binary search. */
const struct fact *facts_find(const struct facts *facts, const char *identity);

/*
 * The order of two facts without regard to their windows; 0: leases (or permanent grants) of one principal,
 * account, team and grant. Facts that are sorted by identity are sorted by this too.
 */
int fact_compare_grants(const struct fact *a, const struct fact *b);

/*
 * From `from` on, the facts of one grant: *ret_end is the place behind them. `from` is less than the count;
 * the facts are sorted by identity.
 */
void facts_of_grant(const struct facts *facts, size_t from, size_t *ret_end);

#endif
