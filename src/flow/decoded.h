/* SPDX-License-Identifier: Apache-2.0 */
/* Files that were decoded when the teams of a change were looked for: whoever reads them next takes them from here. */
#ifndef IAMLEASE_FLOW_DECODED_H
#define IAMLEASE_FLOW_DECODED_H

#include "base/map.h"
#include "model/configuration.h"
#include "repo/repo.h"

/* One that was decoded without a diagnostic: its team, with what that file alone declares. */
struct decoded_file {
    struct source_file file;
    struct team_config team;
};

struct decoded_files {
    struct map by_blob; /* blob id → struct decoded_file */
    size_t bytes;       /* of the files */
};

struct decoded_files decoded_files_new(struct arena *arena);

/*
 * Decodes a file with entries of a team. *ret is NULL when it does not say what it says: it is no file, too
 * large, or there is a diagnostic. It lives as long as `arena` when it is kept, and as long as `scratch`
 * otherwise: after a MiB nothing more is kept.
 */
int decoded_file_read(struct arena *arena, struct arena *scratch, struct repo *repo, enum file_kind kind,
                      const char *path, const struct tree_entry *entry, const char *partition,
                      struct decoded_files *files, const struct decoded_file **ret, struct err *err);

/* The one of that path and those bytes, or NULL. `files` may be NULL. */
const struct decoded_file *decoded_file_find(const struct decoded_files *files,
                                             const struct config_input *input);

#endif
