/* SPDX-License-Identifier: Apache-2.0 */
/* Taking one lease back before its end, whoever asks for it: Port (flow/port_revoke.h), or somebody by name. */
#ifndef IAMLEASE_FLOW_REVOCATION_H
#define IAMLEASE_FLOW_REVOCATION_H

#include "flow/findings.h"

struct revocation {
    /* Which lease: its id, the name or ARN of its role, or the run in Port that asked for it. NULL: none. */
    const char *identifier;
    const char *commit_id; /* for the tag of the run that asked; NULL: HEAD */
    bool from_port; /* only what was asked for there, and besides what has ended; otherwise any, and nothing else */

    struct findings findings;
    const struct fact *fact;           /* that goes and that an entry still asks for; or NULL */
    const struct direct_grant *direct; /* that goes, and that no entry asks for; or NULL */
    struct report report;              /* without a plan: nothing was begun */
};

/*
 * Takes it away, all that carries its name and mark; what is gone is success, what was cut off is finished.
 * Where a token of GitHub is there, the run in Port that asked gets a tag before the first write, so that no
 * apply and no request grants it again (flow/port_revoked.h). It goes all the same where that fails: -1, with a
 * report.
 * ERR_REFUSED: from Port, and the lease was not asked for there. revocation_close() gives back what it holds.
 */
int revocation_run(const struct run *run, const struct apply_request *request, struct revocation *revocation,
                   struct err *err);
void revocation_close(struct revocation *revocation);

/* `iamlease revoke --lease`. A notice says when the lease comes back, or that there is none. */
int flow_revoke(const struct run *run, const struct apply_request *request, const char *identifier,
                struct report *ret, struct err *err);

#endif
