/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adds an entry to the text of a file of temporary-access, and touches nothing else in it: comments, quotes,
 * indentation and line ends stay as people wrote them. What comes out is read again and compared.
 */
#ifndef IAMLEASE_CONFIG_APPENDING_H
#define IAMLEASE_CONFIG_APPENDING_H

#include "base/diag.h"
#include "base/err.h"

#include <stdint.h>

/* An ad-hoc entry. Texts that are NULL or "" are left out. */
struct new_entry {
    const char *description, *user, *environment;
    int64_t expires_at_s;
    const struct strings *permissions, *resources;
    const char *reason, *ticket, *port_run;
};

/*
 * `file`: as it is, or with text NULL: there is none yet. ERR_REFUSED: the file cannot be read, or is written
 * in a way to which nothing can be added without changing what stands there; the message says what to do.
 */
int config_append_entry(struct arena *arena, const struct source_file *file, const struct new_entry *entry,
                        const char **ret_text, struct err *err);

#endif
