/* SPDX-License-Identifier: Apache-2.0 */
#include "net/retry.h"

/*
 * Two requests in flight that take 100 ms each make 20 a second: the first throttle halves that. Back at 40
 * a second the limit has no effect any more and is dropped.
 */
static const double pace_first = 10, pace_least = 0.5, pace_unlimited = 40, pace_decrease = 0.7,
                    pace_increase = 0.5;

enum net_verdict retry_verdict(long status)
{
    if (status == 429)
        return NET_THROTTLED;
    return status >= 500 && status <= 599 ? NET_RETRY : NET_FINAL;
}

enum failure retry_failure(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return FAILURE_UNREACHABLE;
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR: /* a handshake that broke off; a bad certificate has a code of its own */
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_AGAIN: return FAILURE_BROKEN;
    default: return FAILURE_FINAL;
    }
}

unsigned retry_wait_ms(unsigned base_ms, unsigned attempts, bool throttled, uint32_t random)
{
    uint64_t most = throttled ? (uint64_t)base_ms * 5 : base_ms;
    for (unsigned i = 1; i < attempts && most < WAIT_MAX_MS; i++)
        most *= 2;
    if (most > WAIT_MAX_MS)
        most = WAIT_MAX_MS;
    return (unsigned)(most * random / UINT32_MAX);
}

void pace_throttled(struct pace *pace)
{
    pace->per_second = pace->per_second == 0 ? pace_first : pace->per_second * pace_decrease;
    if (pace->per_second < pace_least)
        pace->per_second = pace_least;
}

void pace_succeeded(struct pace *pace)
{
    if (pace->per_second == 0)
        return;
    pace->per_second += pace_increase;
    if (pace->per_second >= pace_unlimited)
        pace->per_second = 0;
}

unsigned pace_interval_ms(const struct pace *pace)
{
    return pace->per_second == 0 ? 0 : (unsigned)(1000 / pace->per_second);
}
