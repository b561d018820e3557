/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: which leases of git a revocation is about, and which entries still ask for them. */
#ifndef IAMLEASE_FLOW_REVOCATION_FIND_H
#define IAMLEASE_FLOW_REVOCATION_FIND_H

#include "flow/revocation.h"

/*
 * Fills in the facts of HEAD, and of the commits since the applied one where HEAD declares them no more, and
 * the runs to be marked. ERR_USAGE: the identifier is "". ERR_REFUSED: it is the name of roles in several
 * accounts; from Port, and an entry asks for one of them that Port may not take out.
 */
int revocation_find(struct arena *arena, const struct settings *settings, int64_t now_s, struct revocation *r,
                    struct err *err);

/* ERR_REFUSED when these are several ARNs of roles of one name. */
int revocation_judge_name(struct arena *arena, const char *name, const struct strings *arns, struct err *err);

#endif
