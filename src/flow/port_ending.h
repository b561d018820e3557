/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/flow only: the ends of the runs that asked for access. Whoever asked learns that it was granted,
 * or why it never will be; a run that may still be granted goes on.
 */
#ifndef IAMLEASE_FLOW_PORT_ENDING_H
#define IAMLEASE_FLOW_PORT_ENDING_H

#include "flow/findings.h"
#include "flow/port_leases.h"
#include "port/port_run.h"

struct port_ending {
    const struct run *run;
    struct port *port;
    const struct findings *findings; /* the tip */
    const struct port_leases *leases;
    const struct problems *of_apply; /* what apply, which went before, held back; or NULL */
    bool is_part;                    /* of the accounts: what is not there may stand in another */
    int64_t now_s;
    struct problems *problems; /* what is tried again by the next run */
    size_t ended;
};

/* -1: Port went away. What it refuses about one run is a problem. */
int port_end_runs(struct port_ending *ending, struct err *err);

#endif
