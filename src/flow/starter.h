/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a repository begins with: the four folders, settings, workflows. The texts are those of examples/,
 * built into the program (tools/embed.awk), so that there is one source of them. Nothing that is there is
 * ever overwritten.
 */
#ifndef IAMLEASE_FLOW_STARTER_H
#define IAMLEASE_FLOW_STARTER_H

#include "repo/repo.h"

struct starter_request {
    const char *root_option; /* the config root that was asked for, or NULL: the one that is there, else the top */
    const char *action;      /* what the workflows use, "OWNER/NAME@REF", or NULL: that placeholder */
};

struct starter_file {
    const char *path; /* below the top of the work tree */
    bool is_written;
    const char *reason; /* why it was left alone; NULL: it was written */
};

struct starter_files {
    VEC_FIELDS(struct starter_file);
};

/*
 * Writes the files that are not there into the work tree and says of each what came of it, those before a
 * failure too. A folder that holds anything gets no example. ERR_USAGE: `action` or `root_option` is none.
 * ERR_REFUSED: a bare repository, two config roots. ERR_IO: a file cannot be written; none is left half
 * written.
 */
int starter_write(struct arena *arena, struct repo *repo, const struct starter_request *request,
                  struct starter_files *ret, struct err *err);

/* The text as that repository needs it: its default branch, its config root, the action. For the tests. */
const char *starter_adapt(struct arena *arena, const char *text, const char *action, const char *branch,
                          const char *root);

#endif
