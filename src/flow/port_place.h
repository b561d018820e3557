/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: into which team's file a request from Port belongs. */
#ifndef IAMLEASE_FLOW_PORT_PLACE_H
#define IAMLEASE_FLOW_PORT_PLACE_H

#include "model/configuration.h"

struct port_place {
    const struct team_config *team;
    const char *environment;
    const char *account_id;
};

/*
 * The team that has the account: the one that `team` names, or, with NULL, the only one. A team that the
 * section `teams` does not give the account does not count. Of several names that the team has for the
 * account, the first. ERR_REFUSED: there is none, or several and `team` does not say which.
 */
int port_place_find(struct arena *arena, const struct config *config, const char *account_id,
                    const char *team, struct port_place *ret, struct err *err);

#endif
