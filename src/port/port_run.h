/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs of actions in Port, and the entities they were started on: the only source of who asks for what. Port
 * is trusted to say it; the texts are still hostile, because people write them into forms.
 */
#ifndef IAMLEASE_PORT_PORT_RUN_H
#define IAMLEASE_PORT_PORT_RUN_H

#include "model/configuration.h"
#include "port/port_client.h"
#include "port/port_resources.h"

#include <stdint.h>

struct port_run {
    const char *id;
    bool in_progress;
    const char *action;        /* identifier */
    const char *blueprint;     /* of the entity; or NULL */
    const char *entity;        /* identifier; or NULL */
    const char *requester;     /* e-mail; NULL: nothing proves that a person started it */
    const struct json *inputs; /* what stood in the form; or NULL */
    int64_t created_at_s;      /* when somebody started it; 0: Port does not say */
};

/*
 * *ret_found: whether Port has a run of that id. ERR_REFUSED: it has none. ERR_NET: nothing came, or
 * something that is not that run.
 */
int port_run_read(struct arena *arena, struct port *port, const char *run_id, struct port_run *ret,
                  bool *ret_found, struct err *err);

struct port_runs {
    VEC_FIELDS(struct port_run);
};

/*
 * The runs of these actions on entities of that blueprint that are in progress. ERR_INPUT: what came is no
 * list of runs, or has no end.
 */
int port_runs_in_progress(struct arena *arena, struct port *port, const char *blueprint,
                          const struct located_list *actions, struct port_runs *ret, struct err *err);

/* The text of a property of an entity, or NULL; ERR_REFUSED when there is no such entity, otherwise ERR_NET. */
struct port_entity {
    const char *identifier, *account_id, *team, *owner;
};
int port_entity_read(struct arena *arena, struct port *port, const char *blueprint, const char *identifier,
                     struct port_entity *ret, struct err *err);

#endif
