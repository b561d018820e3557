/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a commit in an object database in memory. The parents that are read stand in the object in
 * that order, right behind the tree; and wherever libgit2 understands a commit, it has the same parents.
 */
#include "base/str.h"
#include "repo/git.h"
#include "repo/raw_commit.h"
#include "require.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

enum { ID_SIZE = 40 };

/* A repository without a folder that holds this one object; false when it is not taken. */
static bool open_memory(struct repo *repo, const void *data, size_t size, git_oid *ret_id)
{
    git_odb *odb CLEANUP(git_odb_freep) = NULL;
    git_odb_backend *memory;
    *repo = (struct repo){.lock_fd = -1};
    REQUIRE(git_odb_new(&odb) == 0 && git_mempack_new(&memory) == 0);
    REQUIRE(git_odb_add_backend(odb, memory, 1) == 0);
    REQUIRE(git_repository_wrap_odb(&repo->git, odb) == 0);
    return git_odb_write(ret_id, odb, data, size, GIT_OBJECT_COMMIT) == 0;
}

static void check_against_libgit2(struct arena *arena, struct repo *repo, const git_oid *id,
                                  const struct strings *parents, bool is_read)
{
    git_commit *commit CLEANUP(git_commit_freep) = NULL;
    if (git_commit_lookup(&commit, repo->git, id) < 0)
        return;
    REQUIRE(is_read && git_commit_parentcount(commit) == parents->count);
    for (size_t i = 0; i < parents->count; i++)
        REQUIRE(str_eq(git_id_text(arena, git_commit_parent_id(commit, (unsigned)i)), parents->items[i]));
}

/* The beginning of the commit, written from what was read, is its beginning. */
static void check_beginning(const char *raw, size_t size, const struct strings *parents)
{
    size_t at = strlen("tree ") + ID_SIZE + 1;
    REQUIRE(size >= at && memcmp(raw, "tree ", 5) == 0 && raw[at - 1] == '\n');
    for (size_t i = 0; i < parents->count; i++, at += strlen("parent ") + ID_SIZE + 1) {
        REQUIRE(size >= at + strlen("parent ") + ID_SIZE + 1);
        REQUIRE(memcmp(raw + at, "parent ", 7) == 0 && raw[at + 7 + ID_SIZE] == '\n');
        REQUIRE(strlen(parents->items[i]) == ID_SIZE &&
                strncasecmp(raw + at + 7, parents->items[i], ID_SIZE) == 0);
        REQUIRE(strspn(parents->items[i], "0123456789abcdef") == ID_SIZE);
    }
    REQUIRE(size - at < 7 || memcmp(raw + at, "parent ", 7) != 0); /* none is left behind */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char *raw = arena_alloc(arena, size ? size : 1);
    memcpy(raw, data, size);
    struct strings parents = {0};
    struct err err = {0};
    bool is_read = raw_commit_parents(arena, raw, size, &parents, &err) == 0;
    if (is_read)
        check_beginning(raw, size, &parents);
    else
        REQUIRE(err.code == ERR_GIT && *err.message && parents.count == 0);

    static bool begun; /* once for all runs: it takes longer than everything else together */
    struct repo repo;
    git_oid id;
    begun = begun || git_libgit2_init() > 0;
    if (open_memory(&repo, raw, size, &id)) {
        struct strings again = {0};
        struct err other = {0};
        bool is_found = repo_parents(arena, &repo, git_id_text(arena, &id), &again, &other) == 0;
        REQUIRE(is_found == is_read && again.count == parents.count);
        check_against_libgit2(arena, &repo, &id, &parents, is_read);
    }
    git_repository_free(repo.git);
    return 0;
}
