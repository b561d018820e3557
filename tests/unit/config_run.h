/* SPDX-License-Identifier: Apache-2.0 */
/* Reads configuration that stands in a test, and gives what was found as text. */
#ifndef IAMLEASE_UNIT_CONFIG_RUN_H
#define IAMLEASE_UNIT_CONFIG_RUN_H

#include "config/config.h"

struct text_file {
    const char *path; /* "aws-accounts/payments.yaml", "iamlease.yaml" */
    const char *text;
};

/* Room for the files of one case in a table; unused ones have no path. */
enum { TEXT_FILES_MAX = 24 };

/* Reads the files as config_load() does; paths must be ones that config_classify() takes. */
struct config *config_run(struct arena *arena, const struct text_file files[static TEXT_FILES_MAX],
                          struct diags *diags);

/* One line for each: "path:line:column+length id\n", sorted; warnings have a '?' behind the id. */
const char *config_run_diags(struct arena *arena, struct diags *diags);

/* The first diagnostic of that id, or NULL. */
const struct diag *config_run_find(const struct diags *diags, const char *id);

/* A file that holds `text`. */
const struct source_file *config_run_file(struct arena *arena, const char *path, const char *text);

#endif
