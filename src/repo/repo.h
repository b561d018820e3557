/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Git objects and refs, read from the object database. Nothing is written to the repository but the applied
 * ref: what the work tree holds is hashed into an in-memory object database that vanishes with `struct repo`.
 *
 * Commits, trees and blobs are named by their hexadecimal ids; the texts live in the arena given.
 */
#ifndef IAMLEASE_REPO_REPO_H
#define IAMLEASE_REPO_REPO_H

#include "base/err.h"
#include "base/vec.h"

#include <stdbool.h>

struct repo;

/* The name that stands for the files on disk wherever a revision is expected. */
#define REPO_WORKTREE "WORKTREE"

/*
 * Opens the repository at `dir`, or, with dir NULL, the one around the current folder. The owner of the files
 * is not checked: a container reads a work tree of another user, and nothing here runs hooks or filters.
 * ERR_GIT: no repository there, a SHA-256 repository, an extension that this libgit2 does not know, such as
 * that of a sparse checkout.
 */
int repo_open(struct repo **ret, const char *dir, struct err *err);
void repo_close(struct repo *repo);
void repo_closep(struct repo **repo);

/*
 * Frees what is kept in memory of objects that were read: libgit2 keeps up to 16 MiB of each pack, which pays
 * only for those that are read again. Costs as much as opening the packs.
 */
void repo_forget(struct repo *repo);

/* Top of the work tree, with a slash at the end, or NULL for a bare repository. */
const char *repo_workdir(const struct repo *repo);

/* A branch, tag, "HEAD~1" or id → commit id. ERR_GIT says what to change, such as "fetch-depth" in a shallow checkout. */
int repo_resolve_commit(struct arena *arena, struct repo *repo, const char *revision, const char **ret,
                        struct err *err);

/* Whether HEAD points to a branch that has no commit yet. */
bool repo_is_unborn(struct repo *repo);

/* Whether the revision names something that is there. */
bool repo_has_revision(struct repo *repo, const char *revision);

/* Whether the checkout has only a part of the history: what is not there may exist all the same. */
bool repo_is_shallow(struct repo *repo);

/* The best common ancestor of two commits. ERR_GIT when there is none. */
int repo_merge_base(struct arena *arena, struct repo *repo, const char *a, const char *b, const char **ret,
                    struct err *err);

/* Parents as the raw commit names them, whether or not their objects are there (a shallow checkout hides them
 * otherwise). */
int repo_parents(struct arena *arena, struct repo *repo, const char *commit_id, struct strings *ret,
                 struct err *err);

/* When a commit was made, in seconds since 1970. */
int repo_commit_time(struct repo *repo, const char *commit_id, int64_t *ret_s, struct err *err);

/* Whether the object is in the database. */
bool repo_has_object(struct repo *repo, const char *id);

/*
 * The commits after `from` up to and including `to` along first parents, oldest first; empty when they are
 * equal. ERR_REFUSED when `from` is not on the first-parent history of `to`.
 */
int repo_first_parents(struct arena *arena, struct repo *repo, const char *from, const char *to,
                       struct strings *ret, struct err *err);

int repo_tree_of_commit(struct arena *arena, struct repo *repo, const char *commit_id, const char **ret,
                        struct err *err);

enum entry_kind { ENTRY_FILE, ENTRY_FOLDER, ENTRY_SYMLINK, ENTRY_SUBMODULE };

struct tree_entry {
    const char *name;
    enum entry_kind kind;
    const char *id;
};

struct tree_entries {
    VEC_FIELDS(struct tree_entry);
};

/* The entry at `path` ("aws/aws-accounts") below a tree; *ret is NULL when there is none. path "" is the tree
 * itself. ERR_GIT when a folder on the way is not in this checkout. */
int repo_find_entry(struct arena *arena, struct repo *repo, const char *tree_id, const char *path,
                    const struct tree_entry **ret, struct err *err);

/* The entries of a tree. ERR_REFUSED when two of them have one name. */
int repo_list_tree(struct arena *arena, struct repo *repo, const char *tree_id, struct tree_entries *ret,
                   struct err *err);

/* Which entries of a tree are wanted, by their names. */
struct name_filter {
    bool (*wants)(void *context, const char *name);
    void *context;
};

/*
 * The same of those that are wanted only; what is not wanted costs next to nothing. *ret_all is how many the
 * tree has, and two of one name are refused whether they are wanted or not. `filter` NULL: all are.
 */
int repo_list_some(struct arena *arena, struct repo *repo, const char *tree_id,
                   const struct name_filter *filter, struct tree_entries *ret, size_t *ret_all,
                   struct err *err);

/*
 * The names of those entries of two trees that are not the same in both: other bytes, another kind, or only
 * there. A name may come twice. NULL stands for a tree without entries.
 */
int repo_diff_trees(struct arena *arena, struct repo *repo, const char *before_id, const char *after_id,
                    struct strings *ret, struct err *err);

/* Size of a blob in bytes, without reading it. */
int repo_blob_size(struct repo *repo, const char *blob_id, size_t *ret, struct err *err);

/* The bytes, followed by a NUL that does not count. */
int repo_read_blob(struct arena *arena, struct repo *repo, const char *blob_id, const char **ret,
                   size_t *ret_size, struct err *err);

/* The same of a blob of at most `max_size` bytes; of a larger one *ret is NULL, and only its size is read. */
int repo_read_small_blob(struct arena *arena, struct repo *repo, const char *blob_id, size_t max_size,
                         const char **ret, size_t *ret_size, struct err *err);

/*
 * Hashes the given files and folders of the work tree (paths relative to its top; missing ones are left out;
 * folders with all that is in them, two levels deep) into memory and gives the id of a tree that holds them.
 * Files over `max_file_size` bytes are cut after max_file_size + 1 bytes.
 */
int repo_hash_worktree(struct arena *arena, struct repo *repo, const struct strings *paths,
                       size_t max_file_size, const char **ret_tree_id, struct err *err);

/* One entry of a tree that came from elsewhere: mode as octal digits, "100644" or "040000"; name; id. */
struct tree_record {
    const char *mode, *name, *id;
};

/*
 * Put an object that this checkout lacks into memory, where everything here finds it; nothing is written to
 * the repository. ERR_INPUT when the bytes have not that id: what came is then not used. The entries of a
 * tree come in git's order.
 */
int repo_add_tree(struct repo *repo, const char *id, const struct tree_record *records, size_t count,
                  struct err *err);
int repo_add_blob(struct repo *repo, const char *id, const char *bytes, size_t size, struct err *err);

/* What was applied (DESIGN §3): every fact declared before this commit, and not since, has been removed from AWS. */
#define APPLIED_REF "refs/tags/iamlease/applied"

/* The commit that the applied ref names; *ret is NULL when there is no such ref. */
int applied_read(struct arena *arena, struct repo *repo, const char **ret, struct err *err);

/*
 * Sets the ref to `commit_id` when it still is at `expected` (NULL: when it does not exist). With both equal
 * it only proves that the ref can be written. ERR_GIT otherwise; the ref is then as it was.
 */
int applied_write(struct repo *repo, const char *commit_id, const char *expected, struct err *err);

/*
 * Beside it from the first apply on that did everything: until then the applied ref names what was begun, and
 * none of it need be in AWS. It is made once, and stays where it is.
 */
#define APPLIED_ONCE_REF "refs/tags/iamlease/applied-once"

/* Makes that ref, or leaves the one that is there. */
int applied_once_write(struct repo *repo, const char *commit_id, struct err *err);

/* What follows `prefix` in the names of the refs that begin with it. */
int repo_ref_names(struct arena *arena, struct repo *repo, const char *prefix, struct strings *ret,
                   struct err *err);

/*
 * Makes this the only run that writes to AWS from this clone, until repo_close() or the end of the process:
 * two at once would each remove what the other grants, and forget it. ERR_REFUSED when another holds the lock.
 */
int repo_lock(struct repo *repo, struct err *err);

/* The branch that changes are merged into, as far as a clone tells: a full ref name, or NULL. */
const char *repo_default_branch(struct arena *arena, struct repo *repo);

#endif
