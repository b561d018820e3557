/* SPDX-License-Identifier: Apache-2.0 */
/* When to try again, and how long to wait before. Pure: the random number and the clock are the caller's. */
#ifndef IAMLEASE_NET_RETRY_H
#define IAMLEASE_NET_RETRY_H

#include "net/net.h"

#include <curl/curl.h>

/* What a failed exchange means for the next attempt. */
enum failure {
    FAILURE_FINAL,       /* it would fail again: a certificate, a malformed URL */
    FAILURE_UNREACHABLE, /* no connection; given up earlier than the others, mostly it is a wrong endpoint */
    FAILURE_BROKEN,      /* the connection broke or was too slow */
};

/* Attempts at an endpoint to which no connection comes about. */
enum { ATTEMPTS_UNREACHABLE = 6 };

/* Attempts at an answer that begins and does not end: each costs the whole time-out. */
enum { ATTEMPTS_ENDLESS = 3 };

enum { WAIT_MAX_MS = 20000 };

/* What an HTTP status means when the caller has no classifier: 5xx is transient, 429 throttling. */
enum net_verdict retry_verdict(long status);

enum failure retry_failure(CURLcode code);

/*
 * Full jitter: between 0 and min(20 s, base · 2^(attempts - 1)) ms, as `random` (0 to UINT32_MAX) says.
 * `attempts` were made so far, at least one. A throttled request waits on a base five times as long.
 */
unsigned retry_wait_ms(unsigned base_ms, unsigned attempts, bool throttled, uint32_t random);

/*
 * How fast a group may start requests: not limited until it is throttled for the first time, then additive
 * increase and multiplicative decrease (facts of the IAM rates: the buckets are per account and not
 * published).
 */
struct pace {
    double per_second; /* 0: not limited */
};

void pace_throttled(struct pace *pace);
void pace_succeeded(struct pace *pace);

/* Between two starts; 0: not limited. */
unsigned pace_interval_ms(const struct pace *pace);

#endif
