/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/answer.h"
#include "base/buf.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct aws_error read_error(const char *body)
{
    struct aws_error error;
    memset(&error, 'x', sizeof error);
    aws_error_read(body, strlen(body), NULL, 0, &error);
    return error;
}

static void test_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *body, *code, *message;
    } cases[] = {
        /* as AWS sends it */
        {"<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n  <Error>\n    <Type>Sender</Type>\n"
         "    <Code>NoSuchEntity</Code>\n    <Message>The user with name bert cannot be found.</Message>\n  </Error>\n"
         "  <RequestId>1</RequestId>\n</ErrorResponse>",
         "NoSuchEntity", "The user with name bert cannot be found"},
        /* as an emulator sends what it refuses */
        {"<ErrorResponse><Errors><Error><Code>InvalidClientTokenId</Code><Message>The security token included in the "
         "request is invalid.</Message></Error></Errors><RequestID>1</RequestID></ErrorResponse>",
         "InvalidClientTokenId", "The security token included in the request is invalid"},
        {"<Response><Errors><Error><Code>A</Code><Message>one</Message></Error><Error><Code>B</Code><Message>two</Message>"
         "</Error></Errors></Response>",
         "A", "one"},
        {"<ErrorResponse><Error><Code>Throttling</Code><Mess", "Throttling", ""},
        {"<ErrorResponse><Error><Code>Thrott", "", ""},
        {"<html><head><title>500</title></head><body><h1>Error</h1></body></html>", "", ""},
        {"<!DOCTYPE html><html></html>", "", ""},
        {"<!DOCTYPE a [<!ENTITY x \"y\">]><a><b><Code>&x;</Code></b></a>", "", ""},
        {"Service Unavailable", "", ""},
        {"", "", ""},
        {"<a><b><Code>not a &#10; code</Code><Message>x</Message></b></a>", "", "x"},
        {"<a><b><Code>E</Code><Message></Message></b></a>", "E", ""},
        {"<a><b><Code>E</Code><Message>\n  two\n lines</Message></b></a>", "E", "two"},
        {"<a><b><Code>E</Code><Message>tab\tthen &#x202e;bidi &#x9b;control</Message></b></a>", "E",
         "tab then bidi control"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aws_error error = read_error(cases[i].body);
        assert_string_equal(error.code, cases[i].code);
        assert_string_equal(error.message, cases[i].message);
    }
}

static void test_long_messages_are_cut_between_characters(void **state)
{
    (void)state;
    struct buf body;
    buf_init(&body, 10 * 1024 * 1024);
    buf_add_text(&body, "<a><b><Code>E</Code><Message>x");
    for (int i = 0; i < 200000; i++)
        buf_add_text(&body, "\xc3\xa9");
    buf_add_text(&body, "</Message></b></a>");
    struct aws_error error = read_error(body.bytes);
    assert_string_equal(error.code, "E");
    assert_int_equal(strlen(error.message), 511);
    assert_memory_equal(error.message + 509, "\xc3\xa9", 3);
    buf_free(&body);
}

/* AWS's own message about a wrong signature repeats the headers that were signed, the session token among them. */
static void test_tokens_never_come_back(void **state)
{
    (void)state;
    struct secret token = {0}, key = {0}, unset = {0};
    secret_set(&token, "FwoGZXIvYXdzEXAMPLETOKEN", 24);
    secret_set(&key, "wJalrXUtnFEMIEXAMPLEKEY0", 24);
    const struct secret *secrets[] = {&token, &key, &unset, NULL};
    static const char *const messages[] = {
        "does not match.\n\nThe Canonical String for this request should have been\n'POST\nx-amz-security-token:"
        "FwoGZXIvYXdzEXAMPLETOKEN\n'",
        "does not match. The Canonical String for this request should have been 'POST x:FwoGZXIvYXdzEXAMPLETOKEN'",
        "does not match: FwoGZXIvYXdzEXAMPLETOKENFwoGZXIvYXdzEXAMPLETOKEN",
        "does not match: wJalrXUtnFEMIEXAMPLEKEY0",
    };
    for (size_t i = 0; i < COUNT(messages); i++) {
        char body[1024];
        snprintf(body, sizeof body, "<a><b><Code>SignatureDoesNotMatch</Code><Message>%s</Message></b></a>",
                 messages[i]);
        struct aws_error error;
        aws_error_read(body, strlen(body), secrets, COUNT(secrets), &error);
        CHECK(strstr(error.message, "does not match"), "%s", error.message);
        CHECK(!strstr(error.message, "EXAMPLE"), "%s", error.message);
    }
    secret_clear(&token);
    secret_clear(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_long_messages_are_cut_between_characters),
        cmocka_unit_test(test_tokens_never_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
