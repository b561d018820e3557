/* SPDX-License-Identifier: Apache-2.0 */
/* What a team declares, row by row, as it stands in the files: nothing merged, no clock. */
#ifndef IAMLEASE_PLAN_DECLARED_H
#define IAMLEASE_PLAN_DECLARED_H

#include "model/access.h"

/* One entry, principal, environment and grant. */
struct declared_row {
    struct fact
        fact; /* without lease_id and require_mfa; its identity is that of the grant, without the window */
    const struct access_entry *entry;
};

struct declared {
    VEC_FIELDS(struct declared_row);
};

/* The identity of a fact's grant, without the window. */
const char *declared_identity(struct arena *arena, const struct fact *fact);

/*
 * Adds the rows of a team in the order of its file. Names of principals are made in `arena`, rows and their
 * identities in `scratch`. References that do not resolve are skipped; of equal names the first counts.
 */
void declared_rows(struct arena *arena, struct arena *scratch, const struct settings *settings,
                   const struct team_config *team, struct declared *ret);

#endif
