/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/flow only: revocations that were cut off behind the tag of the run (flow/port_revoked.h). What
 * they did not take away goes with whoever writes to AWS next.
 */
#ifndef IAMLEASE_FLOW_PORT_UNFINISHED_H
#define IAMLEASE_FLOW_PORT_UNFINISHED_H

#include "flow/findings.h"
#include "model/report.h"

struct port_unfinished {
    struct strings runs; /* that are marked, sorted */
    struct facts left;   /* what the entries of HEAD ask for that name none of them, sorted */
};

/*
 * The marks, asked for only where git or an account that was read names a run. -1: they cannot be read, and
 * *ret is empty.
 */
int port_unfinished_read(const struct run *run, const struct findings *findings,
                         const struct settings *settings, int64_t now_s, struct port_unfinished *ret,
                         struct err *err);

/* Whether that lease was taken back, and no other entry asks for it. */
bool port_unfinished_has(const struct port_unfinished *unfinished, const struct fact *fact);

/*
 * Adds the removal of every such lease of HEAD and of the commits since the applied one; what was granted at
 * once is operations_cleanup()'s.
 */
void port_unfinished_take_away(struct arena *arena, const struct findings *findings,
                               const struct port_unfinished *unfinished, struct plan *plan);

#endif
