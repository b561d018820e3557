/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Port's REST API (facts/port.md). The token is asked for at the first use, and once more when Port takes it
 * no longer. Answers are hostile until they are read; secrets stand in no message.
 */
#ifndef IAMLEASE_PORT_PORT_CLIENT_H
#define IAMLEASE_PORT_PORT_CLIENT_H

#include "base/json.h"
#include "net/net.h"

/* What the environment says; main.c fills it. */
struct port_environment {
    struct secret client_id, client_secret; /* PORT_CLIENT_ID, PORT_CLIENT_SECRET */
    void (*on_secret)(void *context,
                      const struct secret *secret); /* is shown the token, before its first use */
    void *on_secret_context;
};

struct port;

/* Both are set; whether they are good is Port's affair. */
bool port_has_credentials(const struct port_environment *environment);

/*
 * Makes no request. `base_url`: from the settings of the base. ERR_USAGE: no credentials, or ones with
 * characters that none has; a URL that is neither https nor http to a loopback address. The environment and
 * the net must live as long.
 */
int port_open(struct arena *arena, const struct port_environment *environment, const char *base_url,
              struct net *net, struct port **ret, struct err *err);

/* Wipes the token; NULL is allowed. */
void port_close(struct port *port);

struct port_request {
    const char *method;
    const char *path; /* what follows the base URL: "/v1/…" */
    const char *body; /* JSON, or NULL */
    const char *what; /* for messages, after "cannot": "read the run r_1" */
};

struct port_answer {
    long status;             /* 0: none came */
    const struct json *json; /* of a 2xx; NULL: no content */
    const char *error;       /* of others: Port's name of the error, "not_found", or "" */
};

/*
 * Sends one request and waits. Trouble, and every status but 2xx, is an error of one sentence: ERR_NET
 * for no answer, 429 and 5xx, ERR_REFUSED for other statuses, ERR_INPUT, ERR_STOPPED; ret->status and ret->error
 * tell more. GET, PUT, PATCH, DELETE
 * and upserts are tried again after 5xx and 429; a line of a log only when it was certainly not taken.
 */
int port_send(struct arena *arena, struct port *port, const struct port_request *request,
              struct port_answer *ret, struct err *err);

/* The text as one segment of a path, or as a value in a query. A segment "." or ".." is refused when it is sent. */
const char *port_escape(struct arena *arena, const char *text);

#endif
