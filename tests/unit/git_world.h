/* SPDX-License-Identifier: Apache-2.0 */
/* A real git repository in a folder of its own below /tmp, which is gone when it is freed. */
#ifndef IAMLEASE_UNIT_GIT_WORLD_H
#define IAMLEASE_UNIT_GIT_WORLD_H

#include "base/arena.h"
#include "repo/repo.h"

struct git_world {
    struct arena *arena;
    const char *dir; /* of the work tree */
    struct repo *repo;
    struct err err;        /* for whoever needs one */
    const char *message;   /* of the next commits */
    const char *submodule; /* where they have one, or NULL */
    int64_t clock_s;
};

/* An empty repository with the branch "main", without a commit. */
struct git_world *git_world_new(void);
void git_world_free(struct git_world *world);

/* Closes and opens the repository, which forgets what is remembered of refs and objects. */
void git_world_reopen(struct git_world *world);

/* Writes a file of the work tree, with its folders; text NULL removes file or folder. */
void git_world_write(struct git_world *world, const char *path, const char *text);

/* Commits the work tree as it is; gives the id. */
const char *git_world_commit(struct git_world *world);

/* The same with a second parent. */
const char *git_world_merge(struct git_world *world, const char *other);

/* The work tree holds this configuration (as in plan_world.h) and nothing else, and is committed. */
const char *git_world_config(struct git_world *world, const char *yaml);

/* HEAD and the branch name that commit; the work tree stays. */
void git_world_reset(struct git_world *world, const char *commit_id);

/* Makes a ref, such as "refs/tags/v1". */
void git_world_ref(struct git_world *world, const char *name, const char *commit_id);

/* Removes an object from the database, as if it had never been fetched. */
void git_world_forget(struct git_world *world, const char *id);

#endif
