/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "flow/starter.h"
#include "git_world.h"
#include "unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP \
    "      - uses: OWNER/iamlease@REF\n        with:\n          # config-root: infra/access\n          command: plan\n"

static const char *in(struct git_world *world, const char *path)
{
    return arena_printf(world->arena, "%s/%s", world->dir, path);
}

static int write_all(struct git_world *world, const char *root, const char *action, struct starter_files *ret)
{
    const struct starter_request request = {.root_option = root, .action = action};
    world->err = (struct err){0};
    return starter_write(world->arena, world->repo, &request, ret, &world->err);
}

static const struct starter_file *find(const struct starter_files *files, const char *path)
{
    for (size_t i = 0; i < files->count; i++)
        if (str_eq(files->items[i].path, path))
            return &files->items[i];
    fail_msg("%s is not named", path);
    return NULL;
}

static void test_adapt(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    const struct {
        const char *action, *branch, *root, *text, *expected;
    } cases[] = {
        {NULL, NULL, "", STEP, "      - uses: OWNER/iamlease@REF\n        with:\n          command: plan\n"},
        {"a/b@c", "main", "aws", STEP, "      - uses: a/b@c\n        with:\n          command: plan\n"},
        {"./", NULL, "x/\"y\"", STEP,
         "      - uses: ./\n        with:\n          config-root: \"x/\\\"y\\\"\"\n          command: plan\n"},
        {NULL, "main", "", "    branches: [main]\n", "    branches: [main]\n"},
        {NULL, "release/2", "", "    branches: [main]\n", "    branches: [\"release/2\"]\n"},
        {"a/b@c", NULL, "", "OWNER/iamlease@REF OWNER/iamlease@REF", "a/b@c a/b@c"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(
            starter_adapt(arena, cases[i].text, cases[i].action, cases[i].branch, cases[i].root),
            cases[i].expected);
    arena_free(arena);
}

static void test_what_an_action_may_be(void **state)
{
    (void)state;
    const char *const good[] = {"a/b@v1", "a/b/c@0123456789", "./", "docker://host/name:1@sha256:00"};
    const char *const bad[] = {"",     "a",     "a/b",     "a/b@",    "/b@c",
                               "a/@c", "a@b/c", "a/b@c d", "a/b@c\n", "a/b@'c'"};
    for (size_t i = 0; i < COUNT(good) + COUNT(bad); i++) {
        struct git_world *world = git_world_new();
        struct starter_files files;
        bool is_good = i < COUNT(good);
        const char *action = is_good ? good[i] : bad[i - COUNT(good)];
        CHECK(write_all(world, NULL, action, &files) == (is_good ? 0 : -1), "%s", action);
        CHECK(is_good || (world->err.code == ERR_USAGE && access(in(world, ".github"), F_OK) < 0), "%s",
              action);
        git_world_free(world);
    }
}

/* A second run, and one after a file was taken away. */
static void test_nothing_is_overwritten(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct starter_files files;
    git_world_write(world, "iamlease.yaml", "version: 1\n");
    git_world_write(world, "aws-accounts/payments.yaml", "aws-accounts: {}\n");
    assert_int_equal(write_all(world, NULL, NULL, &files), 0);
    assert_string_equal(find(&files, "iamlease.yaml")->reason, "it is there");
    assert_string_equal(find(&files, "aws-accounts/example.yaml")->reason, "the folder holds files");
    assert_true(find(&files, "aws-policies/example.yaml")->is_written);
    assert_null(find(&files, ".github/workflows/iamlease-plan.yml")->reason);
    struct stat before, after;
    assert_int_equal(stat(in(world, "iamlease.yaml"), &before), 0);
    assert_int_equal(before.st_size, strlen("version: 1\n"));
    size_t count = files.count;
    assert_int_equal(unlink(in(world, ".github/workflows/iamlease-plan.yml")), 0);
    assert_int_equal(write_all(world, NULL, NULL, &files), 0);
    assert_int_equal(files.count, count);
    for (size_t i = 0; i < files.count; i++)
        assert_true(files.items[i].is_written ==
                    str_eq(files.items[i].path, ".github/workflows/iamlease-plan.yml"));
    assert_int_equal(stat(in(world, "iamlease.yaml"), &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    git_world_free(world);
}

/* Nothing is written outside of the work tree, nor through a link that the repository holds. */
static void test_links_and_files_in_the_way(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct starter_files files;
    git_world_write(world, "elsewhere/x", "x");
    assert_int_equal(symlink("elsewhere", in(world, ".github")), 0);
    assert_int_equal(write_all(world, NULL, NULL, &files), -1);
    assert_int_equal(world->err.code, ERR_IO);
    assert_true(access(in(world, "elsewhere/workflows"), F_OK) < 0);
    assert_int_equal(unlink(in(world, ".github")), 0);

    git_world_write(world, ".github", "a file");
    assert_int_equal(write_all(world, NULL, NULL, &files), -1);
    assert_non_null(strstr(world->err.message, ".github/workflows/iamlease-"));
    assert_int_equal(unlink(in(world, ".github")), 0);

    assert_int_equal(unlink(in(world, "iamlease.yaml")), 0);
    assert_int_equal(symlink("elsewhere/settings", in(world, "iamlease.yaml")), 0);
    assert_int_equal(write_all(world, NULL, NULL, &files), 0);
    assert_false(find(&files, "iamlease.yaml")->is_written);
    assert_true(access(in(world, "elsewhere/settings"), F_OK) < 0);
    git_world_free(world);
}

static void test_where_the_configuration_is(void **state)
{
    (void)state;
    const struct {
        const char *there, *option, *expected;
    } cases[] = {
        {"README", NULL, "iamlease.yaml"},
        {"aws/aws-policies/a.yaml", NULL, "aws/iamlease.yaml"},
        {"README", "infra/access", "infra/access/iamlease.yaml"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct git_world *world = git_world_new();
        struct starter_files files;
        git_world_write(world, cases[i].there, "aws-policies: {}\n");
        assert_int_equal(write_all(world, cases[i].option, NULL, &files), 0);
        assert_true(find(&files, cases[i].expected)->is_written);
        assert_true(find(&files, ".github/workflows/iamlease-apply.yml")->is_written);
        git_world_free(world);
    }
    struct git_world *world = git_world_new();
    struct starter_files files;
    assert_int_equal(write_all(world, "../outside", NULL, &files), -1);
    assert_int_equal(files.count, 0);
    git_world_write(world, "aws/aws-policies/a.yaml", "aws-policies: {}\n");
    git_world_write(world, "aws-policies/a.yaml", "aws-policies: {}\n");
    assert_int_equal(write_all(world, NULL, NULL, &files), -1);
    assert_int_equal(world->err.code, ERR_REFUSED);
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adapt),
        cmocka_unit_test(test_what_an_action_may_be),
        cmocka_unit_test(test_nothing_is_overwritten),
        cmocka_unit_test(test_links_and_files_in_the_way),
        cmocka_unit_test(test_where_the_configuration_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
