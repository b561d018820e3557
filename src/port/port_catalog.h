/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entities of the blueprint provisioned_permissions (facts/port.md): who has what, until when. Those that
 * carry our owner and are named by the id of a lease are ours; no other is looked at.
 */
#ifndef IAMLEASE_PORT_PORT_CATALOG_H
#define IAMLEASE_PORT_PORT_CATALOG_H

#include "port/port_client.h"

#include <stdint.h>

/* Texts that are not known are NULL. */
struct port_entry {
    const char *identifier, *title;
    const char *requester; /* whoever it is for; in the catalog only where that is an e-mail address */
    const char *sign_in_url, *policy_arn, *role_arn;
    const char *policy; /* JSON */
    int64_t ends_at_s;
    const char *account_id, *team, *grant;
    struct strings permissions; /* related iam_permissions */
    const char *resource;       /* related aws_resource */
};

/* Whether an identifier has the form of those that iamlease makes: 16 hexadecimal digits. */
bool port_is_lease_id(const char *text);

struct port_entries {
    VEC_FIELDS(struct port_entry);
};

/* The entities of that owner. */
int port_catalog_list(struct arena *arena, struct port *port, const char *owner, struct port_entries *ret,
                      struct err *err);

/* Whether what the catalog has (`a`) says the same as `b`. */
bool port_entry_is_same(const struct port_entry *a, const struct port_entry *b);

int port_catalog_put(struct arena *arena, struct port *port, const char *owner,
                     const struct port_entry *entry, struct port_answer *ret, struct err *err);

/* One that is gone already is success. */
int port_catalog_remove(struct arena *arena, struct port *port, const char *identifier, struct err *err);

#endif
