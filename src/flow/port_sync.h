/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Port's catalog as AWS has it: an entity for every lease, none for those that ended, and the ends of the
 * runs that asked for them. What is missing or fails is done by the next run; nothing here touches AWS.
 */
#ifndef IAMLEASE_FLOW_PORT_SYNC_H
#define IAMLEASE_FLOW_PORT_SYNC_H

#include "flow/applying.h"
#include "port/port_client.h"

struct port_synced {
    size_t leases;            /* in AWS now */
    size_t written, removed;  /* entities */
    size_t ended;             /* runs that got their end */
    struct problems problems; /* what was not done, and is tried again by the next run */
};

/*
 * -1: nothing could be done at all, or Port went away in the middle. `request`: head, root_option, now_s, and
 * shard and accounts of one that only brings its accounts up to date. `of_apply`: what an apply that went
 * before held back, or NULL. `own_run`: the run of a revocation that says itself how it went, or NULL.
 */
int flow_port_sync(const struct run *run, const struct apply_request *request,
                   const struct port_environment *environment, const struct problems *of_apply,
                   const char *own_run, struct port_synced *ret, struct err *err);

#endif
