/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/repo.h"

#include "base/arena.h"
#include "repo/git.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2/sys/repository.h>

int git_err(struct err *err, const char *format, ...)
{
    const git_error *reason = git_error_last();
    char inner[512] = "unknown reason";
    if (reason && reason->message)
        snprintf(inner, sizeof inner, "%.500s", reason->message);
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    va_list args;
    va_start(args, format);
    const char *words = arena_vprintf(scratch, format, args);
    va_end(args);
    return err_set(err, ERR_GIT, "%s: %s", words, inner);
}

int git_missing(struct err *err, const char *kind, const char *id)
{
    return err_set(
        err, ERR_GIT,
        "the %s %.12s is not in this checkout; fetch it too (actions/checkout: fetch-depth: 2 for plan, 0 for "
        "apply, without filter and sparse-checkout), or give the input github-token",
        kind, id);
}

int git_parse_id(git_oid *ret, const char *hex, struct err *err)
{
    if (strlen(hex) != GIT_OID_HEXSZ || git_oid_fromstr(ret, hex) < 0)
        return err_set(err, ERR_GIT, "'%.64s' is not the id of a git object", hex);
    return 0;
}

const char *git_id_text(struct arena *arena, const git_oid *id)
{
    char *text = arena_alloc(arena, GIT_OID_HEXSZ + 1);
    git_oid_tostr(text, GIT_OID_HEXSZ + 1, id);
    return text;
}

/* What libgit2 cannot open, in words that say what to change; 1.5 knows fewer checkouts than 1.9
 * (facts/github.md §2.2). */
static int open_err(struct err *err, const char *dir)
{
    const git_error *reason = git_error_last();
    const char *text = reason && reason->message ? reason->message : "";
    const char *place = dir ? dir : ".";
    if (strcasestr(text, "worktreeconfig"))
        return err_set(
            err, ERR_GIT,
            "cannot open the sparse checkout at '%s' with this version of libgit2; leave sparse-checkout of "
            "actions/checkout out",
            place);
    if (strcasestr(text, "objectformat") || strcasestr(text, "object format"))
        return err_set(err, ERR_GIT,
                       "the repository at '%s' is a SHA-256 repository; iamlease reads SHA-1 ones only",
                       place);
    if (dir)
        return git_err(
            err, "cannot open a git repository at '%s'; mend --repo, or in a job run actions/checkout first",
            dir);
    return git_err(err, "cannot open a git repository here; change into one or give --repo DIR");
}

int repo_open(struct repo **ret, const char *dir, struct err *err)
{
    git_repository *git = NULL;
    unsigned flags = dir ? GIT_REPOSITORY_OPEN_NO_SEARCH : 0;
    if (git_start(err) < 0)
        return -1;
    if (git_repository_open_ext(&git, dir ? dir : ".", flags, NULL) < 0) {
        int rc = open_err(err, dir);
        git_libgit2_shutdown();
        return rc;
    }
    struct repo *repo = calloc(1, sizeof *repo);
    if (!repo)
        out_of_memory();
    repo->git = git;
    repo->lock_fd = -1;
    *ret = repo;
    return 0;
}

void repo_close(struct repo *repo)
{
    if (!repo)
        return;
    if (repo->lock_fd >= 0)
        close(repo->lock_fd);
    git_repository_free(repo->git);
    free(repo);
    git_libgit2_shutdown();
}

void repo_closep(struct repo **repo)
{
    repo_close(*repo);
    *repo = NULL;
}

/* Opening the packs again while they are open gives them back as they are, so an empty database comes between. */
void repo_forget(struct repo *repo)
{
    git_odb *empty CLEANUP(git_odb_freep) = NULL, *opened CLEANUP(git_odb_freep) = NULL;
    git_buf path = {0};
    if (repo->has_memory) /* what is in it is nowhere else */
        return;
    if (git_repository_item_path(&path, repo->git, GIT_REPOSITORY_ITEM_OBJECTS) == 0 &&
        git_odb_open(&opened, path.ptr) == 0 && git_odb_new(&empty) == 0) {
        git_odb_free(opened); /* it can be opened, and is again when nobody has its packs any more */
        opened = NULL;
        git_repository_set_odb(repo->git, empty);
        if (git_odb_open(&opened, path.ptr) == 0)
            git_repository_set_odb(repo->git, opened);
    }
    git_buf_dispose(&path);
}

const char *repo_workdir(const struct repo *repo)
{
    return git_repository_workdir(repo->git);
}

bool repo_is_unborn(struct repo *repo)
{
    return git_repository_head_unborn(repo->git) == 1;
}

bool repo_is_shallow(struct repo *repo)
{
    return git_repository_is_shallow(repo->git) == 1;
}

bool repo_has_revision(struct repo *repo, const char *revision)
{
    git_object *object CLEANUP(git_object_freep) = NULL;
    return git_revparse_single(&object, repo->git, revision) == 0;
}

bool repo_has_object(struct repo *repo, const char *id)
{
    struct err ignored;
    git_oid oid;
    git_odb *odb CLEANUP(git_odb_freep) = NULL;
    return git_parse_id(&oid, id, &ignored) == 0 && git_repository_odb(&odb, repo->git) == 0 &&
           git_odb_exists(odb, &oid);
}

int repo_resolve_commit(struct arena *arena, struct repo *repo, const char *revision, const char **ret,
                        struct err *err)
{
    git_object *object CLEANUP(git_object_freep) = NULL, *commit CLEANUP(git_object_freep) = NULL;
    if (git_revparse_single(&object, repo->git, revision) < 0) {
        if (repo_is_unborn(repo))
            return err_set(err, ERR_GIT, "cannot find the commit '%s': the branch has no commit yet",
                           revision);
        bool shallow = repo_is_shallow(repo);
        git_err(err, "cannot find the commit '%s'", revision);
        return shallow ? err_set(err, ERR_GIT,
                                 "cannot find the commit '%s' in this shallow checkout; fetch more history "
                                 "(actions/checkout: fetch-depth: 2 for plan, fetch-depth: 0 for apply)",
                                 revision)
                       : -1;
    }
    if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) < 0)
        return git_err(err, "'%s' is not a commit", revision);
    *ret = git_id_text(arena, git_object_id(commit));
    return 0;
}

int repo_merge_base(struct arena *arena, struct repo *repo, const char *a, const char *b, const char **ret,
                    struct err *err)
{
    git_oid left, right, base;
    if (git_parse_id(&left, a, err) < 0 || git_parse_id(&right, b, err) < 0)
        return -1;
    if (git_merge_base(&base, repo->git, &left, &right) < 0)
        return git_err(
            err, "the commits %.12s and %.12s have no common ancestor here; fetch more history or give --base",
            a, b);
    *ret = git_id_text(arena, &base);
    return 0;
}

const char *repo_default_branch(struct arena *arena, struct repo *repo)
{
    static const char *const names[] = {"refs/remotes/origin/HEAD", "refs/remotes/origin/main",
                                        "refs/remotes/origin/master", "refs/heads/main", "refs/heads/master"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        git_reference *reference CLEANUP(git_reference_freep) = NULL,
                                 *direct CLEANUP(git_reference_freep) = NULL;
        if (git_reference_lookup(&reference, repo->git, names[i]) == 0 &&
            git_reference_resolve(&direct, reference) == 0)
            return arena_strdup(arena, git_reference_name(direct));
    }
    return NULL;
}
