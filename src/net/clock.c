/* SPDX-License-Identifier: Apache-2.0 */
#include "net/clock.h"

#include "net/net.h"

#include <sys/random.h>
#include <time.h>

int64_t net_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t net_wall_time_s(void)
{
    return (int64_t)time(NULL);
}

uint32_t clock_random(void)
{
    uint32_t number = 0;
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        number = UINT32_MAX / 2; /* jitter is a courtesy, not a secret */
    return number;
}
