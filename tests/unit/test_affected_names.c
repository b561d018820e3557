/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "flow/account_ids.h"
#include "flow/affected.h"
#include "flow/decoded.h"
#include "git_world.h"
#include "unit.h"

#include <string.h>

#define ID_A "111111111111"
#define ID_B "222222222222"

#define LEASE(who) \
    "temporary-access:\n- {" who ", environment: prod, grant: x, expiration_date: 2026-11-30}\n"

static void write_file(struct git_world *world, const char *folder, const char *team, const char *text)
{
    git_world_write(world, arena_printf(world->arena, "%s/%s.yaml", folder, team), text);
}

/* Teams with one account of their own; "a" is the one that changes, and "b" has its account too. */
static void write_teams(struct git_world *world)
{
    write_file(world, "aws-accounts", "a", "aws-accounts: {prod: '" ID_A "'}\n");
    write_file(world, "aws-accounts", "b", "aws-accounts: {prod: '" ID_A "'}\n");
    for (char name[] = "m"; *name <= 'z'; ++*name)
        write_file(world, "aws-accounts", name, "aws-accounts: {prod: '" ID_B "'}\n");
}

static struct source open_side(struct git_world *world, const char *commit_id)
{
    struct source source;
    world->err = (struct err){0};
    assert_int_equal(source_open(world->arena, world->repo, commit_id, "", &source, &world->err), 0);
    return source;
}

/* Whether "b" is affected when these leases of "a" come, and when they go. */
static bool is_affected(struct git_world *world, const char *lease)
{
    struct affected found, back;
    write_file(world, "temporary-access", "a", "temporary-access:\n");
    struct source base = open_side(world, git_world_commit(world));
    write_file(world, "temporary-access", "a", lease);
    struct source head = open_side(world, git_world_commit(world));
    assert_int_equal(affected_teams(world->arena, world->repo, &base, &head, &found, &world->err), 0);
    assert_int_equal(affected_teams(world->arena, world->repo, &head, &base, &back, &world->err), 0);
    assert_false(found.all || back.all);
    assert_true(map_get(&found.teams, "a") && !map_get(&found.teams, "z"));
    bool is = map_get(&found.teams, "b") != NULL;
    assert_true(is == (map_get(&back.teams, "b") != NULL));
    assert_true(map_get(&found.accounts, "b") || found.all_accounts); /* it names the account in any case */
    return is;
}

/* Each way in which YAML writes the name of the user bert, or of what is one with it in IAM. */
static const char *const ways[] = {
    "permanent-access:\n- users:\n  - bert\n",
    "permanent-access:\n- users:\n  -   bert   # comment\n",
    "permanent-access:\n- users: [ernie, bert,grobi]\n",
    "permanent-access: [{users: [bert]}]\n",
    "permanent-access: [{\"users\":[\"bert\"]}]",
    "permanent-access: [{users: ['bert']}]",
    "permanent-access:\n- users:\n  - \"bert\"\n",
    "permanent-access:\n- users:\n  - 'bert'\n",
    "permanent-access:\n- users:\n  -\n    bert\n",
    "permanent-access:\n- users:\n  - |-\n    bert\n",
    "permanent-access:\n- users:\n  - >-\n    bert\n",
    "permanent-access:\n- users:\n  - >2-\n      bert\n",
    "permanent-access:\r\n- users:\r\n  - bert\r\n",
    "permanent-access:\n- users:\n  - bert",
    "\xef\xbb\xbfpermanent-access:\n- users: [bert]\n",
    "--- {permanent-access: [{users: [? bert]}]}\n",
    "permanent-access:\n- users:\n\t- bert\n",
    "temporary-access:\n- user: bert\n",
    "temporary-access:\n- user:\n    bert\n",
    "temporary-access:\n- {user: bert}\n",
    "temporary-access:\n- {\"user\":bert}\n",
    "temporary-access:\n- user: BERT\n",
    "temporary-access:\n- user: Bert@Example.com\n",
    "temporary-access:\n- user: 'bert@other.example'\n",
    "temporary-access:\n- role: bert\n",
    /* What may spell it in another way. */
    "temporary-access:\n- user: \"\\x62ert\"\n",
    "temporary-access:\n- user: \"be\\\n    rt\"\n",
    "temporary-access:\n- user: \"be\\/rt\"\n",
};

/* Texts of "b" that hold no name of the entries of "a". */
static const char *const others[] = {
    "temporary-access:\n- user: albert\n",
    "temporary-access:\n- user: bert2@example.com\n",
    "temporary-access:\n- {description: users environment prod x, user: ernie@bert.example}\n",
    "temporary-access:\n- user: bert+1\n",
    "temporary-access:\n- user: bert.bert\n",
    "temporary-access:\n",
    "",
};

static void check_texts(const char *lease, const char *const *texts, size_t count, bool expected)
{
    struct git_world *world = git_world_new();
    write_teams(world);
    for (size_t i = 0; i < count; i++) {
        bool is_temporary = str_prefix(texts[i], "temp");
        write_file(world, "permanent-access", "b", is_temporary ? "" : texts[i]);
        write_file(world, "temporary-access", "b", is_temporary ? texts[i] : "");
        CHECK(is_affected(world, lease) == expected, "%s%s", lease, texts[i]);
    }
    git_world_free(world);
}

static void test_ways(void **state)
{
    (void)state;
    static const char *const leases[] = {LEASE("user: bert@example.com"), LEASE("user: BERT"),
                                         LEASE("users: [kermit, Bert@example.com]"),
                                         "temporary-access:\n- user: \"\\x62ert\"\n  environment: prod\n"
                                         "  grant: x\n  expiration_date: 2026-11-30\n"};
    for (size_t i = 0; i < COUNT(leases); i++)
        check_texts(leases[i], ways, COUNT(ways), true);
    check_texts(LEASE("role: bert"), ways, COUNT(ways), true);
    check_texts(LEASE("group: Bert"), ways, COUNT(ways), true);
}

static void test_others(void **state)
{
    (void)state;
    check_texts(LEASE("user: bert@example.com"), others, COUNT(others), false);
    check_texts(LEASE("role: Bert"), others, COUNT(others), false);
    check_texts(LEASE("user: kermit"), ways, 25, false); /* but for the escapes */
}

/* Where principals are not all known, all that share the account are read. */
static void test_unknown(void **state)
{
    (void)state;
    static const char *const leases[] = {
        LEASE("role: 'a,b'"),    LEASE("user: 'kermit, '"),          LEASE("usr: kermit"),
        "temporary-access: [\n", "temporary-access:\n- &x kermit\n",
    };
    for (size_t i = 0; i < COUNT(leases); i++)
        check_texts(leases[i], others, COUNT(others), true);
}

/* Files of other teams and of the settings that decide what is enough. */
static const struct {
    const char *path, *text;
    bool affected; /* by a lease of kermit */
} files[] = {
    {"iamlease.yaml", "version: 1\n", false},
    {"iamlease.yaml", "usernames: email\n", false},
    {"iamlease.yaml", "usernames: {kermit@example.com: frog}\n", true},
    {"iamlease.yaml", "usernames: [\n", true},
    {"aws-policies/a.yaml", "aws-policies: {x: {managed_policies: ['arn:aws:iam::aws:policy/X']}}\n", false},
    {"aws-policies/a.yaml", "aws-policies: {x: {managed_policies: ['arn:aws:iam::" ID_A ":policy/X']}}\n",
     true},
    {"aws-policies/a.yaml", "aws-policies: {x: {managed_policies: [\"arn:aws:iam:\\x3a\"]}}\n", true},
    {"aws-policies/b.yaml", "aws-policies: {x: {managed_policies: ['arn:aws:iam::" ID_A ":policy/X']}}\n",
     false},
    /* Another team shares a name, and attaches such a policy. */
    {"aws-policies/c.yaml", "aws-policies: {x: {managed_policies: ['arn:aws:iam::" ID_A ":policy/X']}}\n",
     true},
    {"aws-policies/c.yaml", "aws-policies: {x: {managed_policies: ['arn:aws:iam::aws:policy/X']}}\n", false},
};

static void test_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct git_world *world = git_world_new();
        write_teams(world);
        write_file(world, "aws-accounts", "c", "aws-accounts: {prod: '" ID_A "'}\n");
        write_file(world, "temporary-access", "b", LEASE("user: ernie"));
        write_file(world, "temporary-access", "c", LEASE("user: kermit"));
        git_world_write(world, files[i].path, files[i].text);
        CHECK(is_affected(world, LEASE("user: kermit@example.com")) == files[i].affected, "%s%s",
              files[i].path, files[i].text);
        git_world_free(world);
    }
}

/* Two teams whose policies can come to one name: "a" and "a-b", not "a" and "ab". */
static void test_stems(void **state)
{
    (void)state;
    static const struct {
        const char *changed, *other;
        bool affected;
    } cases[] = {
        {"a", "a-b", true},  {"a-b", "a", true},   {"a", "a-b-c", true},   {"a-b-c", "a-b", true},
        {"a", "ab", false},  {"a-b", "ab", false}, {"a-b", "a-c", false},  {"b-a", "a", false},
        {"a", "b-a", false}, {"a_b", "a", false},  {"a-b", "a-b-c", true}, {"a-", "a", true},
        {"a", "temp", true}, {"temp", "a", true},  {"temp-x", "a", true},  {"a", "temporary", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct git_world *world = git_world_new();
        struct affected found;
        write_teams(world);
        write_file(world, "aws-accounts", cases[i].changed, "aws-accounts: {prod: '" ID_A "'}\n");
        write_file(world, "aws-accounts", cases[i].other, "aws-accounts: {prod: '" ID_A "'}\n");
        struct source base = open_side(world, git_world_commit(world));
        write_file(world, "aws-policies", cases[i].changed, "aws-policies:\n");
        struct source head = open_side(world, git_world_commit(world));
        assert_int_equal(affected_teams(world->arena, world->repo, &base, &head, &found, &world->err), 0);
        CHECK((map_get(&found.teams, cases[i].other) != NULL) == cases[i].affected, "%s and %s",
              cases[i].changed, cases[i].other);
        git_world_free(world);
    }
}

/* What is no file. */
/* What was decoded for this is kept, so that it is decoded once. */
static void test_decoded(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    struct affected found;
    write_teams(world);
    write_file(world, "temporary-access", "a", "temporary-access:\n");
    struct source base = open_side(world, git_world_commit(world));
    write_file(world, "temporary-access", "a", LEASE("user: kermit"));
    struct source head = open_side(world, git_world_commit(world));
    assert_int_equal(affected_teams(world->arena, world->repo, &base, &head, &found, &world->err), 0);
    for (size_t entries = 0; entries < 2; entries++) {
        const struct tree_entry *file;
        const char *path = "temporary-access/a.yaml";
        assert_int_equal(repo_find_entry(world->arena, world->repo, entries ? head.tree_id : base.tree_id,
                                         path, &file, &world->err),
                         0);
        const struct config_input input = {.file = &(struct source_file){.path = path}, .blob_id = file->id};
        const struct config_input elsewhere = {.file =
                                                   &(struct source_file){.path = "temporary-access/b.yaml"},
                                               .blob_id = file->id};
        const struct decoded_file *decoded = decoded_file_find(&found.decoded, &input);
        assert_non_null(decoded);
        assert_int_equal(decoded->team.entries.count, entries);
        assert_ptr_equal(decoded->team.sound[FILE_TEMPORARY], &decoded->file);
        assert_null(decoded_file_find(&found.decoded, &elsewhere));
    }
    git_world_free(world);
}

static void test_no_text(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    write_teams(world);
    write_file(world, "permanent-access", "b", "x");
    assert_false(is_affected(world, LEASE("user: kermit")));
    write_file(world, "permanent-access", "b", NULL);
    git_world_write(world, "permanent-access/b.yaml/inner", "x");
    assert_true(is_affected(world, LEASE("user: kermit")));
    git_world_free(world);
}

/* The accounts of all teams, also of those that were not read. */
static void test_account_ids(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    write_teams(world);
    struct source source = open_side(world, git_world_commit(world));
    struct map teams = map_new(world->arena), accounts = map_new(world->arena);
    struct diags diags = diags_new(world->arena);
    map_put(&teams, "a", world);
    for (int step = 0; step < 3; step++) {
        struct strings ids = {0};
        source.only = step > 0 ? &teams : NULL;
        source.only_accounts = step > 1 ? &accounts : NULL;
        source.inputs = (struct config_inputs){0};
        assert_int_equal(source_load(world->arena, world->repo, &source, &diags, &world->err), 0);
        assert_int_equal(source.config->count, step > 1 ? 1 : 16);
        assert_int_equal(account_ids_add(world->arena, world->repo, &source, &ids, &world->err), 0);
        assert_int_equal(ids.count, 16);
        strings_sort_unique(&ids);
        assert_int_equal(ids.count, 2);
    }
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways),        cmocka_unit_test(test_others),  cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_files),       cmocka_unit_test(test_stems),   cmocka_unit_test(test_no_text),
        cmocka_unit_test(test_account_ids), cmocka_unit_test(test_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
