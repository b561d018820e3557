/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "github/event.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define A40        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B40        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ZEROS      "0000000000000000000000000000000000000000"
#define REPOSITORY "\"repository\":{\"full_name\":\"acme/access\",\"default_branch\":\"main\"}"

static struct arena *arena;
static struct event event;
static struct err err;

static int parse(const char *name, const char *text)
{
    err = (struct err){0};
    return event_parse(arena, name, text, strlen(text), &event, &err);
}

/* A pull request whose base, head and the rest are as given. */
static const char *pull_request(const char *base, const char *head, const char *rest)
{
    return arena_printf(
        arena,
        "{\"action\":\"opened\",\"pull_request\":{\"number\":7,\"base\":%s,\"head\":%s%s}," REPOSITORY "}",
        base, head, rest);
}

static const char base[] = "{\"sha\":\"" A40 "\",\"ref\":\"main\"}";
static const char head[] =
    "{\"sha\":\"" B40 "\",\"ref\":\"feature/x\",\"repo\":{\"full_name\":\"Acme/Access\"}}";

static void test_a_pull_request(void **state)
{
    (void)state;
    const char *rest =
        ",\"user\":{\"login\":\"dependabot[bot]\"},\"labels\":[{\"name\":\"a b\"},{\"id\":1},{\"name\":\"c\"}]";
    static const char *const names[] = {"pull_request", "pull_request_target"};
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_int_equal(parse(names[i], pull_request(base, head, rest)), 0);
        assert_true(event_is_pull_request(&event));
        assert_int_equal(event.number, 7);
        assert_string_equal(event.name, names[i]);
        assert_string_equal(event.repository, "acme/access");
        assert_string_equal(event.default_branch, "main");
        assert_string_equal(event.base_id, A40);
        assert_string_equal(event.base_branch, "main");
        assert_string_equal(event.head_id, B40);
        assert_string_equal(event.head_branch, "feature/x");
        assert_string_equal(event.author, "dependabot[bot]");
        assert_false(event.is_fork);
        assert_int_equal(event.labels.count, 2);
        assert_string_equal(event.labels.items[0], "a b");
    }
}

static void test_names_of_repositories(void **state)
{
    (void)state;
    static const char *const names[] = {"acme/.github", "a/b", "a-b/c_d.e", "a/..."};
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *text = arena_printf(arena, "{\"repository\":{\"full_name\":\"%s\"}}", names[i]);
        assert_int_equal(parse("schedule", text), 0);
        assert_string_equal(event.repository, names[i]);
    }
}

static void test_forks(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "{\"sha\":\"" B40 "\",\"ref\":\"x\",\"repo\":{\"full_name\":\"bert/access\"}}",
        "{\"sha\":\"" B40 "\",\"ref\":\"x\",\"repo\":null}",
        "{\"sha\":\"" B40 "\",\"ref\":\"x\"}",
    };
    for (size_t i = 0; i < COUNT(heads); i++) {
        assert_int_equal(parse("pull_request", pull_request(base, heads[i], ",\"user\":null")), 0);
        CHECK(event.is_fork, "%s", heads[i]);
        assert_null(event.author);
    }
}

static void test_a_merge_group(void **state)
{
    (void)state;
    static const struct {
        const char *ref;
        int64_t number;
    } cases[] = {
        {"refs/heads/gh-readonly-queue/main/pr-104-" A40, 104},
        {"refs/heads/gh-readonly-queue/release/1.x/pr-9-" A40, 9},
        {"refs/heads/gh-readonly-queue/main/pr-104-abc", 0},
        {"refs/heads/gh-readonly-queue/main/pr--" A40, 0},
        {"refs/heads/gh-readonly-queue/main/pr-99999999999999999999-" A40, 0},
        {"refs/heads/feature/pr-104-" A40, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text =
            arena_printf(arena,
                         "{\"merge_group\":{\"base_sha\":\"" A40 "\",\"base_ref\":\"refs/heads/main\","
                         "\"head_sha\":\"" B40 "\",\"head_ref\":\"%s\"}," REPOSITORY "}",
                         cases[i].ref);
        assert_int_equal(parse("merge_group", text), 0);
        CHECK(event.number == cases[i].number, "%s", cases[i].ref);
        assert_string_equal(event.base_branch, "main");
        assert_string_equal(event.base_id, A40);
        assert_string_equal(event.head_id, B40);
    }
}

static void test_other_events(void **state)
{
    (void)state;
    assert_int_equal(
        parse("push", "{\"ref\":\"refs/heads/main\",\"before\":\"" ZEROS "\",\"after\":\"" A40 "\"}"), 0);
    assert_int_equal(event.kind, EVENT_PUSH);
    assert_null(event.base_id);
    assert_string_equal(event.head_id, A40);
    assert_null(event.repository);
    assert_int_equal(parse("schedule", "{\"schedule\":\"0 4 * * *\"}"), 0);
    assert_int_equal(event.kind, EVENT_SCHEDULE);
    assert_int_equal(
        parse("workflow_dispatch", "{\"ref\":\"refs/heads/main\",\"inputs\":null," REPOSITORY "}"), 0);
    assert_string_equal(event.ref, "refs/heads/main");
    assert_int_equal(parse("issue_comment", "{}"), 0);
    assert_int_equal(event.kind, EVENT_OTHER);
    static const char *const lists[] = {"[]", "[{\"number\":4}]", "[{\"number\":4},{\"number\":5}]", "[{}]"};
    static const int64_t numbers[] = {0, 4, 0, 0};
    for (size_t i = 0; i < COUNT(lists); i++) {
        const char *text = arena_printf(
            arena,
            "{\"workflow_run\":{\"head_sha\":\"" A40 "\",\"head_branch\":null,"
            "\"head_repository\":{\"full_name\":\"bert/access\"},\"pull_requests\":%s}," REPOSITORY "}",
            lists[i]);
        assert_int_equal(parse("workflow_run", text), 0);
        CHECK(event.number == numbers[i], "%s", lists[i]);
        assert_true(event.is_fork);
    }
}

static void expect_refusal(const char *name, const char *text, const char *part)
{
    CHECK(parse(name, text) < 0, "%s", text);
    CHECK(err.code == ERR_INPUT && strstr(err.message, part), "%s: %s", text, err.message);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    expect_refusal("push", "", "not JSON");
    expect_refusal("push", "[]", "no JSON object");
    expect_refusal("push", "{\"ref\":1}", "ref in the event 'push' is not what GitHub writes there");
    expect_refusal("push", "{\"ref\":\"refs/heads/main\"}", "lacks before");
    expect_refusal("pull_request", "{}", "lacks repository.full_name");
    expect_refusal("pull_request", "{" REPOSITORY "}", "pull_request: the event 'pull_request' lacks number");
    expect_refusal("pull_request", "{\"pull_request\":{\"number\":1.5}," REPOSITORY "}",
                   "pull_request: number");
    expect_refusal("pull_request", "{\"pull_request\":{\"number\":0}," REPOSITORY "}", "pull_request: number");
    expect_refusal("pull_request", "{\"pull_request\":{\"number\":1e99}," REPOSITORY "}",
                   "pull_request: number");
    expect_refusal("pull_request", pull_request("{\"sha\":\"" A40 A40 "\"}", head, ""), "base.sha");
    expect_refusal("pull_request",
                   pull_request("{\"sha\":\"" A40 "aaaaaaaaaaaaaaaaaaaaaaaa\",\"ref\":\"main\"}", head, ""),
                   "SHA-256");
    static const char *const refs[] = {"",   "a..b", "a b",    "-a",    "/a",       "a/",
                                       "a^", "a:b",  "a\\\\b", "a@{1}", "a\\u0001", "a.lock"};
    for (size_t i = 0; i < COUNT(refs); i++)
        expect_refusal(
            "pull_request",
            pull_request(arena_printf(arena, "{\"sha\":\"" A40 "\",\"ref\":\"%s\"}", refs[i]), head, ""),
            "base.ref");
    static const char *const names[] = {"",     "acme", "acme/", "/x",    "a/b/c",
                                        "a/..", "../a", "./a",   "a b/c", "a/b?c"};
    for (size_t i = 0; i < COUNT(names); i++)
        expect_refusal("schedule", arena_printf(arena, "{\"repository\":{\"full_name\":\"%s\"}}", names[i]),
                       "repository.full_name");
    expect_refusal("pull_request", pull_request(base, head, ",\"user\":{\"login\":\"a b\"}"), "user.login");
}

static void test_files(void **state)
{
    (void)state;
    char path[] = "/tmp/iamlease-unit-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    static const char text[] = "{\"schedule\":\"0 4 * * *\"," REPOSITORY "}";
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(event_read(arena, "schedule", path, &event, &err), 0);
    assert_string_equal(event.repository, "acme/access");
    assert_int_equal(ftruncate(fd, 33 * 1024 * 1024), 0);
    assert_int_equal(event_read(arena, "schedule", path, &event, &err), -1);
    assert_non_null(strstr(err.message, "larger than 32 MiB"));
    close(fd);
    unlink(path);
    assert_int_equal(event_read(arena, "schedule", path, &event, &err), -1);
    assert_int_equal(err.code, ERR_IO);
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_pull_request), TEST(test_names_of_repositories), TEST(test_forks),
        TEST(test_a_merge_group),  TEST(test_other_events),          TEST(test_what_is_refused),
        TEST(test_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
