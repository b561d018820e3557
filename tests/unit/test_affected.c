/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "flow/affected.h"
#include "git_world.h"
#include "unit.h"

#define ID_A "111111111111"
#define ID_B "222222222222"
#define ID_C "333333333333"

#define BERT "permanent-access:\n- {users: [bert@example.com], environments: [prod], grants: [x]}\n"

/* Four teams: a and b share an account and a user, c and d are by themselves. */
static void write_base(struct git_world *world)
{
    git_world_write(world, "aws-accounts/a.yaml", "aws-accounts: {prod: '" ID_A "'}\n");
    git_world_write(world, "aws-accounts/b.yaml", "aws-accounts: {dev: " ID_B ", prod: \"" ID_A "\"}\n");
    git_world_write(world, "aws-accounts/c.yaml", "aws-accounts:\n  prod: " ID_C "\n  dev: '1" ID_A "'\n");
    git_world_write(world, "aws-accounts/d.yaml", "aws-accounts: {}\n");
    git_world_write(world, "permanent-access/a.yaml", BERT);
    git_world_write(world, "permanent-access/b.yaml", BERT);
    git_world_write(world, "permanent-access/c.yaml", "permanent-access: []\n");
    git_world_write(world, "permanent-access/d.yaml", "permanent-access: []\n");
    for (char name[] = "e"; *name <= 'p'; ++*name) /* many more, so that few are not most of them */
        git_world_write(world, arena_printf(world->arena, "aws-accounts/%s.yaml", name), "aws-accounts:\n");
}

static const struct {
    const char *path, *text; /* what changes; text NULL: the file goes */
    const char *affected;    /* "all", or the names */
} cases[] = {
    {"README.md", "nothing of ours", ""},
    /* Any file of a team; whoever shares no account with it stays out. */
    {"permanent-access/c.yaml", "permanent-access:\n", "c"},
    {"permanent-access/c.yaml", NULL, "c"},
    {"temporary-access/d.yaml", "temporary-access:\n", "d"},
    {"aws-policies/a.yaml", "aws-policies:\n", "ab"},
    {"aws-policies/b.yaml", "aws-policies:\n", "ab"},
    /* An account on either side. */
    {"aws-accounts/b.yaml", "aws-accounts: {prod: '" ID_C "'}\n", "abc"},
    {"aws-accounts/d.yaml", "aws-accounts: {prod: " ID_C "}\n", "cd"},
    {"aws-accounts/a.yaml", NULL, "ab"},
    {"aws-accounts/b.yaml", "aws-accounts: {prod: " ID_A "}\n", "ab"},
    /* A name on either side. */
    {"permanent-access/a.yaml", NULL, "ab"},
    {"temporary-access/b.yaml", "temporary-access:\n", "ab"},
    {"permanent-access/c.yaml", BERT, "c"},
    {"aws-accounts/z.yaml", "aws-accounts: {prod: '" ID_B "'}\n", "bz"},
    /* What may spell an account in another way is not judged. */
    {"aws-accounts/c.yaml",
     "aws-accounts: {prod: \"\\x31"
     "11111111111\"}\n",
     "all"},
    {"iamlease.yaml", "version: 1\n", "all"},
    {"aws/aws-accounts/a.yaml", "aws-accounts:\n", "all"},
};

static struct source open_side(struct git_world *world, const char *commit_id)
{
    struct source source;
    world->err = (struct err){0};
    assert_int_equal(source_open(world->arena, world->repo, commit_id, "", &source, &world->err), 0);
    return source;
}

static const char *affected(struct git_world *world, const struct source *base, const struct source *head)
{
    struct affected found;
    const char *text = "";
    assert_int_equal(affected_teams(world->arena, world->repo, base, head, &found, &world->err), 0);
    for (char name[] = "a"; *name <= 'z'; ++*name)
        if (map_get(&found.teams, name))
            text = arena_printf(world->arena, "%s%s", text, name);
    return found.all ? "all" : text;
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct git_world *world = git_world_new();
        write_base(world);
        const char *before = git_world_commit(world);
        git_world_write(world, cases[i].path, cases[i].text);
        const char *after = git_world_commit(world);
        struct source base = open_side(world, before), head = open_side(world, after);
        if (str_prefix(cases[i].path, "aws/"))
            head.root = "aws";
        const char *text = affected(world, &base, &head), *back = affected(world, &head, &base);
        CHECK(str_eq(text, cases[i].affected), "%zu: %s", i, text);
        CHECK(str_eq(back, cases[i].affected), "%zu: back: %s", i, back);
        git_world_free(world);
    }
}

/* A side without files, and a file that is too large to be looked at. */
static void test_doubtful(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    write_base(world);
    char *large = arena_alloc(world->arena, 70001);
    for (size_t i = 0; i < 70000; i++)
        large[i] = '#';
    git_world_write(world, "aws-accounts/e.yaml", large);
    git_world_write(world, "aws-accounts/f.yaml", "aws-accounts: {prod: \"\\x31\"}\n");
    struct source base = open_side(world, git_world_commit(world)), none = source_empty("nothing");
    git_world_write(world, "permanent-access/d.yaml", NULL);
    struct source head = open_side(world, git_world_commit(world));
    assert_string_equal(affected(world, &base, &head), "def");
    assert_string_equal(affected(world, &none, &head), "all");
    assert_string_equal(affected(world, &base, &none), "all");
    git_world_write(world, "aws-accounts/e.yaml", NULL);
    struct source changed = open_side(world, git_world_commit(world));
    assert_string_equal(affected(world, &head, &changed), "all");
    git_world_free(world);
}

/* The names of the teams of which more than the accounts was read. */
static const char *read_whole(struct git_world *world, struct source source, struct map *only)
{
    struct diags diags = diags_new(world->arena);
    const char *names = "";
    source.only = only;
    assert_int_equal(source_load(world->arena, world->repo, &source, &diags, &world->err), 0);
    assert_false(source_is_empty(&source));
    size_t accounts = 0;
    for (size_t i = 0; i < source.inputs.count; i++) {
        const struct config_input *input = &source.inputs.items[i];
        accounts += input->kind == FILE_ACCOUNTS;
        if (input->kind != FILE_ACCOUNTS)
            names = arena_printf(world->arena, "%s%s", names, input->team);
    }
    assert_int_equal(accounts, 16); /* of all teams */
    return names;
}

/* Of the other teams only the accounts are read: which names stand for one account concerns all. */
static void test_load_only(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    write_base(world);
    struct source source = open_side(world, git_world_commit(world));
    struct map teams = map_new(world->arena);
    assert_string_equal(read_whole(world, source, &teams), "");
    map_put(&teams, "c", world);
    assert_string_equal(read_whole(world, source, &teams), "c");
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_doubtful),
        cmocka_unit_test(test_load_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
