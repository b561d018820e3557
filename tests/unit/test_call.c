/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials.h"
#include "aws/session.h"
#include "call_run.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* An operation of call_run_operation() that looks before it writes. */
static bool is_read_first(enum operation_kind kind)
{
    return kind == OP_DELETE_INLINE_POLICY || kind == OP_DELETE_PROVIDER || kind == OP_TAG_POLICY;
}

static void test_success(void **state)
{
    (void)state;
    static const char *const actions[OP_KIND_COUNT] = {
        [OP_CREATE_POLICY] = "CreatePolicy",
        [OP_DELETE_POLICY_VERSION] = "DeletePolicyVersion",
        [OP_CREATE_POLICY_VERSION] = "CreatePolicyVersion",
        [OP_ATTACH_POLICY] = "AttachUserPolicy",
        [OP_PUT_INLINE_POLICY] = "PutUserPolicy",
        [OP_DETACH_POLICY] = "DetachUserPolicy",
        [OP_DELETE_INLINE_POLICY] = "DeleteUserPolicy",
        [OP_DELETE_POLICY] = "DeletePolicy",
        [OP_CREATE_ROLE] = "CreateRole",
        [OP_UPDATE_TRUST] = "UpdateAssumeRolePolicy",
        [OP_DELETE_ROLE] = "DeleteRole",
        [OP_PUT_BOUNDARY] = "PutRolePermissionsBoundary",
        [OP_DELETE_BOUNDARY] = "DeleteRolePermissionsBoundary",
        [OP_UPDATE_ROLE] = "UpdateRole",
        [OP_TAG_ROLE] = "TagRole",
        [OP_UNTAG_ROLE] = "UntagRole",
        [OP_CREATE_PROVIDER] = "CreateOpenIDConnectProvider",
        [OP_ADD_CLIENT_ID] = "AddClientIDToOpenIDConnectProvider",
        [OP_REMOVE_CLIENT_ID] = "RemoveClientIDFromOpenIDConnectProvider",
        [OP_UPDATE_THUMBPRINTS] = "UpdateOpenIDConnectProviderThumbprint",
        [OP_TAG_PROVIDER] = "TagOpenIDConnectProvider",
        [OP_UNTAG_PROVIDER] = "UntagOpenIDConnectProvider",
        [OP_DELETE_PROVIDER] = "DeleteOpenIDConnectProvider",
        [OP_TAG_POLICY] = "TagPolicy",
    };
    for (enum operation_kind kind = 0; kind < OP_KIND_COUNT; kind++) {
        char match[64];
        snprintf(match, sizeof match, "Action=%s&", actions[kind]);
        const struct http_line script[] = {
            ASSUME,
            LINE("GetUserPolicy", 200, GET_INLINE(SAME_DOCUMENT)),
            LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("x", PROVIDER_MARK)),
            LINE("ListPolicyTags", 200, TAGGED("team", "t")),
            {match, 200, "x-amzn-RequestId: r-1\r\n", DOUBLE_OK, HTTP_ANSWER, 0},
        };
        struct result result;
        struct aws_double *fake = call_run(script, COUNT(script), &kind, 1, &result);
        CHECK(result.status == RESULT_DONE, "%s: %s", actions[kind], result.message);
        assert_string_equal(result.request_id, "r-1");
        assert_int_equal(result.attempts, 1);
        assert_null(result.error_code);
        const char *write = http_double_request(fake->server, is_read_first(kind) ? 2 : 1);
        CHECK(strstr(write, match), "%s", write);
        assert_non_null(strstr(write, "Credential=ASIAEXAMPLE/"));
        assert_non_null(strstr(write, "X-Amz-Security-Token: " DOUBLE_TOKEN));
        aws_double_free(fake);
    }
}

static void test_removals_of_what_is_gone(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"detach",
         OP_DETACH_POLICY,
         {ASSUME, LINE("DetachUserPolicy", 404, ABSENT_USER)},
         RESULT_DONE,
         NULL,
         NULL,
         1},
        {"policy",
         OP_DELETE_POLICY,
         {ASSUME, LINE("DeletePolicy", 404, ABSENT_POLICY)},
         RESULT_DONE,
         NULL,
         NULL,
         1},
        {"version",
         OP_DELETE_POLICY_VERSION,
         {ASSUME, LINE("DeletePolicyVersion", 404, ABSENT_POLICY)},
         RESULT_DONE,
         NULL,
         NULL,
         1},
        {"inline, gone before",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 404, ABSENT_USER)},
         RESULT_DONE,
         NULL,
         NULL,
         1},
        {"inline, gone meanwhile",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 200, GET_INLINE(DOCUMENT)), LINE("DeleteUserPolicy", 404, ABSENT_USER)},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"role", OP_DELETE_ROLE, {ASSUME, LINE("DeleteRole", 404, ABSENT_ROLE)}, RESULT_DONE, NULL, NULL, 1},
        {"a 404 that is not IAM's",
         OP_DELETE_POLICY,
         {ASSUME, LINE("DeletePolicy", 404, "<html>nothing here</html>")},
         RESULT_FAILED,
         NULL,
         "HTTP status 404",
         1},
    };
    call_run_cases(cases, COUNT(cases));
}

static void test_principals_and_policies_that_do_not_exist(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"attach, no user",
         OP_ATTACH_POLICY,
         {ASSUME, LINE("AttachUserPolicy", 404, ABSENT_USER)},
         RESULT_FAILED,
         "NoSuchEntity",
         "user 'bert' does not exist in account " DOUBLE_ACCOUNT "; create it first, or mend the name",
         1},
        {"attach, no policy",
         OP_ATTACH_POLICY,
         {ASSUME, LINE("AttachUserPolicy", 404, ABSENT_POLICY)},
         RESULT_FAILED,
         "NoSuchEntity",
         "policy " POLICY_ARN " does not exist",
         1},
        {"put, no user",
         OP_PUT_INLINE_POLICY,
         {ASSUME, LINE("PutUserPolicy", 404, ABSENT_USER)},
         RESULT_FAILED,
         "NoSuchEntity",
         "user 'bert' does not exist",
         1},
        {"delete, still in use",
         OP_DELETE_POLICY,
         {ASSUME, LINE("DeletePolicy", 409,
                       DOUBLE_ERROR("DeleteConflict", "Cannot delete a policy attached to entities."))},
         RESULT_FAILED,
         "DeleteConflict",
         "Cannot delete a policy attached to entities; detach it",
         1},
    };
    call_run_cases(cases, COUNT(cases));
}

static void test_roles(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"trust of a role that is gone",
         OP_UPDATE_TRUST,
         {ASSUME, LINE("UpdateAssumeRolePolicy", 404, ABSENT_ROLE)},
         RESULT_FAILED,
         "NoSuchEntity",
         "role 'bert' does not exist in account " DOUBLE_ACCOUNT,
         1},
        {"something hangs on it",
         OP_DELETE_ROLE,
         {ASSUME, LINE("DeleteRole", 409, DOUBLE_ERROR("DeleteConflict", "It is in an instance profile."))},
         RESULT_FAILED,
         "DeleteConflict",
         "role bert cannot be deleted in account " DOUBLE_ACCOUNT,
         1},
    };
    call_run_cases(cases, COUNT(cases));
}

static void test_answers_that_are_not_from_aws(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"a page, and that is no yes",
         OP_ATTACH_POLICY,
         {ASSUME, LINE("AttachUserPolicy", 200, "<?xml version='1.0'?><html><body>Welcome</body></html>"),
          LINE("AttachUserPolicy", 200, "<?xml version='1.0'?><html><body>Welcome</body></html>"),
          LINE("AttachUserPolicy", 200, "<?xml version='1.0'?><html><body>Welcome</body></html>")},
         RESULT_FAILED,
         NULL,
         "iam:AttachUserPolicy failed in account " DOUBLE_ACCOUNT ": the answer cannot be read",
         3},
        {"half a yes",
         OP_ATTACH_POLICY,
         {ASSUME, LINE("AttachUserPolicy", 200, "<AttachUserPolicyResponse><ResponseMetadata>"),
          LINE("AttachUserPolicy", 200, "<AttachUserPolicyResponse><ResponseMetadata>"),
          LINE("AttachUserPolicy", 200, "<AttachUserPolicyResponse><ResponseMetadata>")},
         RESULT_FAILED,
         NULL,
         "the answer cannot be read",
         3},
    };
    call_run_cases(cases, COUNT(cases));
}

static void test_roles_that_cannot_be_assumed(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"denied",
         OP_ATTACH_POLICY,
         {LINE("AssumeRole", 403, DOUBLE_ERROR("AccessDenied", "not authorized"))},
         RESULT_FAILED,
         "AccessDenied",
         "cannot assume role arn:aws:iam::" DOUBLE_ACCOUNT ":role/AWSSelfServeDeployer: AccessDenied",
         0},
        {"wrong secret",
         OP_ATTACH_POLICY,
         {LINE("AssumeRole", 403, DOUBLE_ERROR("SignatureDoesNotMatch", "no match"))},
         RESULT_FAILED,
         "SignatureDoesNotMatch",
         "AWS_SECRET_ACCESS_KEY",
         0},
        {"no credentials in the answer",
         OP_ATTACH_POLICY,
         {LINE("AssumeRole", 200, DOUBLE_OK)},
         RESULT_FAILED,
         NULL,
         "the answer cannot be read",
         0},
        {"a token with a line break",
         OP_ATTACH_POLICY,
         {LINE("AssumeRole", 200,
               "<R><Result><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
               "<SessionToken>t&#13;&#10;X-Evil: 1</SessionToken></Credentials></Result></R>")},
         RESULT_FAILED,
         NULL,
         "the answer cannot be read",
         0},
    };
    call_run_cases(cases, COUNT(cases));
}

static void test_expired_credentials_are_renewed_once(void **state)
{
    (void)state;
    const enum operation_kind kind = OP_ATTACH_POLICY;
    struct http_line script[] = {
        {"Action=AssumeRole&", 200, NULL, DOUBLE_ASSUME_ROLE, HTTP_ANSWER, 2},
        LINE("AttachUserPolicy", 403,
             DOUBLE_ERROR("ExpiredToken", "The security token included in the request is expired")),
        LINE("AttachUserPolicy", 200, DOUBLE_OK),
    };
    struct result result;
    struct aws_double *fake = call_run(script, COUNT(script), &kind, 1, &result);
    assert_int_equal(result.status, RESULT_DONE);
    assert_int_equal(result.attempts, 2);
    assert_int_equal(http_double_count_of(fake->server, "Action=AssumeRole&"), 2);
    aws_double_free(fake);

    script[1].times = 99;
    fake = call_run(script, COUNT(script), &kind, 1, &result);
    assert_int_equal(result.status, RESULT_FAILED);
    assert_string_equal(result.error_code, "ExpiredToken");
    assert_int_equal(http_double_count_of(fake->server, "Action=AttachUserPolicy&"), 2);
    aws_double_free(fake);
}

/* Five minutes before their end, by net's clock, credentials are left alone and others are asked for. */
static void test_credentials_near_their_end_are_renewed(void **state)
{
    (void)state;
    struct http_line script[] = {
        {"Action=AssumeRole&", 200, NULL, DOUBLE_ASSUME_ROLE, HTTP_ANSWER, 2},
        {"Action=AttachUserPolicy&", 200, NULL, DOUBLE_OK, HTTP_ANSWER, 3},
    };
    struct aws_double *fake = aws_double_start(script, COUNT(script));
    struct account_session *account = aws_account(fake->aws, DOUBLE_ACCOUNT);
    for (size_t i = 0; i < 3; i++) {
        const struct operation operation = call_run_operation(OP_ATTACH_POLICY);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err;
        aws_call(fake->arena, fake->aws, &operation, call_run_note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        assert_int_equal(result.status, RESULT_DONE);
        int64_t left_ms = account->credentials->renew_at_ms - net_clock_ms();
        assert_in_range(left_ms, 54 * 60 * 1000, 55 * 60 * 1000);
        if (i == 1)
            account->credentials->renew_at_ms = net_clock_ms();
    }
    aws_double_stop(fake);
    assert_int_equal(http_double_count_of(fake->server, "Action=AssumeRole&"), 2);
    assert_int_equal(http_double_count_of(fake->server, "Action=AttachUserPolicy&"), 3);
    aws_double_free(fake);
}

/* A server that is not AWS gives back what it was sent. */
static void test_no_token_comes_into_a_message(void **state)
{
    (void)state;
    const enum operation_kind kind = OP_ATTACH_POLICY;
    const struct http_line script[] = {
        ASSUME, LINE("AttachUserPolicy", 400,
                     DOUBLE_ERROR("Odd", "token " DOUBLE_TOKEN " key assumed-secret &#x9b;31m"))};
    struct result result;
    struct aws_double *fake = call_run(script, COUNT(script), &kind, 1, &result);
    assert_int_equal(result.status, RESULT_FAILED);
    assert_non_null(strstr(result.message, "token *** key *** 31m"));
    assert_null(strchr(result.message, (char)0xc2));
    aws_double_free(fake);
}

static void test_a_signal(void **state)
{
    (void)state;
    const struct http_line script[] = {ALWAYS("AssumeRole", 200, DOUBLE_ASSUME_ROLE)};
    for (enum operation_kind kind = 0; kind < OP_KIND_COUNT; kind++) {
        struct aws_double *fake = aws_double_start(script, COUNT(script));
        struct operation operation = call_run_operation(kind);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        fake->stop_signal = 15;
        aws_call(fake->arena, fake->aws, &operation, call_run_note, &result);
        assert_int_equal(net_run(fake->net, &err), -1);
        assert_int_equal(result.status, RESULT_PENDING);
        assert_null(result.message);
        aws_double_stop(fake);
        assert_int_equal(http_double_count(fake->server), 0);
        aws_double_free(fake);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_success),
        cmocka_unit_test(test_removals_of_what_is_gone),
        cmocka_unit_test(test_principals_and_policies_that_do_not_exist),
        cmocka_unit_test(test_roles),
        cmocka_unit_test(test_answers_that_are_not_from_aws),
        cmocka_unit_test(test_roles_that_cannot_be_assumed),
        cmocka_unit_test(test_expired_credentials_are_renewed_once),
        cmocka_unit_test(test_credentials_near_their_end_are_renewed),
        cmocka_unit_test(test_no_token_comes_into_a_message),
        cmocka_unit_test(test_a_signal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
