/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the ARN of one resource to the list of resources of a policy that is about it: a bucket has objects,
 * an instance has nothing behind a slash. What the table does not know is refused. Pure.
 */
#ifndef IAMLEASE_PORT_PORT_RESOURCES_H
#define IAMLEASE_PORT_PORT_RESOURCES_H

#include "base/err.h"
#include "base/vec.h"

#include <stdbool.h>

struct port_resource {
    const char *arn;
    const char *partition;
    const char *account_id;   /* NULL: the ARN has none (buckets, snapshots) */
    const char *service;      /* prefix of the actions that are for it: "s3" */
    struct strings resources; /* the ARN that was asked for is the first */
};

/*
 * ERR_REFUSED: no ARN, one with wildcards or variables, with an account that is none, or of a kind that is
 * not in the table.
 */
int port_resource_read(struct arena *arena, const char *arn, struct port_resource *ret, struct err *err);

/* Whether `action` is one action, without wildcards, of that service. */
bool port_action_is_of(const char *action, const char *service);

#endif
