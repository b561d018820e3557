/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/owned_file.h"
#include "base/str.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The runner's user; who is not root can give nothing away. */
enum { RUNNER_UID = 1001, RUNNER_GID = 118 };

struct folder {
    struct arena *arena;
    const char *dir;
    uid_t owner;
    gid_t group;
};

static struct folder folder_new(void)
{
    struct arena *arena = arena_new();
    char *dir = arena_strdup(arena, "/tmp/iamlease-unit-XXXXXX");
    assert_non_null(mkdtemp(dir));
    struct folder folder = {arena, dir, geteuid(), getegid()};
    if (geteuid() == 0) {
        assert_return_code(chown(dir, RUNNER_UID, RUNNER_GID), errno);
        folder.owner = RUNNER_UID;
        folder.group = RUNNER_GID;
    }
    return folder;
}

static void folder_free(struct folder *folder)
{
    assert_return_code(rmdir(folder->dir), errno);
    arena_free(folder->arena);
}

static const char *in(const struct folder *folder, const char *name)
{
    return arena_printf(folder->arena, "%s/%s", folder->dir, name);
}

static void check_owner(const char *path, uid_t owner, gid_t group, mode_t mode)
{
    struct stat status;
    assert_return_code(lstat(path, &status), errno);
    assert_int_equal(status.st_uid, owner);
    assert_int_equal(status.st_gid, group);
    assert_int_equal(status.st_mode & 07777, mode);
}

static void a_new_file_belongs_to_the_owner_of_its_folder(void **state)
{
    (void)state;
    struct folder folder = folder_new();
    const char *path = in(&folder, "journal");
    int fd = owned_file_open(path, O_WRONLY | O_APPEND, 0600);
    assert_return_code(fd, errno);
    close(fd);
    check_owner(path, folder.owner, folder.group, 0600);
    assert_return_code(unlink(path), errno);
    folder_free(&folder);
}

static void a_file_that_was_there_keeps_its_owner(void **state)
{
    (void)state;
    struct folder folder = folder_new();
    const char *path = in(&folder, "plan.json");
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    assert_return_code(fd, errno);
    assert_int_equal(write(fd, "old", 3), 3);
    close(fd);
    fd = owned_file_open(path, O_WRONLY | O_TRUNC, 0600);
    assert_return_code(fd, errno);
    close(fd);
    struct stat status;
    assert_return_code(stat(path, &status), errno);
    assert_int_equal(status.st_size, 0);
    check_owner(path, geteuid(), getegid(), 0640);
    assert_return_code(unlink(path), errno);
    folder_free(&folder);
}

static void a_link_is_not_followed_where_that_is_asked_for(void **state)
{
    (void)state;
    struct folder folder = folder_new();
    const char *path = in(&folder, "journal"), *target = in(&folder, "target");
    assert_return_code(symlink(target, path), errno);
    assert_int_equal(owned_file_open(path, O_WRONLY | O_NOFOLLOW, 0600), -1);
    assert_int_equal(errno, ELOOP);
    assert_int_equal(access(target, F_OK), -1);
    assert_return_code(unlink(path), errno);
    folder_free(&folder);
}

static void a_made_file_has_a_name_of_its_own(void **state)
{
    (void)state;
    struct folder folder = folder_new();
    char *paths[] = {arena_strdup(folder.arena, in(&folder, "plan-XXXXXX.json")),
                     arena_strdup(folder.arena, in(&folder, "plan-XXXXXX.json"))};
    for (size_t i = 0; i < 2; i++) {
        int fd = owned_file_make(paths[i], (int)strlen(".json"));
        assert_return_code(fd, errno);
        close(fd);
        check_owner(paths[i], folder.owner, folder.group, 0644);
    }
    assert_string_not_equal(paths[0], paths[1]);
    for (size_t i = 0; i < 2; i++)
        assert_return_code(unlink(paths[i]), errno);
    folder_free(&folder);
}

static void a_folder_that_is_not_there(void **state)
{
    (void)state;
    assert_int_equal(owned_file_open("/nonexistent/folder/journal", O_WRONLY, 0600), -1);
    assert_int_equal(errno, ENOENT);
    char path[] = "/nonexistent/folder/plan-XXXXXX.json";
    assert_int_equal(owned_file_make(path, (int)strlen(".json")), -1);
    assert_int_equal(errno, ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_file_belongs_to_the_owner_of_its_folder),
        cmocka_unit_test(a_file_that_was_there_keeps_its_owner),
        cmocka_unit_test(a_link_is_not_followed_where_that_is_asked_for),
        cmocka_unit_test(a_made_file_has_a_name_of_its_own),
        cmocka_unit_test(a_folder_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
