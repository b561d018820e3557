/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/flow only: the ends of the runs that asked for access, or to take it back. Whoever asked learns
 * that it was granted, or why it never will be; a run that may still be granted goes on. A revocation that
 * was cut off ends when nothing is left of what it was about.
 */
#ifndef IAMLEASE_FLOW_PORT_ENDING_H
#define IAMLEASE_FLOW_PORT_ENDING_H

#include "flow/findings.h"
#include "flow/port_leases.h"
#include "flow/port_unfinished.h"
#include "port/port_progress.h"
#include "port/port_run.h"

/* How one run ends. */
struct ending {
    enum port_end end;
    const char *summary, *link;
};

struct port_ending {
    const struct run *run;
    struct port *port;
    const struct findings *findings; /* the tip */
    const struct port_leases *leases;
    const struct problems *of_apply; /* what apply, which went before, held back; or NULL */
    bool is_part;                    /* of the accounts: what is not there may stand in another */
    bool is_certain;                 /* all that git and AWS hold was read, and nothing of it is a riddle */
    const struct port_unfinished *unfinished;
    const char *own_run; /* that revokes, and says itself how it went; or NULL */
    int64_t now_s;
    struct problems *problems; /* what is tried again by the next run */
    size_t ended;
};

/* -1: Port went away. What it refuses about one run is a problem. */
int port_end_runs(struct port_ending *ending, struct err *err);

#endif
