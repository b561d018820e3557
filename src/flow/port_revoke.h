/* SPDX-License-Identifier: Apache-2.0 */
/* revoke: takes back in Port what was asked for there, and what has ended by itself. */
#ifndef IAMLEASE_FLOW_PORT_REVOKE_H
#define IAMLEASE_FLOW_PORT_REVOKE_H

#include "flow/port_request.h"

struct port_revoked {
    const char *run_id;
    const char *lease_id;   /* of what was taken back before its end; NULL: nothing has that identifier */
    const char *url;        /* of the pull request that takes its entries out of the file; or NULL */
    struct report report;   /* of what was done in AWS */
    struct notices notices; /* what went wrong and is done by the next run */
};

/*
 * What has ended is removed everywhere, as by cleanup, and from the catalog. A run that somebody started says
 * which lease goes before its end, by the entity's identifier: the id of the lease, the name or ARN of its
 * role, or the run that asked for it. Its objects follow from its entries in git, of now or since the applied
 * commit, and their marks. They go at once; the entries go by a pull request. A timer has nobody who could
 * ask for more than what has ended. What is gone already is success, and what was cut off is finished by the
 * same run started again. -1: also with a report, of what was done before that.
 */
int flow_port_revoke(const struct run *run, const struct apply_request *request,
                     const struct port_asking *asking, struct port_revoked *ret, struct err *err);

#endif
