/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: a request that is granted at once, without a pull request (settings: port.direct). */
#ifndef IAMLEASE_FLOW_PORT_DIRECT_H
#define IAMLEASE_FLOW_PORT_DIRECT_H

#include "flow/port_wish.h"

/*
 * Why the settings do not let it be granted at once: it becomes a pull request. NULL: they do. "": they do
 * not ask for it.
 */
const char *port_direct_prevented(const struct port_wish *wish);

/* When it ends: port_wish_end(), never past the account's limit. */
int port_direct_end(const struct port_wish *wish, int64_t *ret, struct err *err);

/*
 * Makes the role, tells Port, and fills `ret`. -1: nothing was granted, and why; what of it failed half way
 * is in ret->report, and the next run finishes it.
 */
int port_direct_grant(const struct port_wish *wish, struct port_asked *ret, struct err *err);

#endif
