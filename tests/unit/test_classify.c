/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/classify.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static void test_classes(void **state)
{
    (void)state;
    static const struct {
        long status;
        const char *code;
        enum error_class class;
    } cases[] = {
        {200, "", CLASS_NONE},
        {400, "Throttling", CLASS_THROTTLED},
        {400, "RequestLimitExceeded", CLASS_THROTTLED},
        {503, "SlowDown", CLASS_THROTTLED},
        {429, "", CLASS_THROTTLED},
        {429, "SomethingNew", CLASS_THROTTLED},
        {500, "ServiceFailure", CLASS_TRANSIENT},
        {500, "", CLASS_TRANSIENT},
        {503, "SomethingNew", CLASS_TRANSIENT},
        {504, "", CLASS_TRANSIENT},
        {409, "ConcurrentModification", CLASS_BUSY},
        {409, "EntityTemporarilyUnmodifiable", CLASS_BUSY},
        {400, "IDPCommunicationError", CLASS_TRANSIENT},
        {403, "ExpiredToken", CLASS_EXPIRED},
        {400, "ExpiredTokenException", CLASS_EXPIRED},
        {403, "IDPRejectedClaim", CLASS_DENIED},
        {400, "InvalidIdentityToken", CLASS_FINAL},
        {404, "NoSuchEntity", CLASS_ABSENT},
        {409, "EntityAlreadyExists", CLASS_EXISTS},
        {409, "DeleteConflict", CLASS_CONFLICT},
        {409, "LimitExceeded", CLASS_FINAL},
        {400, "LimitExceededException", CLASS_THROTTLED},
        {403, "AccessDenied", CLASS_DENIED},
        {403, "", CLASS_DENIED},
        {403, "SignatureDoesNotMatch", CLASS_FINAL},
        {403, "InvalidClientTokenId", CLASS_FINAL},
        {400, "MalformedPolicyDocument", CLASS_FINAL},
        {400, "SomethingNew", CLASS_FINAL},
        {302, "", CLASS_FINAL},
        {404, "", CLASS_FINAL}, /* not IAM's: a proxy's, say. "Gone" must come from IAM itself */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aws_error error = {0};
        snprintf(error.code, sizeof error.code, "%s", cases[i].code);
        CHECK(classify(cases[i].status, &error)->class == cases[i].class, "%ld %s", cases[i].status,
              cases[i].code);
    }
}

static void test_a_skewed_clock_is_told_from_a_wrong_secret(void **state)
{
    (void)state;
    struct aws_error wrong = {"SignatureDoesNotMatch", "The request signature we calculated does not match"};
    struct aws_error late = {"SignatureDoesNotMatch",
                             "Signature expired: 20260101T000000Z is now earlier than"};
    struct aws_error early = {"SignatureDoesNotMatch",
                              "Signature not yet current: 20260101T000000Z is still later"};
    struct aws_error expired = {"RequestExpired", "Request has expired"};
    assert_non_null(strstr(classify(403, &wrong)->advice, "AWS_SECRET_ACCESS_KEY"));
    assert_non_null(strstr(classify(403, &late)->advice, "clock"));
    assert_non_null(strstr(classify(403, &early)->advice, "clock"));
    assert_non_null(strstr(classify(400, &expired)->advice, "clock"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_a_skewed_clock_is_told_from_a_wrong_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
