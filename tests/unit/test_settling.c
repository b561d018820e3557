/* SPDX-License-Identifier: Apache-2.0 */
#include "call_run.h"
#include "unit.h"

static void test_create_policy_that_exists(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"as wanted",
         OP_CREATE_POLICY,
         {ASSUME, LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 200, GET_POLICY("words [iamlease default/t/p]")),
          LINE("GetPolicyVersion", 200, GET_VERSION(SAME_DOCUMENT))},
         RESULT_DONE,
         NULL,
         NULL,
         3},
        {"after a lost answer",
         OP_CREATE_POLICY,
         {ASSUME, LOST("CreatePolicy"), LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 200, GET_POLICY("words [iamlease default/t/p]")),
          LINE("GetPolicyVersion", 200, GET_VERSION(DOCUMENT))},
         RESULT_DONE,
         NULL,
         NULL,
         4},
        {"another document",
         OP_CREATE_POLICY,
         {ASSUME, LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 200, GET_POLICY("words [iamlease default/t/p]")),
          LINE("GetPolicyVersion", 200, GET_VERSION(OTHER_DOCUMENT))},
         RESULT_FAILED,
         NULL,
         "the name 'p' is taken in account " DOUBLE_ACCOUNT,
         3},
        {"another mark",
         OP_CREATE_POLICY,
         {ASSUME, LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 200, GET_POLICY("words [iamlease other/t/p]")),
          LINE("GetPolicyVersion", 200, GET_VERSION(DOCUMENT))},
         RESULT_FAILED,
         NULL,
         "the name 'p' is taken",
         3},
        {"another path or case",
         OP_CREATE_POLICY,
         {ASSUME, LINE("CreatePolicy", 409, EXISTS), LINE("GetPolicy", 404, ABSENT_POLICY),
          LINE("CreatePolicy", 409, EXISTS), LINE("GetPolicy", 404, ABSENT_POLICY),
          LINE("CreatePolicy", 409, EXISTS), LINE("GetPolicy", 404, ABSENT_POLICY)},
         RESULT_FAILED,
         "NoSuchEntity",
         "at another path",
         6},
        {"not seen yet",
         OP_CREATE_POLICY,
         {ASSUME, LOST("CreatePolicy"), LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 404, ABSENT_POLICY), LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 200, GET_POLICY("words [iamlease default/t/p]")),
          LINE("GetPolicyVersion", 200, GET_VERSION(DOCUMENT))},
         RESULT_DONE,
         NULL,
         NULL,
         6},
        {"cannot be read",
         OP_CREATE_POLICY,
         {ASSUME, LINE("CreatePolicy", 409, EXISTS), LINE("GetPolicy", 200, "<R/>")},
         RESULT_FAILED,
         NULL,
         "the answer cannot be read",
         2},
    };
    call_run_cases(cases, COUNT(cases));
}

static void test_create_role_that_exists(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"made already",
         OP_CREATE_ROLE,
         {ASSUME, LINE("CreateRole", 409, EXISTS),
          LINE("GetRole", 200, GET_ROLE(TRUST("sts:assumerole"), "IamLease", MARK))},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"another mark",
         OP_CREATE_ROLE,
         {ASSUME, LINE("CreateRole", 409, EXISTS),
          LINE("GetRole", 200, GET_ROLE(TRUST("sts:AssumeRole"), "iamlease", "other/t/g:user:bert"))},
         RESULT_FAILED,
         NULL,
         "the name 'bert' is taken in account " DOUBLE_ACCOUNT ": a role stands there that trusts others",
         2},
        {"no mark",
         OP_CREATE_ROLE,
         {ASSUME, LINE("CreateRole", 409, EXISTS),
          LINE("GetRole", 200, GET_ROLE(TRUST("sts:AssumeRole"), "owner", MARK))},
         RESULT_FAILED,
         NULL,
         "the name 'bert' is taken",
         2},
        {"another trust",
         OP_CREATE_ROLE,
         {ASSUME, LINE("CreateRole", 409, EXISTS),
          LINE("GetRole", 200, GET_ROLE(TRUST("*"), "iamlease", MARK))},
         RESULT_FAILED,
         NULL,
         "the name 'bert' is taken",
         2},
    };
    call_run_cases(cases, COUNT(cases));
}

static void test_create_provider_that_exists(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"made already",
         OP_CREATE_PROVIDER,
         {ASSUME, LINE("CreateOpenIDConnectProvider", 409, EXISTS),
          LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("sts.amazonaws.com", PROVIDER_MARK))},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"of somebody else",
         OP_CREATE_PROVIDER,
         {ASSUME, LINE("CreateOpenIDConnectProvider", 409, EXISTS),
          LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("sts.amazonaws.com", "other/t/p"))},
         RESULT_FAILED,
         NULL,
         "has an OIDC provider " PROVIDER_URL " already",
         2},
        {"for others",
         OP_CREATE_PROVIDER,
         {ASSUME, LINE("CreateOpenIDConnectProvider", 409, EXISTS),
          LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("vault", PROVIDER_MARK))},
         RESULT_FAILED,
         NULL,
         "with other client ids or tags",
         2},
    };
    call_run_cases(cases, COUNT(cases));
}

/* A second version would use up one of five: before the request is sent again, somebody looks. */
static void test_create_policy_version_without_an_answer(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"was made",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LOST("CreatePolicyVersion"), LINE("GetPolicy", 200, GET_POLICY("x")),
          LINE("GetPolicyVersion", 200, GET_VERSION(SAME_DOCUMENT))},
         RESULT_DONE,
         NULL,
         NULL,
         3},
        {"was made, and the server said 503",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LINE("CreatePolicyVersion", 503, "<html/>"), LINE("GetPolicy", 200, GET_POLICY("x")),
          LINE("GetPolicyVersion", 200, GET_VERSION(SAME_DOCUMENT))},
         RESULT_DONE,
         NULL,
         NULL,
         3},
        {"policy is gone",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LOST("CreatePolicyVersion"), LINE("GetPolicy", 404, ABSENT_POLICY)},
         RESULT_FAILED,
         "NoSuchEntity",
         "does not exist in account " DOUBLE_ACCOUNT,
         2},
        {"throttled is not lost",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LINE("CreatePolicyVersion", 400, DOUBLE_ERROR("Throttling", "Rate exceeded")),
          LINE("CreatePolicyVersion", 200, DOUBLE_OK)},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"too many versions",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LINE("CreatePolicyVersion", 409,
                       DOUBLE_ERROR("LimitExceeded", "A managed policy can have up to 5 versions."))},
         RESULT_FAILED,
         "LimitExceeded",
         "quota",
         1},
        {"was not made, then made",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LOST("CreatePolicyVersion"), LINE("GetPolicy", 200, GET_POLICY("x")),
          LINE("GetPolicyVersion", 200, GET_VERSION(OTHER_DOCUMENT)),
          LINE("CreatePolicyVersion", 200, DOUBLE_OK)},
         RESULT_DONE,
         NULL,
         NULL,
         4},
    };
    call_run_cases(cases, COUNT(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_policy_that_exists),
        cmocka_unit_test(test_create_role_that_exists),
        cmocka_unit_test(test_create_provider_that_exists),
        cmocka_unit_test(test_create_policy_version_without_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
