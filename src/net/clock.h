/* SPDX-License-Identifier: Apache-2.0 */
/* What is another thing in each run: the clocks, which net.h declares, and chance. */
#ifndef IAMLEASE_NET_CLOCK_H
#define IAMLEASE_NET_CLOCK_H

#include <stdint.h>

/* Any number, for jitter. */
uint32_t clock_random(void);

#endif
