/* SPDX-License-Identifier: Apache-2.0 */
/* The applied ref in a plain clone. */
#include "repo/git.h"

int applied_read(struct arena *arena, struct repo *repo, const char **ret, struct err *err)
{
    git_reference *reference CLEANUP(git_reference_freep) = NULL;
    git_object *commit CLEANUP(git_object_freep) = NULL;
    *ret = NULL;
    int rc = git_reference_lookup(&reference, repo->git, APPLIED_REF);
    if (rc == GIT_ENOTFOUND)
        return 0;
    if (rc < 0)
        return git_err(err, "cannot read %s", APPLIED_REF);
    if (git_reference_peel(&commit, reference, GIT_OBJECT_COMMIT) < 0)
        return git_err(err, "%s does not name a commit that is here", APPLIED_REF);
    *ret = git_id_text(arena, git_object_id(commit));
    return 0;
}

int applied_write(struct repo *repo, const char *commit_id, const char *expected, struct err *err)
{
    git_oid id, expected_id;
    git_reference *reference CLEANUP(git_reference_freep) = NULL;
    if (git_parse_id(&id, commit_id, err) < 0 || (expected && git_parse_id(&expected_id, expected, err) < 0))
        return -1;
    int rc = git_reference_create_matching(&reference, repo->git, APPLIED_REF, &id, expected != NULL,
                                           expected ? &expected_id : NULL, "iamlease apply");
    if (rc == GIT_EMODIFIED || rc == GIT_EEXISTS)
        return err_set(err, ERR_GIT, "%s was moved by somebody else meanwhile; run the command again",
                       APPLIED_REF);
    if (rc < 0)
        return git_err(err, "cannot write %s", APPLIED_REF);
    return 0;
}
