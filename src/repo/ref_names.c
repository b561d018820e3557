/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/git.h"

int repo_ref_names(struct arena *arena, struct repo *repo, const char *prefix, struct strings *ret,
                   struct err *err)
{
    git_reference_iterator *names CLEANUP(git_reference_iterator_freep) = NULL;
    const char *name;
    int rc = git_reference_iterator_glob_new(&names, repo->git, arena_printf(arena, "%s*", prefix));
    while (rc == 0) {
        rc = git_reference_next_name(&name, names);
        if (rc == 0)
            strings_add(arena, ret, arena_strdup(arena, name + strlen(prefix)));
    }
    return rc == GIT_ITEROVER ? 0 : git_err(err, "cannot read the refs %s*", prefix);
}
