/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/config only: one team while it is checked, and the checks by their subject. */
#ifndef IAMLEASE_CONFIG_CHECK_WORK_H
#define IAMLEASE_CONFIG_CHECK_WORK_H

#include "base/map.h"
#include "config/check.h"

/* A policy, and the one account that its customer managed policies are of. */
struct checked_policy {
    const struct policy_decl *decl;
    const struct located *arn; /* the first of them, or NULL */
    const char *account_id;
};

struct checker {
    struct arena *scratch;
    struct diags *diags;
    const struct team_config *team;
    struct map environments; /* name → struct account_decl */
    struct map policies;     /* name → struct checked_policy */
    bool any_has_account;    /* of these: there are customer managed policies in it */
    struct strings environment_names, policy_names;
    struct check_totals *totals;
};

/* check_names.c: one value twice in a list. */
void check_repeated(struct checker *checker, const struct located_list *list);

/* check_names.c: each is declared; otherwise the entry is incomplete. */
void check_environments(struct checker *checker, struct access_entry *entry);
void check_grants(struct checker *checker, struct access_entry *entry);

/* check_policies.c: a declared policy allows something, fits, and is of one account; from now on it is known. */
void check_policy(struct checker *checker, const struct policy_decl *decl, struct team_gaps gaps);

/* check_policies.c: what an entry allows without a grant. */
void check_ad_hoc(struct checker *checker, const struct access_entry *entry);

/* check_policies.c: finds the account of a policy's customer managed policies; two accounts are one too many. */
void check_policy_arns(struct checker *checker, struct checked_policy *policy);

/* check_policies.c: a customer managed policy can be attached in its own account only. */
void check_policy_account(struct checker *checker, const struct access_entry *entry,
                          const struct checked_policy *policy);

#endif
