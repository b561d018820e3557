/* SPDX-License-Identifier: Apache-2.0 */
/* How long and how many calls to AWS may be, from the command line. */
#ifndef IAMLEASE_CMD_NET_OPTIONS_H
#define IAMLEASE_CMD_NET_OPTIONS_H

#include "cmd/invocation.h"
#include "net/net.h"

/* ERR_USAGE: --deadline, --timeout or one of --max-in-flight… is not the number that it should be. */
int net_options_read(const struct invocation *invocation, struct net_options *ret, struct err *err);

#endif
