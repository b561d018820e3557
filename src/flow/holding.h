/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: who has what, with what it was found out from. */
#ifndef IAMLEASE_FLOW_HOLDING_H
#define IAMLEASE_FLOW_HOLDING_H

#include "flow/findings.h"

/* flow_who(), of the accounts of a shard where the request is one. The caller closes the findings. */
int holdings_read(const struct run *run, const struct apply_request *request, struct diags *diags,
                  struct findings *findings, struct holdings *ret, struct err *err);

/* The same from what was read already. */
void holdings_of(struct arena *arena, const struct apply_request *request, const struct findings *findings,
                 const struct settings *settings, struct holdings *ret);

#endif
