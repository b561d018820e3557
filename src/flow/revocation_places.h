/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: in which accounts a lease may stand that no file explains any more. */
#ifndef IAMLEASE_FLOW_REVOCATION_PLACES_H
#define IAMLEASE_FLOW_REVOCATION_PLACES_H

#include "flow/revocation.h"

/*
 * For a lease that git does not explain: fills in account_id, besides, is_foreign and unknown_place. No
 * account is looked at that no commit of this clone ever named, whatever an ARN or an entity of Port says.
 */
void revocation_find_places(const struct run *run, const struct apply_request *request,
                            struct revocation *revocation);

/* Whether the files, or a commit since the applied one, name the account: then apply looks at it, too. */
bool revocation_is_named(const struct revocation *revocation, const char *account_id);

#endif
