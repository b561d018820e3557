/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of an answer's headers. They come from the other side: what does not look as it should counts
 * as missing. */
#ifndef IAMLEASE_NET_HEADERS_H
#define IAMLEASE_NET_HEADERS_H

#include "net/net.h"

enum { REQUEST_ID_SIZE = 128, LINK_SIZE = 4096 };

struct headers {
    char request_id[REQUEST_ID_SIZE]; /* "" when missing */
    char link[LINK_SIZE];             /* "" when missing */
    struct net_limits limits;
};

struct headers headers_none(void);

/* Takes one header line, "Name: value\r\n", as libcurl hands it over; not terminated. */
void headers_take(struct headers *headers, const char *line, size_t size);

#endif
