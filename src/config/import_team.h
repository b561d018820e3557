/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in accounts as entries in the files of one team, so that nothing is to be done afterwards: an
 * attachment is a permanent grant of a policy that names the ARN. What is made by iamlease for that team, and
 * with `adopts` what cloud-iam-self-serve made for it, becomes custom statements and leases. Pure.
 */
#ifndef IAMLEASE_CONFIG_IMPORT_TEAM_H
#define IAMLEASE_CONFIG_IMPORT_TEAM_H

#include "model/imported.h"
#include "model/observed.h"

struct import_request {
    const char *team;
    const struct config *config;         /* what is there: settings, rules, and how other teams write users */
    const struct account_decl *accounts; /* those that are imported, each account once */
    size_t account_count;                /* of these */
    const struct observed *observed;     /* all of them, with account_needs.everything */
    const struct strings *
        patterns[PRINCIPAL_KIND_COUNT]; /* who is imported, as IAM's wildcards; none of any kind: everybody */
    const struct map *unfit; /* import_unfit_key() → why not: what may not become an entry; NULL: nothing */
    bool adopts;
    bool writes_roles; /* there is no file of aws-roles of this team yet; `observed` has details of its roles */
    int64_t now_s;
};

/* An entry among others: who (as AWS has the name by the settings), what, where, and from when on. */
const char *import_unfit_key(struct arena *arena, const char *account_id, enum principal_kind kind,
                             const char *principal, const char *grant, int64_t starts_at_s);

/*
 * Fills in the team (accounts, policies, entries; without places) and, in `imported`, what is left behind and the
 * counts. Whatever a rule or a limit of the files refuses is left behind, with the diagnostic as its reason.
 */
void import_compute(struct arena *arena, const struct import_request *request, struct team_config *ret,
                    struct imported *imported);

#endif
