/* SPDX-License-Identifier: Apache-2.0 */
/* User text inside of messages. */
#ifndef IAMLEASE_CONFIG_SHOWN_H
#define IAMLEASE_CONFIG_SHOWN_H

#include "base/arena.h"

/* `text` (UTF-8), cut with "…" where it is longer than a name ever is: a message stays a sentence, and memory small. */
const char *shown(struct arena *arena, const char *text);

#endif
