/* SPDX-License-Identifier: Apache-2.0 */
#include "git_world.h"

#include "plan_world.h"
#include "unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <git2.h>
#include <git2/sys/commit.h>

#define OK(call) assert_return_code((call), 0)

static git_repository *open_git(const struct git_world *world)
{
    git_repository *git;
    OK(git_repository_open(&git, world->dir));
    return git;
}

struct git_world *git_world_new(void)
{
    struct arena *arena = arena_new();
    struct git_world *world = ARENA_NEW(arena, struct git_world);
    char *dir = arena_strdup(arena, "/tmp/iamlease-unit-XXXXXX");
    assert_non_null(mkdtemp(dir));
    *world = (struct git_world){.arena = arena, .dir = dir, .message = "test", .clock_s = 1700000000};
    git_libgit2_init();
    for (int level = GIT_CONFIG_LEVEL_PROGRAMDATA; level <= GIT_CONFIG_LEVEL_GLOBAL; level++)
        OK(git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "/nowhere")); /* not this machine's own settings */
    git_repository_init_options options;
    OK(git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION));
    options.flags = GIT_REPOSITORY_INIT_MKDIR;
    options.initial_head = "main";
    git_repository *git;
    OK(git_repository_init_ext(&git, dir, &options));
    git_repository_free(git);
    OK(repo_open(&world->repo, dir, &world->err));
    return world;
}

void git_world_reopen(struct git_world *world)
{
    repo_close(world->repo);
    OK(repo_open(&world->repo, world->dir, &world->err));
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info, (void)type, (void)ftw;
    return remove(path);
}

static void remove_all(const char *path)
{
    OK(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS));
}

void git_world_free(struct git_world *world)
{
    repo_close(world->repo);
    remove_all(world->dir);
    git_libgit2_shutdown();
    arena_free(world->arena);
}

void git_world_write(struct git_world *world, const char *path, const char *text)
{
    char *full = arena_printf(world->arena, "%s/%s", world->dir, path);
    if (!text) {
        remove_all(full);
        return;
    }
    for (char *slash = full + strlen(world->dir) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = 0;
        mkdir(full, 0777);
    }
    int fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    assert_return_code(fd, 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void id_of(git_oid *ret, const char *hex)
{
    OK(git_oid_fromstr(ret, hex));
}

const char *git_world_merge(struct git_world *world, const char *other)
{
    git_repository *git = open_git(world);
    git_index *index;
    git_signature *signature;
    git_oid id, tree, ids[2];
    const git_oid *parents[2] = {&ids[0], &ids[1]};
    size_t count = 0;
    OK(git_repository_index(&index, git));
    OK(git_index_clear(index));
    OK(git_index_add_all(index, NULL, GIT_INDEX_ADD_FORCE, NULL, NULL));
    git_index_entry submodule = {.mode = GIT_FILEMODE_COMMIT, .path = world->submodule};
    id_of(&submodule.id, "0123456789012345678901234567890123456789"); /* a commit of another repository */
    if (world->submodule)
        OK(git_index_add(index, &submodule));
    OK(git_index_write_tree(&tree, index));
    OK(git_signature_new(&signature, "Unit", "unit@example.com", world->clock_s++, 0));
    if (git_reference_name_to_id(&ids[0], git, "HEAD") == 0)
        count++;
    if (other)
        id_of(&ids[count++], other);
    OK(git_commit_create_from_ids(&id, git, "HEAD", signature, signature, NULL, world->message, &tree, count,
                                  parents));
    git_signature_free(signature);
    git_index_free(index);
    git_repository_free(git);
    char *text = arena_alloc(world->arena, GIT_OID_HEXSZ + 1);
    git_oid_tostr(text, GIT_OID_HEXSZ + 1, &id);
    return text;
}

const char *git_world_commit(struct git_world *world)
{
    return git_world_merge(world, NULL);
}

const char *git_world_config(struct git_world *world, const char *yaml)
{
    static const char *const places[] = {"aws-accounts", "aws-policies", "permanent-access",
                                         "temporary-access", "iamlease.yaml"};
    struct text_file files[TEXT_FILES_MAX] = {0};
    for (size_t i = 0; i < COUNT(places); i++)
        if (access(arena_printf(world->arena, "%s/%s", world->dir, places[i]), F_OK) == 0)
            git_world_write(world, places[i], NULL);
    world_files(world->arena, yaml, files);
    for (size_t i = 0; i < TEXT_FILES_MAX && files[i].path; i++)
        git_world_write(world, files[i].path, files[i].text);
    return git_world_commit(world);
}

void git_world_ref(struct git_world *world, const char *name, const char *commit_id)
{
    git_repository *git = open_git(world);
    git_reference *reference;
    git_oid id;
    id_of(&id, commit_id);
    OK(git_reference_create(&reference, git, name, &id, true, "test"));
    git_reference_free(reference);
    git_repository_free(git);
}

void git_world_reset(struct git_world *world, const char *commit_id)
{
    git_world_ref(world, "refs/heads/main", commit_id);
}

void git_world_forget(struct git_world *world, const char *id)
{
    remove_all(arena_printf(world->arena, "%s/.git/objects/%.2s/%s", world->dir, id, id + 2));
    git_world_reopen(world);
}
