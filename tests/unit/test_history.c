/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "base/time.h"
#include "flow/history.h"
#include "git_world.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define PERMANENT_ACCESS "permanent-access:\n"
#define TEMPORARY_ACCESS "temporary-access:\n"
#define LIMIT(days)      "limits: {max_days: " days "}\n"
#define BROKEN           WORLD_BASE "permanent-access: [{users: [bert], environments: [nowhere], grants: [ro]}]\n"

struct walked {
    int rc;
    struct history history;
    struct problems problems;
};

/* Walks from the applied commit (NULL: none) to HEAD at WORLD_NOW. */
static struct walked walk_accepting(struct git_world *world, const char *applied, const char *accepted)
{
    struct source head;
    struct diags diags = diags_new(world->arena);
    struct walked walked = {0};
    world->err = (struct err){0};
    assert_int_equal(source_open(world->arena, world->repo, "HEAD", NULL, &head, &world->err), 0);
    assert_int_equal(source_load(world->arena, world->repo, &head, &diags, &world->err), 0);
    struct history_request request = {.applied = applied, .accepted_removals = accepted, .head = &head};
    assert_true(time_parse_rfc3339(WORLD_NOW, &request.now_s));
    walked.rc =
        history_load(world->arena, world->repo, &request, &walked.history, &walked.problems, &world->err);
    return walked;
}

static struct walked walk(struct git_world *world, const char *applied)
{
    return walk_accepting(world, applied, NULL);
}

/* "bert ro, ernie fix" */
static const char *show(struct git_world *world, const struct facts *facts)
{
    const char *text = "";
    for (size_t i = 0; i < facts->count; i++)
        text = arena_printf(world->arena, "%s%s%s %s", text, i ? ", " : "", facts->items[i].principal,
                            facts->items[i].grant);
    return text;
}

static const char *show_problems(struct git_world *world, const struct walked *walked)
{
    const char *text = "";
    for (size_t i = 0; i < walked->problems.count; i++)
        text = arena_printf(world->arena, "%s%s%s", text, i ? " " : "", walked->problems.items[i].id);
    return text;
}

static void test_first_apply(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    git_world_config(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("gone", "ro"));
    git_world_config(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    struct walked walked = walk(world, NULL);
    assert_int_equal(walked.rc, 0);
    assert_string_equal(show(world, &walked.history.candidates),
                        "bert ro"); /* what was before is not known to be ours */
    assert_int_equal(walked.history.applied.count, 0);
    assert_int_equal(walked.history.held.count, 0);
    assert_int_equal(walked.history.accounts.count, 2);
    assert_int_equal(walked.problems.count, 0);
    git_world_free(world);
}

/* All that the applied commit and each behind it declares, ended or not, also what the next one takes back. */
static void test_candidates(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    git_world_config(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("before", "ro"));
    const char *applied = git_world_config(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro")
                                                      TEMPORARY_ACCESS LEASE("ended", "fix", "2026-11-20"));
    struct walked same = walk(world, applied);
    assert_string_equal(show(world, &same.history.candidates), "ended fix, bert ro");
    assert_string_equal(show(world, &same.history.applied), "ended fix, bert ro");

    git_world_config(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert, between", "ro"));
    git_world_write(world, "README.md", "words");
    git_world_commit(world);
    git_world_config(world, "aws-accounts: {new: '333333333333'}\n");
    struct walked walked = walk(world, applied);
    assert_int_equal(walked.rc, 0);
    assert_string_equal(
        show(world, &walked.history.candidates),
        "ended fix, bert ro, bert ro, between ro"); /* the README's commit changed none of it */
    assert_string_equal(show(world, &walked.history.applied), "ended fix, bert ro");
    assert_true(strings_contain(&walked.history.accounts, ACCOUNT));
    assert_true(strings_contain(&walked.history.accounts, "333333333333"));
    assert_int_equal(walked.history.accounts.count, 3);
    assert_int_equal(walked.problems.count, 0);
    git_world_free(world);
}

/* What a branch held before it was merged was never on the default branch. */
static void test_merge(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *applied = git_world_config(world, WORLD_BASE);
    const char *branch = git_world_config(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("draft", "ro"));
    git_world_reset(world, applied);
    git_world_write(world, "permanent-access/payments.yaml", PERMANENT_ACCESS PERMANENT("bert", "ro"));
    git_world_merge(world, branch);
    struct walked walked = walk(world, applied);
    assert_string_equal(show(world, &walked.history.candidates), "bert ro");

    walked = walk(world, branch); /* an ancestor, but not along the first parents */
    assert_int_equal(walked.rc, -1);
    assert_int_equal(world->err.code, ERR_REFUSED);
    assert_non_null(strstr(world->err.message, APPLIED_REF));
    git_world_free(world);
}

/* A lease is judged by the rules of the commit before the one that brought its end. */
static void test_limits(void **state)
{
    (void)state;
    static const struct {
        const char *commits[4]; /* the first is the applied one */
        const char *held;
    } cases[] = {
        {{LIMIT("3") WORLD_BASE, LIMIT("3") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28")},
         ""},
        /* A change cannot raise the limit that it is judged by; the one before it can. */
        {{LIMIT("3") WORLD_BASE, LIMIT("5") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-29")},
         "bert fix"},
        {{LIMIT("3") WORLD_BASE, LIMIT("5") WORLD_BASE,
          LIMIT("5") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-29")},
         ""},
        /* Nor does raising it behind one's back help. */
        {{LIMIT("3") WORLD_BASE, LIMIT("3") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-29"),
          LIMIT("5") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-29")},
         "bert fix"},
        /* A lower limit does not touch what was merged under a higher one, */
        {{LIMIT("5") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-29"),
          LIMIT("1") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-29")},
         ""},
        /* unless it is asked for anew, or for longer. */
        {{LIMIT("1") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28"),
          LIMIT("1") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-29")},
         "bert fix"},
        {{LIMIT("1") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-29"),
          LIMIT("1") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-28")},
         ""},
        {{LIMIT("5") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-29"), LIMIT("1") WORLD_BASE,
          LIMIT("1") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-29")},
         "bert fix"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct git_world *world = git_world_new();
        const char *applied = git_world_config(world, cases[i].commits[0]);
        for (size_t j = 1; j < COUNT(cases[i].commits) && cases[i].commits[j]; j++)
            git_world_config(world, cases[i].commits[j]);
        struct walked walked = walk(world, applied);
        CHECK(str_eq(show(world, &walked.history.held), cases[i].held), "%zu: %s", i,
              show(world, &walked.history.held));
        CHECK(str_eq(show_problems(world, &walked), *cases[i].held ? "held-limit" : ""), "%zu: %s", i,
              show_problems(world, &walked));
        git_world_free(world);
    }
}

/* The first apply judges head by the rules of its parent, where that has any. */
static void test_limits_of_first_apply(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *head = LIMIT("5") WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-29");
    git_world_write(world, "README.md", "words");
    git_world_commit(world);
    git_world_config(world, head);
    struct walked walked = walk(world, NULL);
    assert_string_equal(show(world, &walked.history.held), "");
    git_world_config(world, LIMIT("1") WORLD_BASE);
    git_world_config(world, head);
    walked = walk(world, NULL);
    assert_string_equal(show(world, &walked.history.held), "bert fix");
    git_world_free(world);
}

/* A commit with errors was never applied; what can be read of it is a candidate, and the next is judged in its place. */
static void test_broken_commit(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *applied =
        git_world_config(world, LIMIT("1") WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    git_world_config(world, BROKEN PERMANENT("x", "ro"));
    git_world_config(world, LIMIT("1") WORLD_BASE PERMANENT_ACCESS PERMANENT("ernie", "ro")
                                TEMPORARY_ACCESS LEASE("ernie", "fix", "2026-11-28"));
    struct walked walked = walk(world, applied);
    assert_int_equal(walked.rc, 0);
    assert_string_equal(show(world, &walked.history.held), "ernie fix");
    assert_string_equal(show_problems(world, &walked), "held-limit");
    git_world_free(world);
}

/* So was one with more bytes than are read; whoever took them away again is not stopped by it for ever. */
static void test_commit_that_is_too_large(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *applied = git_world_config(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    enum { MIB = 1024 * 1024 };
    char *text = arena_alloc(world->arena, MIB + 1);
    memset(text, '#', MIB);
    for (int i = 0; i < 65; i++)
        git_world_write(world, arena_printf(world->arena, "aws-policies/t%d.yaml", i), text);
    git_world_commit(world);
    git_world_config(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("ernie", "ro"));
    struct walked walked = walk(world, applied);
    assert_int_equal(walked.rc, 0);
    assert_string_equal(show(world, &walked.history.candidates), "bert ro, ernie ro");
    assert_string_equal(show_problems(world, &walked), "");
    git_world_free(world);
}

/* Something wrong beside it does not take a lease out of the rules before it. */
static void test_broken_head(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *applied =
        git_world_config(world, LIMIT("1") WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    git_world_config(world, LIMIT("30") BROKEN PERMANENT("bert", "ro")
                                TEMPORARY_ACCESS LEASE("ernie", "fix", "2026-11-28"));
    struct walked walked = walk(world, applied);
    assert_int_equal(walked.rc, 0);
    assert_string_equal(show(world, &walked.history.held), "ernie fix");
    assert_string_equal(show_problems(world, &walked), "held-limit");
    walked = walk(world, NULL); /* nor at a first apply */
    assert_string_equal(show(world, &walked.history.held), "ernie fix");
    git_world_free(world);
}

/* What is not wrong in a commit with errors was applied, under its owner. */
static void test_owner_of_a_broken_commit(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *applied = git_world_config(world, WORLD_BASE);
    git_world_config(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro") PERMANENT("bert", "nothing"));
    git_world_config(world, "owner: acme\n" WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    assert_int_equal(walk(world, applied).rc, -1);
    assert_non_null(strstr(world->err.message, "'default' to 'acme'"));
    git_world_free(world);
}

/* Errors in the settings: apply did nothing, and the owner that was read may be none. */
static void test_owner_of_a_refused_commit(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *applied = git_world_config(world, WORLD_BASE);
    git_world_config(world, "owner: 'a b'\n" WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    git_world_config(world, "owner: acme\n" WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    assert_int_equal(walk(world, applied).rc, 0);
    git_world_free(world);
}

static void test_broken_applied_commit(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *applied = git_world_config(world, BROKEN);
    git_world_config(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    struct walked walked = walk(world, applied);
    assert_int_equal(walked.rc, 0);
    assert_string_equal(show_problems(world, &walked), "history-unreadable");
    assert_string_equal(show(world, &walked.history.candidates), "bert ro");
    git_world_free(world);
}

static void test_owner(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *nothing = git_world_config(world, WORLD_BASE);
    git_world_config(world, "owner: acme\n" WORLD_BASE);
    assert_int_equal(walk(world, nothing).rc, 0); /* no access carries the old mark */
    const char *access = git_world_config(world, WORLD_BASE PERMANENT_ACCESS PERMANENT("bert", "ro"));
    git_world_config(world, "owner: acme\n" WORLD_BASE);
    assert_int_equal(walk(world, access).rc, -1);
    assert_int_equal(world->err.code, ERR_REFUSED);
    assert_non_null(strstr(world->err.message, "'default' to 'acme'"));
    assert_int_equal(walk(world, nothing).rc, -1); /* an apply in between may have been killed */
    assert_int_equal(walk(world, NULL).rc, 0);
    git_world_free(world);
}

#define MFA "environments: {prod: {require_mfa: true}}\n"

static bool requires_mfa(const struct walked *walked)
{
    const struct account_rules *rules = account_rules_find(&walked->history.account_rules, ACCOUNT);
    return rules && rules->require_mfa;
}

/* Each commit is judged by the rules before it, and where several come together, by the strictest. */
static void test_account_rules(void **state)
{
    (void)state;
    struct git_world *world = git_world_new();
    const char *none = git_world_config(world, WORLD_BASE);
    const char *with = git_world_config(world, MFA WORLD_BASE);
    struct walked walked = walk(world, none); /* the commit that makes the rule */
    assert_false(requires_mfa(&walked));
    walked = walk(world, with); /* nothing after it */
    assert_true(requires_mfa(&walked));
    git_world_config(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-26"));
    walked = walk(world, with); /* the commit that takes it away again */
    assert_true(requires_mfa(&walked));
    const char *last = git_world_config(world, WORLD_BASE);
    walked = walk(world, with);
    assert_true(requires_mfa(&walked));
    walked = walk(world, last);
    assert_false(requires_mfa(&walked));
    git_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_apply),
        cmocka_unit_test(test_candidates),
        cmocka_unit_test(test_merge),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_limits_of_first_apply),
        cmocka_unit_test(test_broken_commit),
        cmocka_unit_test(test_commit_that_is_too_large),
        cmocka_unit_test(test_broken_head),
        cmocka_unit_test(test_owner_of_a_broken_commit),
        cmocka_unit_test(test_owner_of_a_refused_commit),
        cmocka_unit_test(test_broken_applied_commit),
        cmocka_unit_test(test_owner),
        cmocka_unit_test(test_account_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
