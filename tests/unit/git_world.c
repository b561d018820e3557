/* SPDX-License-Identifier: Apache-2.0 */
#include "git_world.h"

#include "plan_world.h"
#include "repo/git.h"
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
    OK(git_start(&world->err)); /* as the program does: reading the certificates of the machine takes longer
                                   than most tests */
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

static git_filemode_t add_blob(git_repository *git, const char *path, const struct stat *info, git_oid *ret_id)
{
    char *bytes = malloc((size_t)info->st_size + 1);
    assert_non_null(bytes);
    if (S_ISLNK(info->st_mode)) {
        assert_int_equal(readlink(path, bytes, (size_t)info->st_size), info->st_size);
    } else {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        assert_return_code(fd, 0);
        assert_int_equal(read(fd, bytes, (size_t)info->st_size), info->st_size);
        close(fd);
    }
    OK(git_blob_create_from_buffer(ret_id, git, bytes, (size_t)info->st_size));
    free(bytes);
    if (S_ISLNK(info->st_mode))
        return GIT_FILEMODE_LINK;
    return info->st_mode & S_IXUSR ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
}

/* A folder of the work tree as a tree; returns how many entries that has. There is no index between, which
 * looks at every folder on the way to every file: thousands of commits are made. */
static size_t add_folder(git_repository *git, struct arena *arena, const char *path, git_oid *ret_id)
{
    git_treebuilder *builder;
    OK(git_treebuilder_new(&builder, git, NULL));
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        const char *inner = arena_printf(arena, "%s/%s", path, entry->d_name);
        struct stat info;
        git_oid id;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            strcmp(entry->d_name, ".git") == 0)
            continue;
        OK(lstat(inner, &info));
        if (!S_ISDIR(info.st_mode))
            OK(git_treebuilder_insert(NULL, builder, entry->d_name, &id, add_blob(git, inner, &info, &id)));
        else if (add_folder(git, arena, inner, &id) > 0)
            OK(git_treebuilder_insert(NULL, builder, entry->d_name, &id, GIT_FILEMODE_TREE));
    }
    closedir(folder);
    size_t count = git_treebuilder_entrycount(builder);
    OK(git_treebuilder_write(ret_id, builder));
    git_treebuilder_free(builder);
    return count;
}

static void add_submodule(git_repository *git, const char *path, git_oid *tree_id)
{
    git_tree *tree;
    git_tree_update update = {.action = GIT_TREE_UPDATE_UPSERT, .filemode = GIT_FILEMODE_COMMIT, .path = path};
    id_of(&update.id, "0123456789012345678901234567890123456789"); /* a commit of another repository */
    OK(git_tree_lookup(&tree, git, tree_id));
    OK(git_tree_create_updated(tree_id, git, tree, 1, &update));
    git_tree_free(tree);
}

const char *git_world_merge(struct git_world *world, const char *other)
{
    git_repository *git = open_git(world);
    git_signature *signature;
    git_oid id, tree, ids[2];
    const git_oid *parents[2] = {&ids[0], &ids[1]};
    size_t count = 0;
    add_folder(git, world->arena, world->dir, &tree);
    if (world->submodule)
        add_submodule(git, world->submodule, &tree);
    OK(git_signature_new(&signature, "Unit", "unit@example.com", world->clock_s++, 0));
    if (git_reference_name_to_id(&ids[0], git, "HEAD") == 0)
        count++;
    if (other)
        id_of(&ids[count++], other);
    OK(git_commit_create_from_ids(&id, git, "HEAD", signature, signature, NULL, world->message, &tree, count,
                                  parents));
    git_signature_free(signature);
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
