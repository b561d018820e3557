/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: what is not gone is not called gone, because nobody found it or nobody could look. */
#ifndef IAMLEASE_FLOW_REVOCATION_GONE_H
#define IAMLEASE_FLOW_REVOCATION_GONE_H

#include "flow/revocation.h"

/*
 * Adds problems: what stands in AWS by the name that was given and git does not explain, what a timer takes
 * for ended and is not, an account where it may stand and that was not read. Errors elsewhere in the files
 * become notices where the lease was found and looked at.
 */
void revocation_check_gone(const struct run *run, const struct apply_request *request, struct revocation *r,
                           struct plan *plan);

#endif
