/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "repo/raw_commit.h"
#include "unit.h"

#include <string.h>

#define ID(digit)     digit "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TREE          "tree " ID("0") "\n"
#define PARENT(digit) "parent " ID(digit) "\n"
#define PEOPLE        "author A <a@example.com> 1 +0000\ncommitter A <a@example.com> 1 +0000\n"

/* The parents by their first digits, or the message. */
static const char *read(struct arena *arena, const char *raw)
{
    struct strings parents = {0};
    struct err err = {0};
    if (raw_commit_parents(arena, raw, strlen(raw), &parents, &err) < 0) {
        assert_int_equal(err.code, ERR_GIT);
        assert_int_equal(parents.count, 0);
        return arena_strdup(arena, err.message);
    }
    char *text = arena_alloc(arena, parents.count + 1);
    for (size_t i = 0; i < parents.count; i++) {
        assert_int_equal(strlen(parents.items[i]), 40);
        text[i] = *parents.items[i];
    }
    return text;
}

static void test_parents(void **state)
{
    static const struct {
        const char *raw, *expected;
    } cases[] = {
        {TREE PEOPLE "\nroot\n", ""},
        {TREE PARENT("1") PEOPLE "\none\n", "1"},
        {TREE PARENT("1") PARENT("2") PARENT("3") PEOPLE "\noctopus\n", "123"},
        {TREE PARENT("B"), "b"}, /* git reads either case */
        {TREE, ""},
        /* What is not a header of the commit. */
        {TREE PEOPLE "\nparent " ID("1") "\n", ""},
        {TREE PEOPLE PARENT("1") "\nbehind the committer\n", ""},
        {TREE PARENT("1") "author A\n" PARENT("2") "\n", "1"},
        {TREE PARENT("1") PEOPLE "gpgsig -----BEGIN-----\n " PARENT("2") " -----END-----\n\nsigned\n", "1"},
        {TREE PARENT("1") PEOPLE "mergetag object " ID("2") "\n type commit\n " PARENT("3") "\nmerge\n", "1"},
        /* Damaged ones. */
        {"", "the commit does not begin with a tree"},
        {PARENT("1") TREE, "the commit does not begin with a tree"},
        {"tree " ID("0"), "the commit does not begin with a tree"},
        {"tree " ID("g") "\n", "the commit does not begin with a tree"},
        {TREE "parent 1\n", "a parent of the commit is not the id of a git object"},
        {TREE "parent " ID("1"), "a parent of the commit is not the id of a git object"},
        {TREE "parent " ID("1") "b\n", "a parent of the commit is not the id of a git object"},
        {TREE PARENT("1") "parent " ID("x") "\n", "a parent of the commit is not the id of a git object"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena = arena_new();
        const char *text = read(arena, cases[i].raw);
        CHECK(str_eq(text, cases[i].expected), "%zu: %s", i, text);
        arena_free(arena);
    }
}

/* A NUL ends nothing: sizes count. */
static void test_nul(void **state)
{
    static const char raw[] = TREE "parent 1aaaaaaaaaaaaaaaaaaa\0aaaaaaaaaaaaaaaaaaa\n";
    struct arena *arena = arena_new();
    struct strings parents = {0};
    struct err err = {0};
    (void)state;
    assert_int_equal(raw_commit_parents(arena, raw, sizeof raw - 1, &parents, &err), -1);
    assert_int_equal(parents.count, 0);
    arena_free(arena);
}

static void test_time(void **state)
{
    (void)state;
#define BY(who) TREE PARENT("1") "author A <a@example.com> 1 +0000\ncommitter " who "\n"
    static const struct {
        const char *raw;
        int64_t time_s; /* -1: refused */
    } cases[] = {
        {BY("A <a@example.com> 1780000060 +0200") "\nmessage\n", 1780000060},
        {BY("A > B <a@example.com> 5 -0700") "gpgsig x\n\nmessage\n", 5},
        {BY("<> 0 +0000"), 0},
        {TREE "\ncommitter A <a@example.com> 7 +0000\n", -1}, /* in the message */
        {TREE "author A <a@example.com> 7 +0000\n\n", -1},
        {BY("A <a@example.com> x +0000"), -1},
        {BY("A <a@example.com> 7"), -1},
        {BY("A <a@example.com> -7 +0000"), -1},
        {BY("A <a@example.com> 99999999999999999999 +0000"), -1},
        {BY("A a@example.com 7 +0000"), -1},
        {BY("A <a@example.com>"), -1},
        {"committer A <a@example.com> 7 +0000", -1},
        {"", -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err err = {0};
        int64_t time_s = -1;
        int rc = raw_commit_time(cases[i].raw, strlen(cases[i].raw), &time_s, &err);
        CHECK(rc == (cases[i].time_s < 0 ? -1 : 0) && time_s == cases[i].time_s, "%zu: %lld", i,
              (long long)time_s);
        CHECK(rc == 0 || err.code == ERR_GIT, "%zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parents),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
