/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/new_file.h"
#include "git_world.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *in(struct git_world *world, const char *path)
{
    return arena_printf(world->arena, "%s/%s", world->dir, path);
}

/* True, or errno is set. */
static bool write_at(struct git_world *world, const char *path, const char *text, bool *ret_written)
{
    const char *name;
    int folder = new_file_folder(world->arena, world->dir, path, &name);
    if (folder < 0)
        return false;
    int rc = new_file_write(folder, name, text, ret_written);
    close(folder);
    return rc == 0;
}

static void test_new_files(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct stat there;
    char text[8] = "";
    bool written;
    assert_true(write_at(world, "a/b/c.yaml", "one", &written) && written);
    assert_true(write_at(world, "a/b/c.yaml", "two", &written) && !written);
    int file = open(in(world, "a/b/c.yaml"), O_RDONLY);
    assert_int_equal(read(file, text, sizeof text - 1), 3);
    close(file);
    assert_string_equal(text, "one");
    assert_true(write_at(world, "top.yaml", "", &written) && written);
    assert_int_equal(stat(in(world, "top.yaml"), &there), 0);
    /* Not through a link, neither of a folder nor of a file; not into a file. */
    assert_int_equal(symlink(in(world, "a"), in(world, "link")), 0);
    assert_false(write_at(world, "link/d.yaml", "x", &written));
    assert_int_equal(symlink(in(world, "nowhere"), in(world, "dangling.yaml")), 0);
    assert_true(write_at(world, "dangling.yaml", "x", &written) && !written);
    assert_int_equal(stat(in(world, "nowhere"), &there), -1);
    assert_false(write_at(world, "top.yaml/d.yaml", "x", &written));
    assert_int_equal(errno, ENOTDIR);
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
