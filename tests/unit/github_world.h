/* SPDX-License-Identifier: Apache-2.0 */
/* A client of GitHub's API that talks to an http_double. */
#ifndef IAMLEASE_UNIT_GITHUB_WORLD_H
#define IAMLEASE_UNIT_GITHUB_WORLD_H

#include "github/client.h"
#include "http_double.h"

struct github_world {
    struct arena *arena;
    struct net *net;
    struct http_double *server;
    struct secret token;
    struct github *github; /* of acme/access, with the token "t0ken" */
    struct err err;
};

struct github_world *github_world_new(const struct http_line *script, size_t count);

/* Ends the server, so that its requests can be looked at. */
void github_world_stop(struct github_world *world);
void github_world_free(struct github_world *world);

#endif
