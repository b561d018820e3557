/* SPDX-License-Identifier: Apache-2.0 */
#include "aws_double.h"
#include "base/str.h"
#include "unit.h"

#define CALLER(account)                                                     \
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>" account \
    "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
#define DENIED DOUBLE_ERROR("InvalidClientTokenId", "The security token included in the request is invalid.")

static void ignore(void *context, const struct result *result)
{
    *(struct result *)context = *result;
}

/* In its own account no role is assumed, in another one it is. */
static void test_credentials_are_used_as_they_are(void **state)
{
    (void)state;
    const struct http_line script[] = {
        {"Action=GetCallerIdentity&", 200, NULL, CALLER("111111111111"), HTTP_ANSWER, 0},
        {"Action=AssumeRole&", 200, NULL, DOUBLE_ASSUME_ROLE, HTTP_ANSWER, 0},
        {"Action=DeleteRole&", 200, NULL, DOUBLE_OK, HTTP_ANSWER, 2},
    };
    struct aws_double *fake = aws_double_start(script, COUNT(script));
    const char *account_id = NULL;
    struct err err = {0};
    assert_int_equal(aws_use_base(fake->aws, &account_id, &err), 0);
    assert_string_equal(account_id, "111111111111");
    for (size_t i = 0; i < 2; i++) {
        struct operation operation = {.kind = OP_DELETE_ROLE,
                                      .account_id = i ? "222222222222" : "111111111111",
                                      .principal_kind = PRINCIPAL_ROLE,
                                      .principal = "x"};
        struct result result = {.status = RESULT_PENDING};
        aws_call(fake->arena, fake->aws, &operation, ignore, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        assert_int_equal(result.status, RESULT_DONE);
    }
    aws_double_stop(fake);
    assert_int_equal(http_double_count(fake->server), 4);
    assert_int_equal(http_double_count_of(fake->server, "Action=AssumeRole&"), 1);
    assert_null(strstr(http_double_request(fake->server, 1), "X-Amz-Security-Token"));
    assert_non_null(strstr(http_double_request(fake->server, 3), "X-Amz-Security-Token: " DOUBLE_TOKEN));
    aws_double_free(fake);
}

static void test_answers_that_name_nobody(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body, *says;
    } cases[] = {
        {403, DENIED, "sts:GetCallerIdentity failed: InvalidClientTokenId"},
        {200, CALLER("11111111111"), "sts:GetCallerIdentity failed: the answer cannot be read"},
        {200, CALLER("1111111111x1"), "cannot be read"},
        {200, "<html>", "sts:GetCallerIdentity failed"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {
            {"Action=GetCallerIdentity&", cases[i].status, NULL, cases[i].body, HTTP_ANSWER, 0}};
        struct aws_double *fake = aws_double_start(script, COUNT(script));
        const char *account_id = NULL;
        struct err err = {0};
        assert_int_equal(aws_use_base(fake->aws, &account_id, &err), -1);
        CHECK(strstr(err.message, cases[i].says), "%s", err.message);
        assert_null(account_id);
        aws_double_stop(fake);
        aws_double_free(fake);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_credentials_are_used_as_they_are),
        cmocka_unit_test(test_answers_that_name_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
