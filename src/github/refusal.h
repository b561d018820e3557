/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that are not what was asked for: which are worth another attempt, and what a person can do about
 * the others. */
#ifndef IAMLEASE_GITHUB_REFUSAL_H
#define IAMLEASE_GITHUB_REFUSAL_H

#include "github/client.h"

/* Attempts at one request; how often, and how long each time, GitHub may let us wait; facts/github.md §3.2. */
enum { REFUSAL_ATTEMPTS_MAX = 5, REFUSAL_WAITS_MAX = 2, REFUSAL_WAIT_MAX_S = 90 };

/* GitHub says "not so fast": 429, or a 403 that says so in its headers or its message. */
bool refusal_is_limit(const struct net_response *response);

/* How long GitHub asks to wait, in seconds, at least 1; `now_s` is the time of day. */
int64_t refusal_wait_s(const struct net_limits *limits, int64_t now_s);

/* Sets *err to one sentence for an answer that is not 2xx. */
int refusal_describe(const struct github_request *request, const struct net_response *response, int64_t now_s,
                     struct err *err);

#endif
