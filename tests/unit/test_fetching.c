/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "flow/fetching.h"
#include "git_world.h"
#include "github_world.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define A40  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TEXT "aws-accounts: {}\n"

/* A commit with aws-accounts/a.yaml in it. */
struct commit {
    struct git_world *world;
    const char *id, *tree, *folder, *blob;
    struct strings places;
};

static struct commit commit_new(void)
{
    struct commit commit = {.world = git_world_new()};
    struct git_world *world = commit.world;
    const struct tree_entry *entry;
    git_world_write(world, "aws-accounts/a.yaml", TEXT);
    git_world_write(world, "aws-accounts/notes.txt", "not ours");
    commit.id = git_world_commit(world);
    assert_int_equal(repo_tree_of_commit(world->arena, world->repo, commit.id, &commit.tree, &world->err), 0);
    assert_int_equal(
        repo_find_entry(world->arena, world->repo, commit.tree, "aws-accounts", &entry, &world->err), 0);
    commit.folder = entry->id;
    assert_int_equal(
        repo_find_entry(world->arena, world->repo, commit.tree, "aws-accounts/a.yaml", &entry, &world->err),
        0);
    commit.blob = entry->id;
    strings_add(world->arena, &commit.places, "aws-accounts");
    strings_add(world->arena, &commit.places, "aws-policies");
    strings_add(world->arena, &commit.places, "iamlease.yaml");
    return commit;
}

static int fetch(struct commit *commit, struct github_world *github)
{
    return fetch_places(commit->world->arena, commit->world->repo, github->github, commit->tree,
                        &commit->places, &github->err);
}

/* The tree of the folder as GitHub tells of it. */
static const char *folder_json(struct commit *commit)
{
    struct git_world *world = commit->world;
    const struct tree_entry *notes;
    assert_int_equal(repo_find_entry(world->arena, world->repo, commit->tree, "aws-accounts/notes.txt",
                                     &notes, &world->err),
                     0);
    return arena_printf(world->arena,
                        "{\"sha\":\"%s\",\"truncated\":false,\"tree\":["
                        "{\"path\":\"a.yaml\",\"mode\":\"100644\",\"type\":\"blob\",\"sha\":\"%s\"},"
                        "{\"path\":\"notes.txt\",\"mode\":\"100644\",\"type\":\"blob\",\"sha\":\"%s\"}]}",
                        commit->folder, commit->blob, notes->id);
}

static void test_nothing_is_asked_for_what_is_here(void **state)
{
    (void)state;
    struct commit commit = commit_new();
    struct github_world *github = github_world_new(NULL, 0);
    const char *tree;
    assert_int_equal(fetch(&commit, github), 0);
    assert_int_equal(fetch_tree_of_commit(commit.world->arena, commit.world->repo, github->github, commit.id,
                                          &tree, &github->err),
                     0);
    assert_string_equal(tree, commit.tree);
    github_world_stop(github);
    assert_int_equal(http_double_count(github->server), 0);
    github_world_free(github);
    git_world_free(commit.world);
}

/* The folder and the file in it that is ours; not the other one, and not what the commit has not. */
static void test_what_is_missing(void **state)
{
    (void)state;
    struct commit commit = commit_new();
    struct git_world *world = commit.world;
    const struct http_line script[] = {
        {arena_printf(world->arena, "GET /repos/acme/access/git/trees/%s ", commit.folder), 200, NULL,
         folder_json(&commit), HTTP_ANSWER, 1},
        {arena_printf(world->arena, "GET /repos/acme/access/git/blobs/%s ", commit.blob), 200, NULL, TEXT,
         HTTP_ANSWER, 1},
    };
    git_world_forget(world, commit.folder);
    git_world_forget(world, commit.blob);
    struct github_world *github = github_world_new(script, COUNT(script));
    CHECK(fetch(&commit, github) == 0, "%s", github->err.message);
    github_world_stop(github);
    assert_int_equal(http_double_count(github->server), 2);
    const char *text;
    size_t size;
    assert_int_equal(repo_read_blob(world->arena, world->repo, commit.blob, &text, &size, &world->err), 0);
    assert_string_equal(text, TEXT);
    github_world_free(github);
    git_world_free(world);
}

static void test_lies(void **state)
{
    (void)state;
    static const struct {
        const char *body, *message;
    } cases[] = {
        {"{\"tree\":[],\"truncated\":false}", "is another one"},
        {"{\"tree\":[],\"truncated\":true}", "too many entries"},
        {"{\"tree\":{}}", "too many entries"},
        {"{\"tree\":[{\"path\":\"a\"}]}", "malformed entry"},
        {"{\"tree\":[{\"path\":\"a/b\",\"mode\":\"100644\",\"sha\":\"" A40 "\"}]}", "malformed entry"},
        {"{\"tree\":[{\"path\":\"a\",\"mode\":\"100644\",\"sha\":\"a\"}]}", "malformed entry"},
        {"{\"tree\":[{\"path\":\"a\",\"mode\":\"100644\",\"sha\":\"a\\u001b]0;\"}]}",
         "that came has a malformed entry"},
        {"[]", "too many entries"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct commit commit = commit_new();
        const struct http_line script[] = {{"/git/trees/", 200, NULL, cases[i].body, HTTP_ANSWER, 1}};
        git_world_forget(commit.world, commit.folder);
        struct github_world *github = github_world_new(script, COUNT(script));
        CHECK(fetch(&commit, github) == -1, "%s", cases[i].body);
        CHECK(strstr(github->err.message, cases[i].message), "%s", github->err.message);
        assert_false(repo_has_object(commit.world->repo, commit.folder));
        github_world_stop(github);
        github_world_free(github);
        git_world_free(commit.world);
    }
}

/* Questions with one id as the answer. */
static void test_ids(void **state)
{
    (void)state;
    struct commit commit = commit_new();
    struct arena *arena = commit.world->arena;
    const struct http_line script[] = {
        {"/commits/release%2F1?per_page=1 ", 200, NULL, "{\"sha\":\"" A40 "\"}", HTTP_ANSWER, 1},
        {"/compare/release%2F1..." A40 "?per_page=1 ", 200, NULL,
         "{\"merge_base_commit\":{\"sha\":\"" A40 "\"}}", HTTP_ANSWER, 1},
        {"/compare/other..." A40, 404, NULL, "{\"message\":\"No common ancestor\"}", HTTP_ANSWER, 1},
        {"/git/ref/tags/iamlease/applied ", 200, NULL,
         "{\"object\":{\"type\":\"commit\",\"sha\":\"" A40 "\"}}", HTTP_ANSWER, 1},
        {"/git/ref/tags/iamlease/applied ", 404, NULL, "{}", HTTP_ANSWER, 1},
        {"/git/ref/tags/iamlease/applied ", 200, NULL, "{\"object\":{\"type\":\"tag\",\"sha\":\"" A40 "\"}}",
         HTTP_ANSWER, 1},
        {"/git/commits/" A40, 200, NULL, "{\"tree\":{\"sha\":\"../x\"}}", HTTP_ANSWER, 1},
    };
    struct github_world *github = github_world_new(script, COUNT(script));
    const char *id;
    assert_int_equal(fetch_commit_id(arena, github->github, A40, &id, &github->err), 0); /* known already */
    assert_int_equal(fetch_commit_id(arena, github->github, "release/1", &id, &github->err), 0);
    assert_string_equal(id, A40);
    assert_int_equal(fetch_commit_id(arena, github->github, "HEAD^2", &id, &github->err), -1);
    assert_int_equal(fetch_merge_base(arena, github->github, "release/1", A40, &id, &github->err), 0);
    assert_int_equal(fetch_merge_base(arena, github->github, "other", A40, &id, &github->err), -1);
    assert_non_null(strstr(github->err.message, "no common ancestor"));
    assert_int_equal(fetch_applied(arena, github->github, &id, &github->err), 0);
    assert_string_equal(id, A40);
    assert_int_equal(fetch_applied(arena, github->github, &id, &github->err), 0);
    assert_null(id);
    assert_int_equal(fetch_applied(arena, github->github, &id, &github->err), -1);
    assert_non_null(strstr(github->err.message, "no plain tag of a commit"));
    assert_int_equal(fetch_tree_of_commit(arena, commit.world->repo, github->github, A40, &id, &github->err),
                     -1);
    assert_non_null(strstr(github->err.message, "has no id in it"));
    github_world_stop(github);
    github_world_free(github);
    git_world_free(commit.world);
}

static void test_a_pull_request(void **state)
{
    (void)state;
    static const char pull[] =
        "{\"number\":7,\"base\":{\"sha\":\"" A40 "\",\"ref\":\"main\"},\"head\":{\"sha\":\"" A40
        "\",\"ref\":\"x\",\"repo\":null},\"user\":{\"login\":\"ada\"}}";
    const struct http_line script[] = {{"GET /repos/acme/access/pulls/7 ", 200, NULL, pull, HTTP_ANSWER, 1},
                                       {"GET /repos/acme/access/pulls/8 ", 200, NULL, "{}", HTTP_ANSWER, 1}};
    struct github_world *github = github_world_new(script, COUNT(script));
    struct event event;
    assert_int_equal(fetch_pull_request(github->arena, github->github, 7, &event, &github->err), 0);
    assert_int_equal(event.number, 7);
    assert_true(event.is_fork && event_is_pull_request(&event));
    assert_int_equal(fetch_pull_request(github->arena, github->github, 8, &event, &github->err), -1);
    assert_non_null(strstr(github->err.message, "cannot read the pull request 8"));
    github_world_stop(github);
    github_world_free(github);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_asked_for_what_is_here),
        cmocka_unit_test(test_what_is_missing),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_a_pull_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
