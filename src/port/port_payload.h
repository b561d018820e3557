/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What starts a workflow from Port: the inputs of a workflow_dispatch, in the three shapes that Port's guide
 * has had (facts/port.md). Whoever may start the workflow can write them: they say which run or entity to
 * read, and nothing that is granted is taken from them. Pure.
 */
#ifndef IAMLEASE_PORT_PORT_PAYLOAD_H
#define IAMLEASE_PORT_PORT_PAYLOAD_H

#include "base/err.h"
#include "base/json.h"

#include <stdbool.h>

/* The longest text that is read of one input; GitHub takes 65,535 characters in all of them. */
enum { PORT_INPUT_MAX = 64 * 1024 };

/* What is not there is NULL. */
struct port_payload {
    const char *run_id;    /* letters, digits, '_' and '-' */
    const char *entity;    /* identifier of what the action was started on */
    const char *requester; /* e-mail, as the payload has it: to be compared with the run's, never to be used */
};

/* Whether a text can be the id of a run: it becomes part of a path, a branch and the name of a role. */
bool port_is_run_id(const char *text);

/*
 * Reads the object `inputs` of the event: `port_payload`, or `port_context` with `properties`, each a text of
 * JSON. ERR_INPUT: none of them or both, no JSON, too long, no id of a run, values that are no texts.
 */
int port_payload_read(struct arena *arena, const struct json *inputs, struct port_payload *ret,
                      struct err *err);

/* The text at keys with dots between them, or NULL. */
const char *port_text_at(const struct json *json, const char *path);

/* The value at keys with dots between them, or NULL. */
const struct json *port_value_at(const struct json *json, const char *path);

#endif
