/* SPDX-License-Identifier: Apache-2.0 */
/* The files of examples/ that `iamlease init` writes, built into the program by tools/embed.awk. */
#ifndef IAMLEASE_FLOW_STARTER_TEXTS_H
#define IAMLEASE_FLOW_STARTER_TEXTS_H

#include <stddef.h>

/* A file as it stands there. */
struct starter_text {
    const char *path, *text;
};

extern const struct starter_text starter_texts[];
extern const size_t starter_text_count;

#endif
