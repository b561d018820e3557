/* SPDX-License-Identifier: Apache-2.0 */
#include "call_run.h"
#include "unit.h"

/* A policy that this run has just made may not be seen by the next call. */
static void test_attach_waits_for_a_policy_of_its_own(void **state)
{
    (void)state;
    const struct http_line script[] = {ASSUME, LINE("CreatePolicy", 200, DOUBLE_OK),
                                       LINE("AttachUserPolicy", 404, ABSENT_POLICY),
                                       LINE("AttachUserPolicy", 200, DOUBLE_OK)};
    const enum operation_kind kinds[] = {OP_CREATE_POLICY, OP_ATTACH_POLICY};
    struct result result;
    struct aws_double *fake = call_run(script, COUNT(script), kinds, COUNT(kinds), &result);
    assert_int_equal(result.status, RESULT_DONE);
    assert_int_equal(result.attempts, 2);
    assert_int_equal(http_double_count_of(fake->server, "Action=AssumeRole&"), 1);
    aws_double_free(fake);

    const struct http_line no_user[] = {ASSUME, LINE("CreatePolicy", 200, DOUBLE_OK),
                                        LINE("AttachUserPolicy", 404, ABSENT_USER)};
    fake = call_run(no_user, COUNT(no_user), kinds, COUNT(kinds), &result);
    assert_int_equal(result.status, RESULT_FAILED);
    assert_int_equal(result.attempts, 1);
    aws_double_free(fake);
}

/* Only where the operation knows that whom it trusts exists: otherwise the name is wrong. */
static void test_trust_waits_for_a_principal(void **state)
{
    (void)state;
    static const struct http_line script[] = {
        ASSUME,
        LINE("CreateRole", 400,
             DOUBLE_ERROR("MalformedPolicyDocument", "Invalid principal in policy: \"AWS\":\"x\"")),
        LINE("CreateRole", 200, DOUBLE_OK)};
    for (size_t awaits = 0; awaits < 2; awaits++) {
        struct aws_double *fake = aws_double_start(script, awaits ? COUNT(script) : COUNT(script) - 1);
        struct operation create = call_run_operation(OP_CREATE_ROLE);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        create.awaits_principal = awaits;
        aws_call(fake->arena, fake->aws, &create, call_run_note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        aws_double_stop(fake);
        assert_int_equal(result.status, awaits ? RESULT_DONE : RESULT_FAILED);
        aws_double_free(fake);
    }
}

/* A role that this run has just made may not be seen by the next call; another one is a mistake. */
static void test_what_is_put_on_a_new_role_waits_for_it(void **state)
{
    (void)state;
    struct http_line script[] = {ASSUME, LINE("CreateRole", 200, DOUBLE_OK),
                                 LINE("PutRolePolicy", 404, ABSENT_ROLE),
                                 LINE("PutRolePolicy", 200, DOUBLE_OK)};
    for (size_t is_new = 0; is_new < 2; is_new++) {
        struct aws_double *fake = aws_double_start(script, COUNT(script));
        struct operation create = call_run_operation(OP_CREATE_ROLE),
                         put = call_run_operation(OP_PUT_INLINE_POLICY);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        put.principal_kind = PRINCIPAL_ROLE;
        create.principal = is_new ? "bert" : "ada";
        aws_call(fake->arena, fake->aws, &create, call_run_note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        result = (struct result){.status = RESULT_BLOCKED};
        aws_call(fake->arena, fake->aws, &put, call_run_note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        aws_double_stop(fake);
        assert_int_equal(result.status, is_new ? RESULT_DONE : RESULT_FAILED);
        assert_int_equal(result.attempts, is_new ? 2 : 1);
        aws_double_free(fake);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attach_waits_for_a_policy_of_its_own),
        cmocka_unit_test(test_trust_waits_for_a_principal),
        cmocka_unit_test(test_what_is_put_on_a_new_role_waits_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
