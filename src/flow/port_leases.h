/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: what AWS holds → what Port's catalog is to say. */
#ifndef IAMLEASE_FLOW_PORT_LEASES_H
#define IAMLEASE_FLOW_PORT_LEASES_H

#include "model/report.h"
#include "port/port_catalog.h"

/* One lease, which may be several objects in AWS. */
struct port_lease {
    struct port_entry entry;
    const struct fact *fact; /* or NULL: no entry explains it */
    const char *run_id;      /* of the run in Port that asked for it; or NULL */
};

struct port_leases {
    VEC_FIELDS(struct port_lease);
};

/* What the catalog says of one. */
void port_lease_describe(struct arena *arena, const struct settings *settings, const struct holding *holding,
                         struct port_lease *ret);

/* The leases that have not ended, each once. */
void port_leases_collect(struct arena *arena, const struct holdings *holdings, struct port_leases *ret);

#endif
