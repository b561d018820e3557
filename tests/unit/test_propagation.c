/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/call.h"
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

#define BUSY(code) DOUBLE_ERROR(code, "Somebody else changes it.")

/* More often than a request is sent again by itself; the last of them is a call that is not sent again blindly. */
static void test_whom_somebody_else_changes_is_waited_for(void **state)
{
    (void)state;
    const struct http_line put[] = {ASSUME,
                                    LINE("PutUserPolicy", 409, BUSY("ConcurrentModification")),
                                    LINE("PutUserPolicy", 409, BUSY("EntityTemporarilyUnmodifiable")),
                                    LINE("PutUserPolicy", 409, BUSY("ConcurrentModification")),
                                    LINE("PutUserPolicy", 409, BUSY("ConcurrentModification")),
                                    LINE("PutUserPolicy", 200, DOUBLE_OK)};
    const enum operation_kind puts[] = {OP_PUT_INLINE_POLICY}, creates[] = {OP_CREATE_POLICY_VERSION};
    struct result result;
    struct aws_double *fake = call_run(put, COUNT(put), puts, 1, &result);
    assert_int_equal(result.status, RESULT_DONE);
    assert_int_equal(result.attempts, 5);
    aws_double_free(fake);

    const struct http_line create[] = {ASSUME,
                                       LINE("CreatePolicyVersion", 409, BUSY("ConcurrentModification")),
                                       LINE("CreatePolicyVersion", 200, DOUBLE_OK)};
    fake = call_run(create, COUNT(create), creates, 1, &result);
    assert_int_equal(result.status, RESULT_DONE);
    assert_int_equal(http_double_count(fake->server), 3); /* nothing had to be looked at: it was not done */
    aws_double_free(fake);
}

/* The waits of a call become longer and end after some two minutes, whatever it waits for. */
static void test_it_is_waited_for_two_minutes(void **state)
{
    (void)state;
    enum { LEAST_MS = 120 * 1000, MOST_MS = 140 * 1000, STEP_MOST_MS = 16 * 1000 };
    static const unsigned firsts_ms[] = {PROPAGATION_FIRST_MS, OTHERS_FIRST_MS};
    for (size_t i = 0; i < COUNT(firsts_ms); i++) {
        struct call call = {0};
        unsigned waited_ms = 0, last_ms = 0;
        for (unsigned wait_ms; (wait_ms = call_next_wait_ms(&call, firsts_ms[i])); waited_ms += wait_ms) {
            CHECK(last_ms ? wait_ms >= last_ms : wait_ms == firsts_ms[i], "%u after %u", wait_ms, last_ms);
            CHECK(wait_ms <= STEP_MOST_MS, "%u", wait_ms);
            last_ms = wait_ms;
        }
        assert_in_range(waited_ms, LEAST_MS, MOST_MS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whom_somebody_else_changes_is_waited_for),
        cmocka_unit_test(test_it_is_waited_for_two_minutes),
        cmocka_unit_test(test_attach_waits_for_a_policy_of_its_own),
        cmocka_unit_test(test_trust_waits_for_a_principal),
        cmocka_unit_test(test_what_is_put_on_a_new_role_waits_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
