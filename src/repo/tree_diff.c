/* SPDX-License-Identifier: Apache-2.0 */
/* Which names stand for something else in another tree. */
#include "repo/git.h"

#include <string.h>

static int open_tree(git_tree **ret, struct repo *repo, const char *tree_id, struct err *err)
{
    git_oid oid;
    if (!tree_id)
        return 0;
    if (git_parse_id(&oid, tree_id, err) < 0)
        return -1;
    if (git_tree_lookup(ret, repo->git, &oid) < 0)
        return git_err(err, "cannot read the tree %.12s", tree_id);
    return 0;
}

static bool are_same(const git_tree_entry *a, const git_tree_entry *b)
{
    return git_oid_equal(git_tree_entry_id(a), git_tree_entry_id(b)) &&
           git_tree_entry_filemode_raw(a) == git_tree_entry_filemode_raw(b);
}

int repo_diff_trees(struct arena *arena, struct repo *repo, const char *before_id, const char *after_id,
                    struct strings *ret, struct err *err)
{
    git_tree *before CLEANUP(git_tree_freep) = NULL, *after CLEANUP(git_tree_freep) = NULL;
    if (open_tree(&before, repo, before_id, err) < 0 || open_tree(&after, repo, after_id, err) < 0)
        return -1;
    size_t i = 0, j = 0, before_count = before ? git_tree_entrycount(before) : 0,
           after_count = after ? git_tree_entrycount(after) : 0;
    /* Git sorts folders as if their names ended in '/'. Where that misleads the walk, a name comes twice;
     * none is lost: whatever is not met on both sides at once counts as different. */
    while (i < before_count || j < after_count) {
        const git_tree_entry *old = i < before_count ? git_tree_entry_byindex(before, i) : NULL;
        const git_tree_entry *new = j < after_count ? git_tree_entry_byindex(after, j) : NULL;
        int order = !old ? 1 : !new ? -1 : strcmp(git_tree_entry_name(old), git_tree_entry_name(new));
        if (order != 0 || !are_same(old, new))
            strings_add(arena, ret, arena_strdup(arena, git_tree_entry_name(order <= 0 ? old : new)));
        i += order <= 0;
        j += order >= 0;
    }
    return 0;
}
