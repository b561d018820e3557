/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request: a run of an action in Port becomes a pull request that adds an entry to temporary-access, or where
 * the settings say so a role that is there at once (flow/port_direct.h).
 */
#ifndef IAMLEASE_FLOW_PORT_REQUEST_H
#define IAMLEASE_FLOW_PORT_REQUEST_H

#include "flow/applying.h"
#include "port/port_client.h"

struct port_asking {
    const struct port_environment *environment;
    const char *root_option;
    int64_t now_s;
    const struct apply_request *request; /* dry_run, journal, now: where AWS is written to */
};

struct port_asked {
    const char *run_id;
    const char *team, *environment, *account_id, *user, *resource;
    int64_t ends_at_s;
    const char *url; /* of the pull request; NULL: there is none */
    int64_t number;
    bool existed;                       /* it was there before: an earlier run had got so far */
    const char *role_arn, *sign_in_url; /* of a request that was granted at once; otherwise NULL */
    struct report *report;              /* of what was done in AWS for that; otherwise NULL */
    const char *notice;                 /* what went wrong and does not matter for the request, or NULL */
};

/*
 * `asking->request->dry_run`: judges all of it and writes nothing, to Port neither.
 *
 * What is asked for comes from Port's run, which the event's inputs only name; the rules are those of the tip
 * of the default branch. ERR_REFUSED says why; where the run could be read, its log says the same.
 */
int flow_port_request(const struct run *run, const struct port_asking *asking, struct port_asked *ret,
                      struct err *err);

/* Begins the names of branches that it makes; the id of the run follows. */
extern const char port_branch_prefix[];

#endif
