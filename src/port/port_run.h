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

enum { PORT_PERMISSIONS_MAX = 50 };

struct port_run {
    const char *id;
    bool in_progress;
    const char *action;        /* identifier */
    const char *blueprint;     /* of the entity; or NULL */
    const char *entity;        /* identifier; or NULL */
    const char *requester;     /* e-mail; NULL: nobody, it is an automation's */
    const struct json *inputs; /* what stood in the form; or NULL */
};

/* The form of port/, read. */
struct port_form {
    struct strings permissions;
    const char *reason, *ticket; /* "" when not given */
    int64_t hours;               /* 0: not given */
};

/*
 * *ret_found: whether Port has a run of that id. ERR_INPUT: what came is not a run.
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

/* ERR_INPUT: the inputs are not what that form has. */
int port_form_read(struct arena *arena, const struct json *inputs, struct port_form *ret, struct err *err);

/* The text of a property of an entity, or NULL; ERR_REFUSED when there is no such entity. */
struct port_entity {
    const char *identifier, *account_id, *team;
};
int port_entity_read(struct arena *arena, struct port *port, const char *blueprint, const char *identifier,
                     struct port_entity *ret, struct err *err);

enum port_end { PORT_GOES_ON, PORT_SUCCEEDED, PORT_FAILED };

/* Adds a line to the log of a run, and ends the run with it unless it goes on. */
int port_run_log(struct arena *arena, struct port *port, const char *run_id, const char *message,
                 enum port_end end, struct err *err);

/*
 * Sets how a run ended, or with PORT_GOES_ON only its label, and where to read on (`link`, or NULL). Where
 * Port follows the workflow's own status it refuses that (422 run_synchronized_error): then the summary
 * becomes a line of the log, and that is success.
 */
int port_run_end(struct arena *arena, struct port *port, const char *run_id, enum port_end end,
                 const char *summary, const char *link, struct err *err);

#endif
