/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "model/report.h"
#include "unit.h"

/* A run is clean only when all that was asked is done: whatever moves the applied ref depends on that. */
static void test_clean(void **state)
{
    (void)state;
    static const struct {
        bool stopped, problem, dry_run;
        enum result_status last;
        bool clean;
    } cases[] = {
        {false, false, false, RESULT_DONE, true},     {false, false, false, RESULT_FAILED, false},
        {false, false, false, RESULT_BLOCKED, false}, {false, false, false, RESULT_PENDING, false},
        {true, false, false, RESULT_DONE, false},     {false, true, false, RESULT_DONE, false},
        {false, false, true, RESULT_PENDING, true},   {false, true, true, RESULT_PENDING, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena = arena_new();
        struct plan plan = {0};
        struct result results[2] = {{.status = RESULT_DONE}, {.status = cases[i].last}};
        VEC_ADD(arena, &plan.operations);
        VEC_ADD(arena, &plan.operations);
        if (cases[i].problem)
            problem_add(arena, &plan.problems, "id", NULL, NULL, "%s", "text");
        const struct report report = {.plan = &plan,
                                      .stopped = cases[i].stopped,
                                      .dry_run = cases[i].dry_run,
                                      .results = cases[i].dry_run ? NULL : results};
        CHECK(report_is_clean(&report) == cases[i].clean, "%zu", i);
        arena_free(arena);
    }
}

static void test_names(void **state)
{
    (void)state;
    static const char *const statuses[] = {"pending", "done", "failed", "blocked"};
    for (size_t i = 0; i < COUNT(statuses); i++)
        assert_string_equal(result_status_name((enum result_status)i), statuses[i]);
    static const char *const changes[CHANGE_KIND_COUNT] = {"hold",   "grant",   "extend",
                                                           "change", "shorten", "revoke"};
    for (size_t i = 0; i < COUNT(changes); i++)
        assert_string_equal(change_kind_name((enum change_kind)i), changes[i]);
    assert_string_equal(risk_name(RISK_HIGH), "high");
    assert_string_equal(risk_name(RISK_MEDIUM), "medium");
    assert_string_equal(risk_name(RISK_LOW), "low");
}

/* What a reader sees of an operation: a sign that says whether it gives or takes. */
static void test_operation_info(void **state)
{
    (void)state;
    for (size_t i = 0; i < OP_KIND_COUNT; i++) {
        const struct operation_info *info = operation_info((enum operation_kind)i);
        assert_non_null(info->title);
        CHECK(info->removes == str_eq(info->symbol, "-"), "%s", info->title);
        for (size_t j = 0; j < i; j++)
            CHECK(!str_eq(info->title, operation_info((enum operation_kind)j)->title), "%s", info->title);
    }
}

static void test_problems(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct problems problems = {0};
    const struct fact fact = {.grant = "g"};
    problem_add(arena, &problems, "a", "111111111111", &fact, "%s %d", "text", 7)->hint = "hint";
    const struct problem *problem = problem_add(arena, &problems, "b", NULL, NULL, "%s", "100%");
    assert_int_equal(problems.count, 2);
    assert_string_equal(problems.items[0].message, "text 7");
    assert_string_equal(problems.items[0].hint, "hint");
    assert_ptr_equal(problems.items[0].fact, &fact);
    assert_string_equal(problem->message, "100%");
    assert_null(problem->hint);
    assert_false(problem->fails_plan);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_operation_info),
        cmocka_unit_test(test_problems),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
