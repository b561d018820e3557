/* SPDX-License-Identifier: Apache-2.0 */
/* Taking one lease back before its end, whoever asks for it: Port (flow/port_revoke.h), or somebody by name. */
#ifndef IAMLEASE_FLOW_REVOCATION_H
#define IAMLEASE_FLOW_REVOCATION_H

#include "flow/findings.h"
#include "port/port_client.h"

/* A role that was granted at once, where it stands. */
struct direct_found {
    struct direct_grant grant;
    const char *account_id;
    const struct observed_principal *role;
};

struct revocation {
    /* Which lease: its id, the name or ARN of its role, or the run in Port that asked for it. NULL: none. */
    const char *identifier;
    const char *expired;   /* of which a timer says that it has ended: only looked at; or NULL */
    const char *commit_id; /* for the tag of the run that asked; NULL: HEAD */
    bool from_port; /* only what was asked for there, and besides what has ended; otherwise any, and nothing else */
    struct port *port; /* where a run may be known by the identifier that has granted nothing yet; or NULL */

    const char *account_id; /* where the name or the catalog says that it stands; or NULL */
    struct strings besides; /* accounts that only earlier commits name, and that are looked at */
    bool is_foreign; /* Port has an entity of that name, and iamlease with this owner did not make it */
    const char *unknown_place; /* why nobody knows in which accounts it may stand; or NULL */

    struct findings findings;
    struct {
        VEC_FIELDS(const struct fact *);
    } facts;                           /* that go: what HEAD or a commit since the applied one declares */
    struct strings runs;               /* in Port, that asked for nothing else: these get the tags */
    const struct access_entry *asking; /* the first that asks for one of the facts, and has such a run; or NULL */
    const struct access_entry *left; /* the first that asks for one, and cannot be told by a run; or NULL */
    struct {
        VEC_FIELDS(struct direct_found);
    } directs;            /* that go, and that no entry asked for */
    const char *standing; /* what `expired` names, where it has not ended; otherwise NULL */
    struct report report; /* without a plan: nothing was begun */
};

/*
 * Takes it away, all that carries its name and mark; what is gone is success, what was cut off is finished.
 * Where a token of GitHub is there, the runs in Port that asked get tags before the first write, so that no
 * apply and no request grants it again (flow/port_revoked.h); so does a run that has not been granted yet. It
 * goes all the same where that fails: -1, with a report; but a role that was granted at once stays, without
 * what it allows, because nothing else would lead the next try to its run. Where git does not explain it, the
 * accounts that only earlier commits name are looked at, too; a lease with that identifier in AWS that git
 * does not explain is a problem, and so is an account of its that nobody looked at. ERR_REFUSED:
 * the name of several roles; from Port, and the lease was not asked for there, or an entry of it asks for
 * more. revocation_close() gives back what it holds.
 */
int revocation_run(const struct run *run, const struct apply_request *request, struct revocation *revocation,
                   struct err *err);
void revocation_close(struct revocation *revocation);

/* `iamlease revoke --lease`. A notice says when the lease comes back, or that there is none. */
int flow_revoke(const struct run *run, const struct apply_request *request, const char *identifier,
                struct report *ret, struct err *err);

#endif
