/* SPDX-License-Identifier: Apache-2.0 */
#include "call_run.h"
#include "unit.h"

#include <string.h>

static void test_an_inline_policy_that_changed_is_not_deleted(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"changed",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 200, GET_INLINE(OTHER_DOCUMENT))},
         RESULT_FAILED,
         NULL,
         "inline policy 'p' of user 'bert' in account " DOUBLE_ACCOUNT " was changed",
         1},
        {"no policy document",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 200, GET_INLINE("nonsense"))},
         RESULT_FAILED,
         NULL,
         "was changed",
         1},
        {"cannot be read",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 200, "<html>")},
         RESULT_FAILED,
         NULL,
         "the answer is a web page, so it is not from AWS",
         1},
        {"may not be read",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 403, DOUBLE_ERROR("AccessDenied", "no"))},
         RESULT_FAILED,
         "AccessDenied",
         "allow iam:GetUserPolicy to role arn:aws:iam::" DOUBLE_ACCOUNT ":role/AWSSelfServeDeployer",
         1},
    };
    call_run_cases(cases, COUNT(cases));
}

/* Cleanup says what a policy must still be: an apply may have prolonged the lease meanwhile. */
static void test_a_policy_that_changed_is_not_taken_away(void **state)
{
    (void)state;
    static const enum operation_kind kinds[] = {OP_DETACH_POLICY, OP_DELETE_POLICY};
    static const char *const actions[] = {"Action=DetachUserPolicy&", "Action=DeletePolicy&"};
    for (size_t i = 0; i < 2 * COUNT(kinds); i++) {
        const bool changed = i >= COUNT(kinds);
        const struct http_line script[] = {
            ASSUME,
            LINE("GetPolicy", 200, GET_POLICY("")),
            LINE("GetPolicyVersion", 200, ""),
            {actions[i % COUNT(kinds)], 200, NULL, DOUBLE_OK, HTTP_ANSWER, 0},
        };
        struct http_line lines[COUNT(script)];
        memcpy(lines, script, sizeof lines);
        lines[2].body = changed ? GET_VERSION(OTHER_DOCUMENT) : GET_VERSION(SAME_DOCUMENT);
        struct operation operation = call_run_operation(kinds[i % COUNT(kinds)]);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        operation.document = DOCUMENT;
        struct aws_double *fake = aws_double_start(lines, COUNT(lines) - changed);
        aws_call(fake->arena, fake->aws, &operation, call_run_note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        aws_double_stop(fake);
        assert_int_equal(result.status, changed ? RESULT_FAILED : RESULT_DONE);
        if (changed)
            assert_non_null(strstr(result.message, "policy 'p' of user 'bert' in account " DOUBLE_ACCOUNT
                                                   " was changed after it was read, so it was not deleted"));
        aws_double_free(fake);
    }
}

/* An apply may have prolonged the lease since the role was read, or somebody may have taken it for his own. */
static void test_a_role_that_changed_is_left_alone(void **state)
{
    (void)state;
    static const struct {
        enum operation_kind kind;
        const char *action;
    } removals[] = {
        {OP_DETACH_POLICY, "Action=DetachRolePolicy&"},
        {OP_DELETE_INLINE_POLICY, "Action=DeleteRolePolicy&"},
        {OP_DELETE_ROLE, "Action=DeleteRole&"},
    };
    static const struct {
        const char *answer;
        bool goes;
    } cases[] = {
        {GET_ROLE(TRUST("sts:AssumeRole"), "iamlease", MARK), true},
        {GET_ROLE(TRUST("sts:*"), "iamlease", MARK), false},
        {GET_ROLE(TRUST("sts:AssumeRole"), "iamlease", "other/t/g:user:bert"), false},
        {GET_ROLE(TRUST("sts:AssumeRole"), "name", MARK), false},
    };
    for (size_t i = 0; i < COUNT(cases) * COUNT(removals); i++) {
        const bool goes = cases[i / COUNT(removals)].goes;
        const struct http_line script[] = {
            ASSUME,
            {"Action=GetRole&", 200, NULL, cases[i / COUNT(removals)].answer, HTTP_ANSWER, 0},
            {removals[i % COUNT(removals)].action, 200, NULL, DOUBLE_OK, HTTP_ANSWER, 0},
        };
        struct operation operation = call_run_operation(removals[i % COUNT(removals)].kind);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        operation.principal_kind = PRINCIPAL_ROLE;
        operation.document = NULL;
        operation.mark = MARK;
        operation.trust = TRUST("sts:AssumeRole");
        struct aws_double *fake = aws_double_start(script, COUNT(script) - !goes);
        aws_call(fake->arena, fake->aws, &operation, call_run_note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        aws_double_stop(fake);
        assert_int_equal(result.status, goes ? RESULT_DONE : RESULT_FAILED);
        if (!goes)
            assert_non_null(strstr(result.message, "role 'bert' in account " DOUBLE_ACCOUNT " was changed"));
        aws_double_free(fake);
    }
}

/* A role of aws-roles that is to go: somebody may have made another one of its name since it was read. */
static void test_another_role_of_the_name_is_not_deleted(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        bool goes;
    } cases[] = {
        {GET_ROLE(TRUST("*"), "iamlease", MARK), true},
        {GET_ROLE(TRUST("*"), "iamlease", "other/t/g"), false},
        {GET_ROLE(TRUST("*"), "name", MARK), false},
        {GET_ROLE(TRUST("*"), "iamlease-bootstrap", "default"), false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {ASSUME,
                                           {"Action=GetRole&", 200, NULL, cases[i].answer, HTTP_ANSWER, 0},
                                           LINE("DeleteRole", 200, DOUBLE_OK)};
        struct operation operation = call_run_operation(OP_DELETE_ROLE);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        operation.mark = MARK;
        struct aws_double *fake = aws_double_start(script, COUNT(script) - !cases[i].goes);
        aws_call(fake->arena, fake->aws, &operation, call_run_note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        aws_double_stop(fake);
        assert_int_equal(result.status, cases[i].goes ? RESULT_DONE : RESULT_FAILED);
        if (!cases[i].goes)
            assert_non_null(strstr(result.message, "was changed after it was read, so it was not deleted"));
        aws_double_free(fake);
    }
}

static void test_a_provider_that_changed_is_not_deleted(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"deleted",
         OP_DELETE_PROVIDER,
         {ASSUME, LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("x", PROVIDER_MARK)),
          LINE("DeleteOpenIDConnectProvider", 200, DOUBLE_OK)},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"taken over",
         OP_DELETE_PROVIDER,
         {ASSUME, LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("x", "other/t/p"))},
         RESULT_FAILED,
         NULL,
         "was changed after it was read, so it was not deleted",
         1},
        {"gone",
         OP_DELETE_PROVIDER,
         {ASSUME, LINE("GetOpenIDConnectProvider", 404, ABSENT_ROLE)},
         RESULT_DONE,
         NULL,
         NULL,
         1},
    };
    call_run_cases(cases, COUNT(cases));
}

static void test_adopting(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"tagged already",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 200, TAGGED("iamlease", MARK)), LINE("TagPolicy", 200, DOUBLE_OK)},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"tagged by somebody else in between",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 200, TAGGED("Iamlease", "other/t/p"))},
         RESULT_FAILED,
         NULL,
         "got the tag iamlease 'other/t/p'",
         1},
        {"gone in between",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 404, ABSENT_POLICY)},
         RESULT_FAILED,
         "NoSuchEntity",
         "does not exist",
         1},
        {"gone a moment later",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 200, TAGGED("a", "b")), LINE("TagPolicy", 404, ABSENT_POLICY)},
         RESULT_FAILED,
         "NoSuchEntity",
         "does not exist",
         2},
        {"not allowed",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 200, TAGGED("a", "b")),
          LINE("TagPolicy", 403, DOUBLE_ERROR("AccessDenied", ""))},
         RESULT_FAILED,
         "AccessDenied",
         "'iamlease policy deployer --adopt'",
         2},
        {"no look, no tag",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 403, DOUBLE_ERROR("AccessDenied", ""))},
         RESULT_FAILED,
         "AccessDenied",
         "iam:ListPolicyTags",
         1},
        {"a lost answer",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 200, TAGGED("a", "b")), LOST("TagPolicy"),
          LINE("TagPolicy", 200, DOUBLE_OK)},
         RESULT_DONE,
         NULL,
         NULL,
         3},
    };
    call_run_cases(cases, COUNT(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_inline_policy_that_changed_is_not_deleted),
        cmocka_unit_test(test_a_policy_that_changed_is_not_taken_away),
        cmocka_unit_test(test_a_role_that_changed_is_left_alone),
        cmocka_unit_test(test_another_role_of_the_name_is_not_deleted),
        cmocka_unit_test(test_a_provider_that_changed_is_not_deleted),
        cmocka_unit_test(test_adopting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
