/* SPDX-License-Identifier: Apache-2.0 */
/* User text inside of messages. */
#ifndef IAMLEASE_CONFIG_SHOWN_H
#define IAMLEASE_CONFIG_SHOWN_H

#include "base/arena.h"

/*
 * `text` as it can stand in a message: valid UTF-8 on one line, without invisible characters, cut with "…"
 * where it is longer than a name ever is, so that a message stays a sentence and memory small.
 */
const char *shown(struct arena *arena, const char *text);

#endif
