/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: reading whole accounts, for import. */
#ifndef IAMLEASE_FLOW_IMPORT_READING_H
#define IAMLEASE_FLOW_IMPORT_READING_H

#include "flow/importing.h"
#include "model/observed.h"

/*
 * Reads all that the accounts have, with the plan role where there is one; with `writes_roles` the details of
 * the roles of aws-roles, too. ERR_AWS: one of them could not be read.
 */
int import_read_aws(const struct run *run, const struct settings *settings,
                    const struct account_decl *accounts, size_t count, bool writes_roles,
                    struct observed *ret, struct err *err);

#endif
