/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One side of a comparison: a commit, or the work tree, with its configuration. Everything is read from git trees.
 */
#ifndef IAMLEASE_FLOW_SOURCE_H
#define IAMLEASE_FLOW_SOURCE_H

#include "base/map.h"
#include "flow/decoded.h"
#include "github/client.h"
#include "model/configuration.h"
#include "repo/repo.h"

struct source {
    const char *name;        /* as asked for: "main", "WORKTREE" */
    const char *commit_id;   /* NULL for the work tree and for the empty source */
    const char *tree_id;     /* NULL: the empty source */
    const char *root;        /* the config root: "", or a path without slash at the end */
    const char *fingerprint; /* equal for two sources with the same configuration files */
    const struct map *only;  /* team → anything: source_load reads the files of no others; NULL: of all */
    const struct map *only_accounts;     /* with `only`: of these too the aws-accounts; NULL: of all teams */
    const struct decoded_files *decoded; /* those that need not be decoded again, or NULL */
    size_t left_out;                     /* how many it did not read for that reason */
    size_t bytes;                        /* of the files that were read */
    struct map texts;                    /* blob id → struct config_input: equal files are read once */
    const struct source
        *beside; /* the other side, loaded before, or NULL: what both have is read and decoded once */
    struct config_inputs inputs;
    const struct config *config; /* set by source_load */
    bool is_sound;               /* source_load found no error in it */
};

/* A source without files: the base of the first commit. */
struct source source_empty(const char *name);

/*
 * Finds the tree of a revision or of REPO_WORKTREE, and its config root: `root_option`, else the top, else
 * "aws" when one of the five folders is there and none at the top. ERR_REFUSED when both have one.
 */
int source_open(struct arena *arena, struct repo *repo, const char *revision, const char *root_option,
                struct source *ret, struct err *err);

/*
 * The same for a commit, known by its id and, to readers, by `name`. What this checkout lacks of it, or all
 * of it, is asked of GitHub, unless `github` is NULL.
 */
int source_open_commit(struct arena *arena, struct repo *repo, struct github *github, const char *commit_id,
                       const char *name, const char *root_option, struct source *ret, struct err *err);

/*
 * Reads and decodes the files. What is wrong in them goes to `diags`; source->config is set whenever this
 * succeeds. ERR_REFUSED when there are more than 20,000 files, or more than 64 MiB in all of them.
 */
int source_load(struct arena *arena, struct repo *repo, struct source *source, struct diags *diags,
                struct err *err);

/*
 * The two halves of that, for whoever reads file by file. The first fills source->inputs with what is there,
 * without bytes. The second reads one of them; what cannot be read is marked so. `same`: a file that was read
 * from the same blob, or NULL.
 */
int source_list(struct arena *arena, struct repo *repo, struct source *source, struct diags *diags,
                struct err *err);
int source_read(struct arena *arena, struct repo *repo, struct source *source, const struct source_file *same,
                struct config_input *input, struct diags *diags, struct err *err);

/* Whether the source has any file of ours. */
bool source_is_empty(const struct source *source);

/*
 * ERR_REFUSED when the config root that was asked for is no folder of this source: nothing readable must
 * never count as nothing desired.
 */
int source_check_root(struct arena *arena, struct repo *repo, const struct source *source,
                      const char *root_option, struct err *err);

/*
 * ERR_REFUSED when the owner in the settings changes: objects under the old mark would be foreign from then
 * on, access that nobody removes any more.
 */
int source_check_owner(const struct source *before, const struct source *after, struct err *err);

/* ERR_REFUSED: there is no configuration at all, where it is expected, and what to do. */
int source_refuse_empty(const struct source *source, struct err *err);

#endif
