/* SPDX-License-Identifier: Apache-2.0 */
/* What an attempt without a usable answer is called, and the sentence about it. Inside src/net only. */
#ifndef IAMLEASE_NET_TROUBLE_H
#define IAMLEASE_NET_TROUBLE_H

#include "net/exchange.h"

/* The attempt ended with this result of libcurl, which is not CURLE_OK. Never NET_TROUBLE_NONE. */
enum net_trouble trouble_of(const struct exchange *exchange, CURLcode code);

/* Says what happened and with whom; of the URL only "https://host:port", of foreign text only what can be printed. */
void trouble_describe(struct exchange *exchange, enum net_trouble trouble, CURLcode code, struct err *err);

#endif
