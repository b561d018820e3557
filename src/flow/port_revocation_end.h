/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: whether a run that takes access back is over, whoever has finished it. */
#ifndef IAMLEASE_FLOW_PORT_REVOCATION_END_H
#define IAMLEASE_FLOW_PORT_REVOCATION_END_H

#include "flow/port_ending.h"

/*
 * Over: its entity is a lease of iamlease, is in Port no more, and nothing of it stands in AWS, or is granted
 * again by the next apply, or waits for a pull request that nobody opened. Otherwise it goes on.
 */
struct ending port_revocation_end(struct port_ending *ending, const struct port_run *run);

#endif
