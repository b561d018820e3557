/* SPDX-License-Identifier: Apache-2.0 */
/* The applied ref in a plain clone. */
#include "repo/git.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

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

/* What the ref itself names, which for an annotated tag is the tag object: that is what is compared when it is replaced. */
static int read_target(struct repo *repo, const char *expected, git_oid *ret, struct err *err)
{
    git_reference *reference CLEANUP(git_reference_freep) = NULL;
    git_object *commit CLEANUP(git_object_freep) = NULL;
    git_oid expected_id;
    if (git_parse_id(&expected_id, expected, err) < 0)
        return -1;
    if (git_reference_lookup(&reference, repo->git, APPLIED_REF) < 0 ||
        git_reference_peel(&commit, reference, GIT_OBJECT_COMMIT) < 0)
        return git_err(err, "cannot read %s", APPLIED_REF);
    if (!git_reference_target(reference) || !git_oid_equal(git_object_id(commit), &expected_id))
        return err_set(err, ERR_GIT, "%s was moved by somebody else meanwhile; run the command again",
                       APPLIED_REF);
    git_oid_cpy(ret, git_reference_target(reference));
    return 0;
}

int applied_write(struct repo *repo, const char *commit_id, const char *expected, struct err *err)
{
    git_oid id, target;
    git_reference *reference CLEANUP(git_reference_freep) = NULL;
    if (git_parse_id(&id, commit_id, err) < 0 || (expected && read_target(repo, expected, &target, err) < 0))
        return -1;
    int rc = git_reference_create_matching(&reference, repo->git, APPLIED_REF, &id, expected != NULL,
                                           expected ? &target : NULL, "iamlease apply");
    if (rc == GIT_EMODIFIED || rc == GIT_EEXISTS)
        return err_set(err, ERR_GIT, "%s was moved by somebody else meanwhile; run the command again",
                       APPLIED_REF);
    if (rc < 0)
        return git_err(err, "cannot write %s", APPLIED_REF);
    return 0;
}

int applied_once_write(struct repo *repo, const char *commit_id, struct err *err)
{
    git_oid id;
    git_reference *reference CLEANUP(git_reference_freep) = NULL;
    if (git_parse_id(&id, commit_id, err) < 0)
        return -1;
    int rc = git_reference_create(&reference, repo->git, APPLIED_ONCE_REF, &id, false, "iamlease apply");
    return rc < 0 && rc != GIT_EEXISTS ? git_err(err, "cannot write %s", APPLIED_ONCE_REF) : 0;
}

int repo_lock(struct repo *repo, struct err *err)
{
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    const char *path = arena_printf(scratch, "%siamlease.lock", git_repository_commondir(repo->git));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_set(err, ERR_IO, "cannot write '%s': %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        repo->lock_fd = fd;
        return 0;
    }
    int reason = errno;
    close(fd);
    if (reason == EWOULDBLOCK)
        return err_set(
            err, ERR_REFUSED,
            "another apply or cleanup works in this clone; wait until it has ended and run the command again");
    return err_set(err, ERR_IO, "cannot lock '%s': %s", path, strerror(reason));
}
