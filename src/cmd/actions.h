/* SPDX-License-Identifier: Apache-2.0 */
/* What GitHub Actions adds to a command: the event, the API, outputs, notices. Outside of it there is nothing of that. */
#ifndef IAMLEASE_CMD_ACTIONS_H
#define IAMLEASE_CMD_ACTIONS_H

#include "base/buf.h"
#include "cmd/invocation.h"
#include "github/client.h"
#include "github/event.h"
#include "github/outputs.h"
#include "render/render.h"

struct actions {
    struct event event;
    bool has_event;
    struct net *net;
    struct github *github; /* NULL: there is no token */
};

/* Reads the event, masks the token and opens the API; with --pr, the pull request takes the event's place. */
int actions_open(struct invocation *invocation, struct actions *ret, struct err *err);
void actions_closep(struct actions *actions);

/*
 * GitHub's API once more after a first signal, for the report of what was done until then; only for some
 * seconds: GitHub kills a job that is cancelled 10 s after the first signal. A second one still ends at once.
 */
int actions_open_after_stop(struct invocation *invocation, struct actions *ret, struct err *err);

/* Hides a secret in the log from here on; `context`: the struct invocation. */
void actions_mask(void *context, const struct secret *secret);

/* A notice at the top of the run; outside of Actions a message. */
void actions_notice(const struct invocation *invocation, const char *text);

/* Sets outputs of the step; trouble with the file is a message. */
void actions_outputs(const struct invocation *invocation, const struct output *outputs, size_t count);

/* Whether there is a pull request to comment on, and --comment does not say no. */
bool actions_want_comment(const struct invocation *invocation, const struct actions *actions);

/* How large it may be, and where all of it stands. */
struct comment_options actions_comment_options(struct invocation *invocation);

/*
 * Keeps the comment of the pull request; it is left alone while the hash, 64 hexadecimal digits, stays the
 * same. Gives its URL, or NULL.
 */
const char *actions_comment(struct invocation *invocation, const struct actions *actions,
                            const struct buf *markdown, const char *hash);

#endif
