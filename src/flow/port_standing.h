/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: what a run of Port was granted at once before, when it is started again. */
#ifndef IAMLEASE_FLOW_PORT_STANDING_H
#define IAMLEASE_FLOW_PORT_STANDING_H

#include "flow/port_wish.h"

enum port_standing {
    PORT_STANDS_NOT,     /* there is no role, or it has ended */
    PORT_STANDS,         /* a role that has not ended, whatever the settings say by now */
    PORT_STANDS_PERHAPS, /* AWS could not be read */
};

/*
 * Looks for the role of the run in the account of the wish, or, where that is not known, in every account
 * that a file names; in no other, because an entity of Port could name any. A job that has no credentials of
 * AWS, and where nothing is granted at once, is believed to have granted nothing.
 */
enum port_standing port_standing_find(const struct port_wish *wish);

#endif
