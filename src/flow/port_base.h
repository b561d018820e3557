/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: what a workflow that Port starts begins with: the rules, and what it was started for. */
#ifndef IAMLEASE_FLOW_PORT_BASE_H
#define IAMLEASE_FLOW_PORT_BASE_H

#include "flow/port_request.h"
#include "port/port_payload.h"

struct port_base {
    const char *branch;   /* the default one */
    struct source source; /* its tip, loaded */
    struct diags diags;   /* of it */
    struct port_payload payload;
    struct port *port; /* at the address in its settings */
};

/*
 * ERR_USAGE, ERR_REFUSED: no workflow_dispatch of the default branch, no token of GitHub, no credentials of
 * Port. Rules and workflow are those of the default branch: a branch of somebody's own could change both.
 */
int port_base_open(const struct run *run, const struct port_asking *asking, struct port_base *ret,
                   struct err *err);
void port_base_close(struct port_base *base);

/* Whoever waits in Port is told how it went, also when the run's deadline has passed: a minute more for that. */
void port_base_last_words(const struct run *run);

#endif
